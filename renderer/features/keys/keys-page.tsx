import { useMemo, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import type { KeyFilter } from '../../../shared/contract/keys.ts'
import type { KeyRow } from '../../../shared/domain/key.ts'
import { SelectingBar } from '../../components/bulk-bar.tsx'
import { Button } from '../../components/button.tsx'
import { DataTable, nothingSelected, type Selection } from '../../components/data-table/data-table.tsx'
import { useSelectAll } from '../../components/data-table/use-select-all.ts'
import { EmptyWell } from '../../components/empty-well.tsx'
import { FilterChips } from '../../components/filter-chips.tsx'
import { ScreenHeader } from '../../components/screen-header.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { announce } from '../../lib/announce.ts'
import { searchDelayMs, useDebounced } from '../../lib/use-debounced.ts'
import { useCall } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import { useNow } from '../../lib/use-now.ts'
import { useStatus } from '../../lib/use-status.ts'
import { askWindow } from '../../lib/window-requests.ts'
import { IncidentNotice } from './incident-notice.tsx'
import { InventoryPicture } from './inventory-picture.tsx'
import { keyColumns } from './key-columns.tsx'
import { KeysBulkBar } from './keys-bulk-bar.tsx'
import { keySort, useKeys, type KeySort } from './use-keys.ts'
import classes from './keys-page.module.css'

const filters: { id: KeyFilter; label: string }[] = [
  { id: 'all', label: 'All' },
  { id: 'rotation-due', label: 'Rotation due' },
  { id: 'compromised', label: 'Compromised' },
  { id: 'scheduled', label: 'Scheduled' },
  { id: 'protects-nothing', label: 'Protects nothing' },
]

/** The inventory: every key with its state, its age, what it protects and where copies are. */
export function KeysPage() {
  const [, navigate] = useLocation()
  const [query, setQuery] = useState('')
  const [filter, setFilter] = useState<KeyFilter>('all')
  const [sort, setSort] = useState<KeySort>({ by: 'age', descending: true })
  const [selection, setSelection] = useState<Selection<KeyRow>>(nothingSelected)
  const [showsPicture, setShowsPicture] = useState(true)
  const format = useFormat()
  const nowMs = useNow()
  const { settings } = useStatus()
  const rows = useKeys(useDebounced(query.trim(), searchDelayMs), filter, sort)
  const columns = useMemo(() => keyColumns(format, nowMs), [format, nowMs])
  const [inView, setInView] = useState({ first: 0, last: 0 })
  const table = useRef<HTMLDivElement>(null)
  const [everything, setEverything] = useState<Selection<KeyRow>['rows'] | null>(null)
  const selectAll = useSelectAll(rows, (all) => {
    const chosen = new Map(all.map((key) => [key.keyId, key]))
    setEverything(chosen)
    setSelection((now) => ({ ...now, rows: chosen }))
    announce(`${format.count(all.length)} selected`)
  })
  /** The button that was pressed goes away. */
  const andFocusTable = (act: () => void) => (): void => {
    act()
    table.current?.querySelector<HTMLElement>('[role="grid"]')?.focus()
  }
  const counts = rows.page?.counts
  const isEmpty = counts?.all === 0
  const showAll = (): void => {
    setQuery('')
    setFilter('all')
  }
  return (
    <>
      <ScreenHeader title="Keys">
        <SearchField label="Search keys and artifacts" value={query} onChange={setQuery} />
        {counts === undefined || counts.all === 0 ? null : (
          <Button onClick={() => navigate('/keys/compromise')}>Report compromise…</Button>
        )}
        <Button onClick={() => askWindow({ ask: 'import-identity', source: null })}>Import…</Button>
        <Button onClick={() => navigate('/settings/recovery-kit')}>Recovery kit…</Button>
      </ScreenHeader>
      <div className={classes.page}>
        <IncidentNotice />
        <DueNotice />
        {isEmpty ? null : (
          <div className={classes.filters}>
            <FilterChips
              label="Which keys"
              chips={filters.map((chip) => ({
                ...chip,
                count: counts === undefined ? undefined : format.count(counts[chip.id]),
              }))}
              value={filter}
              onChange={setFilter}
            />
            <Button
              kind="ghost"
              className={classes.toggle}
              aria-expanded={showsPicture}
              onClick={() => setShowsPicture(!showsPicture)}
            >
              {showsPicture ? 'Hide picture' : 'Show picture'}
            </Button>
          </div>
        )}
        {showsPicture && !isEmpty ? <Picture /> : null}
        {isEmpty ? (
          <NoKeys query="" filter="all" onAll={showAll} />
        ) : (
          <div className={classes.table} ref={table}>
            <DataTable
              label="Keys"
              columns={columns}
              columnGapPx={16}
              hasChecks
              onSelectAll={selectAll.start}
              onInView={setInView}
              rows={rows}
              getRowId={(key) => key.keyId}
              getRowName={(key) => key.alias}
              rowTone={(key) => (key.state === 'destroyed' ? 'destroyed' : undefined)}
              sort={sort}
              onSort={(next) => setSort(keySort(next))}
              selection={selection}
              onSelect={setSelection}
              onOpen={(key) => navigate(`/keys/${key.keyId}`)}
              onDetails={(key) => navigate(`/keys/${key.keyId}`)}
              compact={settings.density === 'compact'}
              empty={<NoKeys query={query} filter={filter} onAll={showAll} />}
            />
          </div>
        )}
        {selectAll.fetched !== null ? (
          <SelectingBar fetched={selectAll.fetched} of={rows.total} onStop={andFocusTable(selectAll.stop)} />
        ) : selection.rows.size > 0 ? (
          <KeysBulkBar
            selected={selection.rows}
            rows={rows}
            inView={inView}
            onClear={andFocusTable(() => setSelection({ ...nothingSelected, cursor: selection.cursor }))}
            onSelectAll={
              selection.rows === everything || selection.rows.size === 1
                ? undefined
                : andFocusTable(selectAll.start)
            }
          />
        ) : null}
      </div>
    </>
  )
}

/** Says calmly that keys are due, with the way to rotate them. */
function DueNotice() {
  const format = useFormat()
  const [, navigate] = useLocation()
  const { counts, settings } = useStatus()
  const due = counts.rotationDue
  if (due === 0) return null
  return (
    <section className={classes.due} aria-label="Rotation due">
      <p>
        <b>
          {format.counted(due, 'key')} {due === 1 ? 'is' : 'are'} due for rotation
        </b>{' '}
        {settings.automaticRotation
          ? 'by itself while Weightlock runs. It can be done now, too.'
          : `within 7 days or overdue. ${due === 1 ? 'It still opens what it opened.' : 'They still open what they opened.'}`}
      </p>
      <Button onClick={() => navigate('/keys/rotate/due')}>Rotate all due…</Button>
    </section>
  )
}

function Picture() {
  const picture = useCall('keys:picture', {})
  return picture.data === undefined ? null : <InventoryPicture lanes={picture.data.lanes} />
}

const nothingUnder: Record<KeyFilter, string> = {
  all: 'No keys yet',
  'rotation-due': 'No rotation is due',
  compromised: 'No key is compromised',
  scheduled: 'No key is to be destroyed',
  'protects-nothing': 'Every key protects something',
}

type NoKeysProps = { query: string; filter: KeyFilter; onAll: () => void }

function NoKeys({ query, filter, onAll }: NoKeysProps) {
  const everything = query === '' && filter === 'all'
  return (
    <EmptyWell
      title={query === '' ? nothingUnder[filter] : `No key matches “${query}”`}
      action={
        everything ? (
          <Button onClick={() => askWindow({ ask: 'import-identity', source: null })}>
            Import an identity…
          </Button>
        ) : (
          <Button onClick={onAll}>Show all keys</Button>
        )
      }
    >
      {everything
        ? 'Each artifact gets a key of its own when it is encrypted. Keys that you have elsewhere can be imported.'
        : query === ''
          ? 'The other filters show the keys that there are.'
          : 'The search looks at the names of artifacts, keys and places.'}
    </EmptyWell>
  )
}
