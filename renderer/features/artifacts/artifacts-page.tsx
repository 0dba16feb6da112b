import { useCallback, useMemo, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { StoreEntry } from '../../../shared/domain/store.ts'
import { SelectingBar } from '../../components/bulk-bar.tsx'
import { DataTable, nothingSelected } from '../../components/data-table/data-table.tsx'
import type { Selection } from '../../components/data-table/data-table.tsx'
import { useSelectAll } from '../../components/data-table/use-select-all.ts'
import { announce } from '../../lib/announce.ts'
import { searchDelayMs, useDebounced } from '../../lib/use-debounced.ts'
import { placePath } from '../../lib/place.ts'
import type { Place } from '../../lib/place.ts'
import { useShortcuts } from '../../lib/shortcuts.ts'
import { useAction } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import { useNow } from '../../lib/use-now.ts'
import { useStatus } from '../../lib/use-status.ts'
import { useCurrentPlace } from '../../lib/use-place.ts'
import { ArtifactsHeader } from './artifacts-header.tsx'
import { artifactColumns } from './artifact-columns.tsx'
import { ArtifactsBulkBar } from './artifacts-bulk-bar.tsx'
import { ArtifactsFoot } from './artifacts-foot.tsx'
import { DetailsPanel } from './details/details-panel.tsx'
import { EntryMenu } from './entry-menu.tsx'
import { entryId, entryName, isErased, openEntry } from './entry.ts'
import { NothingHere } from './nothing-here.tsx'
import { useEntries } from './use-entries.ts'
import type { ArtifactSort } from './use-entries.ts'
import { useShownArtifact } from './use-shown-artifact.ts'
import classes from './artifacts-page.module.css'

/** The home screen: what the stores hold, and what is known about it.
 * @param firstRun stands in place of an empty store until the first steps are done
 * @param nextStep stands above what is stored, while one of them is left */
export function ArtifactsPage({ firstRun, nextStep }: { firstRun: ReactNode; nextStep?: ReactNode }) {
  const [path, navigate] = useLocation()
  const place = useCurrentPlace()
  const status = useStatus()
  const format = useFormat()
  const nowMillis = useNow()
  const settings = useAction('program:set')
  const [sort, setSort] = useState<ArtifactSort>(status.settings.sort)
  const [query, setQuery] = useState('')
  const asked = useDebounced(query.trim(), searchDelayMs)
  const [selection, setSelection] = useState<Selection<StoreEntry>>(nothingSelected)
  const [showsArchived, setShowsArchived] = useState(false)
  const [hasDetails, setHasDetails] = useState(false)
  const [inView, setInView] = useState({ first: 0, last: 0 })
  const [menu, setMenu] = useState<{ entry: StoreEntry; x: number; y: number } | null>(null)
  const search = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLElement>(null)

  const storeId = place.store?.storeId ?? null
  const { folder, isEveryStore } = place
  const rows = useEntries({
    storeId,
    folder,
    query: asked,
    archived: showsArchived,
    sort,
    enabled: storeId !== null || isEveryStore,
  })
  const shown = useShownArtifact(path)
  const [seen, setSeen] = useState({ place: place.label, shown })
  if (seen.place !== place.label || seen.shown !== shown) {
    setSeen({ place: place.label, shown })
    if (seen.place !== place.label) {
      setSelection(nothingSelected)
      setQuery('')
    }
    if (shown !== null) {
      setSelection({ rows: new Map([[entryId(shown), shown]]), anchor: null, cursor: null })
      setHasDetails(true)
    }
  }

  const focusTable = (): void => list.current?.querySelector<HTMLElement>('[role="grid"]')?.focus()
  const go = (to: Place): void => {
    navigate(placePath(to))
    if (to.storeId !== 'all' && to.storeId !== storeId) settings.mutate({ lastStore: to.storeId })
  }
  const enter = useCallback(
    (to: string): void => navigate(placePath({ storeId: storeId ?? 'all', folder: to })),
    [navigate, storeId],
  )
  const isBulk = selection.rows.size > 1
  const only = isBulk ? undefined : selection.rows.values().next().value
  const detailed = hasDetails && only !== undefined && only.type !== 'folder' ? only : undefined
  const besideDetails = detailed !== undefined
  const isDeep = asked !== ''
  const columns = useMemo(
    () =>
      artifactColumns({ format, nowMillis, besideDetails, isDeep, hasStores: isEveryStore, onEnter: enter }),
    [format, nowMillis, besideDetails, isDeep, isEveryStore, enter],
  )
  const [everything, setEverything] = useState<Selection<StoreEntry>['rows'] | null>(null)
  const selectAll = useSelectAll(rows, (listed) => {
    const all = listed.filter((entry) => entry.type !== 'folder')
    const chosen = new Map(all.map((entry) => [entryId(entry), entry]))
    setEverything(chosen)
    setSelection((now) => ({ ...now, rows: chosen }))
    announce(`${format.count(all.length)} selected`)
  })
  /** The button that was pressed goes away. */
  const andFocusTable = (act: () => void) => (): void => {
    act()
    focusTable()
  }
  const closeDetails = (): void => {
    setHasDetails(false)
    focusTable()
  }
  useShortcuts([{ keys: 'Escape', run: () => (besideDetails ? closeDetails() : undefined) }])

  const isFirstRun =
    status.counts.artifacts + status.counts.archived === 0 &&
    rows.state === 'ready' &&
    rows.total === 0 &&
    !isDeep &&
    folder === ''
  return (
    <>
      <ArtifactsHeader
        place={place}
        onGo={go}
        query={query}
        onQuery={setQuery}
        searchRef={search}
        onLeaveSearch={focusTable}
        hasSearch={!isFirstRun}
        isBulk={isBulk}
      />
      {isFirstRun ? null : nextStep}
      {isFirstRun ? (
        firstRun
      ) : (
        <div className={classes.split} data-details={besideDetails || undefined}>
          <section className={classes.list} aria-label="Stored artifacts" ref={list}>
            <DataTable
              label={`Artifacts in ${place.label}`}
              columns={columns}
              rows={rows}
              getRowId={entryId}
              getRowName={entryName}
              rowTone={rowTone}
              sort={sort}
              onSort={(next) => {
                setSort(next as ArtifactSort)
                settings.mutate({ sort: next as ArtifactSort })
              }}
              selection={selection}
              onSelect={setSelection}
              onPick={() => setHasDetails(true)}
              {...(isBulk ? { onInView: setInView } : {})}
              onOpen={(entry) => openEntry(entry, enter)}
              onDetails={() => setHasDetails((now) => !now)}
              onSelectAll={selectAll.start}
              onDelete={(entry) => {
                if (entry.type === 'artifact' && !isErased(entry)) navigate(`/keys/${entry.keyId}/destroy`)
              }}
              onType={(text) => {
                setQuery(text)
                search.current?.focus()
              }}
              onMenu={(entry, at) => setMenu({ entry, ...at })}
              compact={status.settings.density === 'compact'}
              columnGapPx={besideDetails ? 16 : 24}
              empty={<NothingHere query={asked} archived={showsArchived} onClear={() => setQuery('')} />}
            />
            {selectAll.fetched !== null ? (
              <SelectingBar
                fetched={selectAll.fetched}
                of={rows.total}
                onStop={andFocusTable(selectAll.stop)}
              />
            ) : isBulk ? (
              <ArtifactsBulkBar
                selected={selection.rows}
                rows={rows}
                inView={inView}
                onClear={andFocusTable(() => setSelection({ ...nothingSelected, cursor: selection.cursor }))}
                onSelectAll={selection.rows === everything ? undefined : andFocusTable(selectAll.start)}
              />
            ) : (
              <ArtifactsFoot
                rows={rows}
                archived={status.counts.archived}
                showsArchived={showsArchived}
                onArchived={(shows) => {
                  setShowsArchived(shows)
                  setSelection(nothingSelected)
                }}
              />
            )}
          </section>
          {detailed ? <DetailsPanel key={entryId(detailed)} entry={detailed} onClose={closeDetails} /> : null}
        </div>
      )}
      {menu ? (
        <EntryMenu
          {...menu}
          onOpen={() => openEntry(menu.entry, enter)}
          onDetails={() => setHasDetails(true)}
          onClose={() => {
            setMenu(null)
            focusTable()
          }}
        />
      ) : null}
    </>
  )
}

const rowTone = (entry: StoreEntry): 'foreign' | 'destroyed' | undefined => {
  if (entry.type === 'foreign') return 'foreign'
  return isErased(entry) ? 'destroyed' : undefined
}
