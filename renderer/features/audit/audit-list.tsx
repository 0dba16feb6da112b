/* oxlint-disable jsx-a11y/prefer-tag-over-role, react/incompatible-library -- rows that come and go with scrolling cannot be those of a <table> */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useId, useRef, useState } from 'react'
import type { KeyboardEvent, ReactNode } from 'react'
import type { AuditEntry } from '../../../shared/domain/audit.ts'
import { Button } from '../../components/button.tsx'
import { rowHeightPx } from '../../components/data-table/row-height.ts'
import { moveBy } from '../../components/data-table/selection.ts'
import { useRecycled } from '../../components/data-table/use-recycled.ts'
import { useTopOfList } from '../../components/data-table/use-top-of-list.ts'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { useFormat, type Format } from '../../lib/use-format.ts'
import type { WindowedRows } from '../../lib/use-windowed-rows.ts'
import { detailsHeight, EntryDetails } from './entry-details.tsx'
import { EntryRow } from './entry-row.tsx'
import classes from './audit-list.module.css'

const headerPx = 28

/** `07:53:34 PM` takes more room than `19:53:34`. */
const isTwelveHours = ({ locale }: Format): boolean =>
  new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions().hour12 === true

type AuditListProps = {
  rows: WindowedRows<AuditEntry>
  /** Entries that the signed head vouches for; null when that could not be checked. */
  signedEntries: number | null
  /** The entry (its sequence) where the chain is broken. */
  brokenAt: number | null
  /** Asks for a row to be brought into view; each new object asks once more. */
  goTo: { index: number } | null
  /** 28 instead of 36 high. */
  compact: boolean
  empty: ReactNode
}

/** The log, newest first: any length, one entry unfolded at a time. Arrows move, Enter and Space unfold. */
export function AuditList({ rows, signedEntries, brokenAt, goTo, compact, empty }: AuditListProps) {
  const format = useFormat()
  const rowPx = rowHeightPx(compact)
  const scroller = useRef<HTMLDivElement>(null)
  const idBase = useId()
  const [open, setOpen] = useState<number | null>(null)
  const [cursor, setCursor] = useState<number | null>(null)
  const [hasFocus, setHasFocus] = useState(false)
  const openEntry = open === null ? undefined : rows.rowAt(open)
  const openPx = openEntry === undefined ? 0 : detailsHeight(openEntry, signedEntries)
  const virtual = useVirtualizer({
    count: rows.total,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (index === open ? rowPx + openPx : rowPx),
    overscan: 12,
    scrollMargin: headerPx,
    scrollPaddingStart: headerPx,
  })
  useEffect(() => virtual.measure(), [virtual, open, openPx, rowPx])
  const items = virtual.getVirtualItems()
  const drawn = useRecycled(items, virtual.isScrolling)
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0
  const { show } = rows
  useEffect(() => show(first, last), [show, first, last])
  useTopOfList(rows.list, scroller)
  useEffect(() => {
    if (goTo === null) return
    setCursor(goTo.index)
    virtual.scrollToIndex(goTo.index, { align: 'center' })
    scroller.current?.focus()
  }, [virtual, goTo])

  const toggle = useCallback((index: number): void => {
    setCursor(index)
    setOpen((now) => (now === index ? null : index))
  }, [])
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.target !== event.currentTarget) return
    const pageRows = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowPx) - 2)
    const to = moveBy(event.key, cursor, rows.total, pageRows)
    if (to !== null) {
      event.preventDefault()
      setCursor(to)
      virtual.scrollToIndex(to)
    } else if (cursor !== null && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault()
      toggle(cursor)
    } else if (cursor !== null && event.key === 'ArrowRight') setOpen(cursor)
    else if (event.key === 'ArrowLeft') setOpen(null)
  }
  const rowId = (index: number): string => `${idBase}-${index}`
  const isEmpty = rows.state === 'ready' && rows.total === 0
  return (
    <div
      ref={scroller}
      className={classes.list}
      role="treegrid"
      aria-label="Entries"
      aria-rowcount={rows.total + 1}
      aria-busy={rows.state === 'loading'}
      aria-activedescendant={cursor !== null && cursor >= first && cursor <= last ? rowId(cursor) : undefined}
      tabIndex={0}
      data-focus={hasFocus || undefined}
      data-twelve-hours={isTwelveHours(format) || undefined}
      onKeyDown={onKeyDown}
      onFocus={(event) => setHasFocus(event.target.matches(':focus-visible'))}
      onBlur={() => setHasFocus(false)}
      style={{ '--row': `${rowPx}px` }}
    >
      <Head />
      {rows.state === 'failed' && rows.failure !== null ? (
        <Note>
          <FailureAlert
            failure={rows.failure}
            layout="columns"
            actions={<Button onClick={rows.retry}>Try again</Button>}
          />
        </Note>
      ) : null}
      {isEmpty ? <Note>{empty}</Note> : null}
      {rows.total > 0 ? (
        <div role="rowgroup" className={classes.body} style={{ height: virtual.getTotalSize() }}>
          {drawn.map(({ index, start, key }) => (
            <div
              key={key}
              role="presentation"
              className={classes.entry}
              data-open={index === open || undefined}
              style={{ transform: `translateY(${start - headerPx}px)` }}
            >
              <EntryRow
                id={rowId(index)}
                index={index}
                entry={rows.rowAt(index)}
                before={index === 0 ? undefined : rows.rowAt(index - 1)}
                isOpen={index === open}
                isBroken={brokenAt !== null && rows.rowAt(index)?.sequence === brokenAt}
                isCursor={index === cursor}
                onToggle={toggle}
              />
              {index === open && openEntry !== undefined ? (
                <div role="row" aria-level={2}>
                  <div role="gridcell" aria-colspan={5}>
                    <EntryDetails entry={openEntry} signedEntries={signedEntries} />
                  </div>
                </div>
              ) : null}
            </div>
          ))}
        </div>
      ) : null}
    </div>
  )
}

const Note = ({ children }: { children: ReactNode }) => (
  <div role="row">
    <div role="gridcell" aria-colspan={5}>
      {children}
    </div>
  </div>
)

const Head = () => (
  <div role="rowgroup">
    <div role="row" className={`${classes.row} ${classes.head}`} aria-rowindex={1}>
      <span role="columnheader" className={classes.end}>
        Entry
      </span>
      <span role="columnheader" className={classes.end}>
        Time
      </span>
      <span role="columnheader">Event</span>
      <span role="columnheader">On</span>
      <span role="columnheader">Who</span>
    </div>
  </div>
)
