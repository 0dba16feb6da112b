import { Select } from '@mantine/core'
import { useState } from 'react'
import type { Request, Response } from '../../../shared/contract/contract.ts'
import type { AuditEntry, AuditVerdict } from '../../../shared/domain/audit.ts'
import { Button } from '../../components/button.tsx'
import { EmptyWell } from '../../components/empty-well.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { FilterChips } from '../../components/filter-chips.tsx'
import { showFailure, showNotice } from '../../components/notice.tsx'
import { usePathPicker } from '../../components/path-picker/use-path-picker.ts'
import { ScreenHeader } from '../../components/screen-header.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { failureFrom, useAction, useCall, useInvoke } from '../../lib/use-call.ts'
import { searchDelayMs, useDebounced } from '../../lib/use-debounced.ts'
import { useFormat } from '../../lib/use-format.ts'
import { useStatus } from '../../lib/use-status.ts'
import { useWindowedRows } from '../../lib/use-windowed-rows.ts'
import { AuditList } from './audit-list.tsx'
import { ChainBadge } from './chain-badge.tsx'
import { sinceOf, whens, type When } from './when.ts'
import classes from './audit-page.module.css'

type Category = Request<'audit:list'>['category']
type Page = Response<'audit:list'>

const categories: { id: Category; label: string }[] = [
  { id: 'all', label: 'All events' },
  { id: 'keys', label: 'Keys' },
  { id: 'artifacts', label: 'Artifacts' },
  { id: 'copies', label: 'Copies' },
  { id: 'stores', label: 'Stores' },
]

/** Who did what to which key and artifact, and whether the chain of hashes still holds. */
export function AuditPage() {
  const format = useFormat()
  const invoke = useInvoke()
  const { settings } = useStatus()
  const [query, setQuery] = useState('')
  const [category, setCategory] = useState<Category>('all')
  const [when, setWhen] = useState<{ id: When; since: number | null }>({ id: 'any', since: null })
  const [goTo, setGoTo] = useState<{ index: number } | null>(null)
  const verdict = useCall('audit:verify', {}, { fresh: true })
  const asked = useDebounced(query.trim(), searchDelayMs)
  const filter = { query: asked, category, since: when.since }
  const rows = useWindowedRows<AuditEntry, Page>({
    key: ['audit:list', filter],
    load: (offset, limit) => invoke('audit:list', { ...filter, offset, limit }),
    rowsOf: (page) => page.rows,
  })
  const isFiltered = asked !== '' || category !== 'all' || when.since !== null
  const showAll = (): void => {
    setQuery('')
    setCategory('all')
    setWhen({ id: 'any', since: null })
  }
  return (
    <>
      <ScreenHeader
        title={
          <div className={classes.title}>
            <h1>Audit log</h1>
            {verdict.isError ? null : <ChainBadge verdict={verdict.data} />}
          </div>
        }
      >
        <Button busy={verdict.isFetching} onClick={() => void verdict.refetch()}>
          Verify again
        </Button>
        <ExportButton />
      </ScreenHeader>
      {verdict.isError ? <FailureAlert failure={failureFrom(verdict.error)} layout="columns" /> : null}
      {verdict.data === undefined ? null : (
        <VerdictNote
          verdict={verdict.data}
          onShow={isFiltered ? undefined : (sequence) => setGoTo({ index: indexOf(sequence, rows.total) })}
        />
      )}
      <div className={classes.page}>
        <div className={classes.filters}>
          <SearchField label="Search the log" value={query} onChange={setQuery} widthPx={224} />
          <FilterChips label="Which events" chips={categories} value={category} onChange={setCategory} />
          <Select
            className={classes.when}
            aria-label="When"
            data={whens}
            value={when.id}
            onChange={(id) => {
              const chosen = whens.find(({ value }) => value === id)?.value ?? 'any'
              setWhen({ id: chosen, since: sinceOf(chosen, Date.now()) })
            }}
          />
        </div>
        <AuditList
          rows={rows}
          goTo={goTo}
          brokenAt={verdict.data?.brokenAt ?? null}
          compact={settings.density === 'compact'}
          signedEntries={verdict.data?.tailVouched === true ? verdict.data.entries : null}
          empty={<Nothing isFiltered={isFiltered} isSearched={asked !== ''} onAll={showAll} />}
        />
        <footer className={classes.foot}>
          <span>
            {rows.page === undefined
              ? ''
              : isFiltered
                ? `${format.count(rows.total)} of ${format.counted(rows.page.entries, 'entry')}`
                : format.counted(rows.page.entries, 'entry')}
          </span>
          <span>Who holds this installation’s signing key could rewrite the chain.</span>
        </footer>
      </div>
    </>
  )
}

function ExportButton() {
  const format = useFormat()
  const picker = usePathPicker()
  const write = useAction('audit:export', {
    onDone: ({ location, entries }) =>
      showNotice({ title: `Exported ${format.counted(entries, 'entry')}`, message: location }),
  })
  const run = async (): Promise<void> => {
    const today = new Date().toISOString().slice(0, 10)
    const target = await picker.chooseTarget(`weightlock-audit-${today}.jsonl`, 'file')
    if (target !== null) await write.mutateAsync({ target: { token: target.token } })
  }
  return (
    <Button
      busy={write.isPending}
      onClick={() => void run().catch((error: unknown) => showFailure(failureFrom(error)))}
    >
      Export…
    </Button>
  )
}

/** Where an entry stands in the whole log, newest first. */
const indexOf = (sequence: number, total: number): number =>
  Math.min(Math.max(0, total - sequence), total - 1)

type VerdictNoteProps = { verdict: AuditVerdict; onShow?: ((sequence: number) => void) | undefined }

function VerdictNote({ verdict, onShow }: VerdictNoteProps) {
  const format = useFormat()
  if (!verdict.intact) {
    const failure = {
      code: 'audit/broken',
      sequence: verdict.brokenAt ?? 0,
      reason: verdict.reason ?? 'the chain does not hold',
    } as const
    return (
      <div className={classes.broken}>
        <FailureAlert
          failure={failure}
          layout="columns"
          actions={
            verdict.brokenAt === null || onShow === undefined ? undefined : (
              <Button onClick={() => onShow(verdict.brokenAt ?? 0)}>
                Show entry {format.count(verdict.brokenAt)}
              </Button>
            )
          }
        />
      </div>
    )
  }
  if (verdict.tailVouched) return null
  return (
    <p className={classes.unvouched}>
      Every entry continues the one before, but nothing vouches for the last ones
      {verdict.reason === null ? '.' : `: ${verdict.reason}.`} Entries cut off at the end would not be
      noticed.
    </p>
  )
}

type NothingProps = { isFiltered: boolean; isSearched: boolean; onAll: () => void }

function Nothing({ isFiltered, isSearched, onAll }: NothingProps) {
  return (
    <EmptyWell
      title={isFiltered ? 'No entry matches' : 'Nothing has happened yet'}
      action={isFiltered ? <Button onClick={onAll}>Show all entries</Button> : null}
    >
      {isFiltered
        ? isSearched
          ? 'The search looks at names, keys, people and events.'
          : 'There are entries of another kind or from another time.'
        : 'Every event of a key, an artifact or a store is written here, chained to the one before.'}
    </EmptyWell>
  )
}
