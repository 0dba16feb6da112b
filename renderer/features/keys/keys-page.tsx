import { useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import type { KeyFilter } from '../../../shared/contract/keys.ts'
import type { KeyRow } from '../../../shared/domain/key.ts'
import { Button } from '../../components/button.tsx'
import { DataTable, nothingSelected, type Selection } from '../../components/data-table/data-table.tsx'
import { EmptyWell } from '../../components/empty-well.tsx'
import { FilterChips } from '../../components/filter-chips.tsx'
import { ScreenHeader } from '../../components/screen-header.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { searchDelayMs, useDebounced } from '../../lib/use-debounced.ts'
import { useCall } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import { useNow } from '../../lib/use-now.ts'
import { useStatus } from '../../lib/use-status.ts'
import { askWindow } from '../../lib/window-requests.ts'
import { InventoryPicture } from './inventory-picture.tsx'
import { keyColumns } from './key-columns.tsx'
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
        <Button onClick={() => askWindow({ ask: 'import-identity', source: null })}>Import…</Button>
      </ScreenHeader>
      <div className={classes.page}>
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
          <div className={classes.table}>
            <DataTable
              label="Keys"
              columns={columns}
              columnGapPx={16}
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
      </div>
    </>
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
