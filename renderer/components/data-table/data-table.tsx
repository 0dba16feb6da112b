/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a virtualised grid has no table elements, only their roles */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useId, useMemo, useRef, useState } from 'react'
import type { KeyboardEvent, MouseEvent } from 'react'
import { makeRoomMemory, RoomMemory } from '../ellipsis-room.ts'
import { Button } from '../button.tsx'
import { FailureAlert } from '../failure-alert.tsx'
import { HeaderRow } from './header-row.tsx'
import { LoadingRows } from './loading-rows.tsx'
import { rowHeightPx } from './row-height.ts'
import { moveBy, moveCursor, nothingSelected, select } from './selection.ts'
import type { How } from './selection.ts'
import type { DataTableProps } from './table-props.ts'
import { TableRow } from './table-row.tsx'
import { useRecycled } from './use-recycled.ts'
import { useTopOfList } from './use-top-of-list.ts'
import { useWidth } from './use-width.ts'
import classes from './data-table.module.css'

export type { Column, Sort } from './column.ts'
export { nothingSelected } from './selection.ts'
export type { Selection } from './selection.ts'

const headerPx = 28

/** A list of any length: virtualised, sortable, selectable, reachable by keyboard, with its loading, empty and
 * failed states. The focus stays on the grid and names the row that it is at. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, getRowId, getRowName, selection, onSelect, compact = false } = props
  const scroller = useRef<HTMLDivElement>(null)
  const widthPx = useWidth(scroller)
  const [roomMemory] = useState(makeRoomMemory)
  const idBase = useId()
  const rowPx = rowHeightPx(compact)
  const [hasFocus, setHasFocus] = useState(false)

  const shown = useMemo(
    () => columns.filter((c) => c.hideBelowPx === undefined || widthPx === 0 || widthPx >= c.hideBelowPx),
    [columns, widthPx],
  )
  const tracks = [...(props.hasChecks ? ['16px'] : []), ...shown.map((column) => column.width)].join(' ')

  // oxlint-disable-next-line react/incompatible-library -- rows are memoised by themselves, not by a compiler
  const virtual = useVirtualizer({
    count: rows.total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 8,
    scrollPaddingStart: headerPx,
    paddingStart: 0,
    scrollMargin: headerPx,
  })
  const items = virtual.getVirtualItems()
  const drawn = useRecycled(items, virtual.isScrolling)
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 0
  const { show } = rows
  useEffect(() => show(first, last), [show, first, last])
  const { onInView } = props
  const seenFirst = Math.max(0, Math.ceil((virtual.scrollOffset ?? 0) / rowPx))
  const seenLast =
    Math.floor(((virtual.scrollOffset ?? 0) + (virtual.scrollRect?.height ?? 0) - headerPx) / rowPx) - 1
  useEffect(() => onInView?.({ first: seenFirst, last: seenLast }), [onInView, seenFirst, seenLast])
  useEffect(() => virtual.measure(), [virtual, rowPx])
  useTopOfList(rows.list, scroller)

  const source = { rowAt: rows.rowAt, idOf: getRowId }
  const cursor = selection.cursor !== null && selection.cursor < rows.total ? selection.cursor : null
  const cursorRow = cursor === null ? undefined : rows.rowAt(cursor)
  const rowElementId = (index: number): string => `${idBase}-${index}`

  /** Selects; a range may reach over rows that are not here yet, and is completed when they are. */
  const choose = (index: number, how: How): void => {
    const next = select(selection, index, source, how)
    onSelect(next)
    if (how.range !== true) return
    const from = Math.min(next.anchor ?? index, index)
    const to = Math.max(next.anchor ?? index, index)
    if (next.rows.size > to - from) return
    void rows.collect(from, to).then(
      (all) => {
        const now = latest.current.selection
        if (now.anchor !== next.anchor || now.cursor !== next.cursor) return
        onSelect({ ...now, rows: new Map([...now.rows, ...all.map((row) => [getRowId(row), row] as const)]) })
      },
      () => {
        // What could be seen stays selected; the table itself shows why the rest cannot be had.
      },
    )
  }
  const openMenu = (row: Row, index: number): void => {
    const element = document.getElementById(rowElementId(index))?.getBoundingClientRect()
    props.onMenu?.(row, { x: (element?.left ?? 0) + 24, y: (element?.bottom ?? 0) - 8 })
  }
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.target !== event.currentTarget) return
    const mod = event.ctrlKey || event.metaKey
    const pageRows = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowPx) - 2)
    const to = moveBy(event.key, cursor, rows.total, pageRows)
    if (to !== null) {
      event.preventDefault()
      virtual.scrollToIndex(to)
      if (mod && !event.shiftKey) onSelect(moveCursor(selection, to))
      else choose(to, { range: event.shiftKey })
    } else if (event.key === 'a' && mod) {
      event.preventDefault()
      props.onSelectAll?.()
    } else if (event.key === 'Escape' && selection.rows.size > 1) {
      event.preventDefault()
      onSelect({ ...nothingSelected, cursor })
    } else if (cursorRow !== undefined && cursor !== null) {
      if (event.key === 'Enter') {
        event.preventDefault()
        props.onOpen?.(cursorRow)
      } else if (event.key === ' ') {
        event.preventDefault()
        if (mod) onSelect(select(selection, cursor, source, { toggle: true }))
        else props.onDetails?.(cursorRow)
      } else if (event.key === 'Delete') props.onDelete?.(cursorRow)
      else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
        event.preventDefault()
        openMenu(cursorRow, cursor)
      } else typed(event, mod)
    } else typed(event, mod)
  }
  const typed = (event: KeyboardEvent, mod: boolean): void => {
    if (mod || event.altKey || event.key.length !== 1 || /[\s/?]/.test(event.key)) return
    if (props.onType === undefined) return
    event.preventDefault()
    props.onType(event.key)
  }

  const latest = useRef({ props, source, selection, choose })
  useEffect(() => {
    latest.current = { props, source, selection, choose }
  })
  const onRowClick = useCallback((index: number, event: MouseEvent): void => {
    const now = latest.current
    scroller.current?.focus({ preventScroll: true })
    now.choose(index, { range: event.shiftKey, toggle: event.ctrlKey || event.metaKey })
    const row = now.source.rowAt(index)
    if (row !== undefined && !event.shiftKey && !event.ctrlKey && !event.metaKey) now.props.onPick?.(row)
  }, [])
  const onRowCheck = useCallback((index: number, event: MouseEvent): void => {
    event.stopPropagation()
    scroller.current?.focus({ preventScroll: true })
    latest.current.choose(index, { range: event.shiftKey, toggle: true })
  }, [])
  const onRowOpen = useCallback((row: Row): void => latest.current.props.onOpen?.(row), [])
  const onRowMenu = useCallback((index: number, row: Row, event: MouseEvent): void => {
    const now = latest.current
    if (now.props.onMenu === undefined) return
    event.preventDefault()
    if (!now.selection.rows.has(now.props.getRowId(row)))
      now.props.onSelect(select(now.selection, index, now.source))
    now.props.onMenu(row, { x: event.clientX, y: event.clientY })
  }, [])

  const onCheckAll = (): void => {
    if (selection.rows.size === 0) props.onSelectAll?.()
    else onSelect({ ...nothingSelected, cursor })
  }
  const isEmpty = rows.state === 'ready' && rows.total === 0
  return (
    <div
      ref={scroller}
      className={classes.table}
      role="grid"
      aria-label={label}
      aria-rowcount={rows.state === 'loading' ? -1 : rows.total + 1}
      aria-colcount={shown.length + (props.hasChecks ? 1 : 0)}
      aria-multiselectable
      aria-busy={rows.state === 'loading'}
      aria-activedescendant={
        cursor !== null && cursor >= first && cursor <= last ? rowElementId(cursor) : undefined
      }
      data-focus={hasFocus || undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onFocus={(event) => setHasFocus(event.target.matches(':focus-visible'))}
      onBlur={() => setHasFocus(false)}
      style={{ '--tracks': tracks, '--row': `${rowPx}px`, '--gap': `${props.columnGapPx ?? 24}px` }}
    >
      <HeaderRow
        columns={shown}
        sort={props.sort}
        onSort={props.onSort}
        checks={
          props.hasChecks
            ? { chosen: chosenOf(selection.rows.size, rows.total), onClick: onCheckAll }
            : undefined
        }
      />
      {rows.state === 'failed' && rows.failure !== null ? (
        <div role="row" className={classes.note}>
          <div role="gridcell">
            <FailureAlert
              failure={rows.failure}
              layout="columns"
              actions={<Button onClick={rows.retry}>Try again</Button>}
            />
          </div>
        </div>
      ) : null}
      {rows.state === 'loading' ? <LoadingRows columns={shown.length} /> : null}
      {isEmpty ? (
        <div role="row" className={classes.note}>
          <div role="gridcell">{props.empty}</div>
        </div>
      ) : null}
      {rows.total > 0 ? (
        <RoomMemory value={roomMemory}>
          <div role="rowgroup" className={classes.rows} style={{ height: virtual.getTotalSize() }}>
            {drawn.map((item) => {
              const row = rows.rowAt(item.index)
              const id = row === undefined ? undefined : getRowId(row)
              return (
                <TableRow
                  key={item.key}
                  id={rowElementId(item.index)}
                  index={item.index}
                  offsetPx={item.start - headerPx}
                  row={row}
                  name={row === undefined ? '' : getRowName(row)}
                  columns={shown}
                  tone={row === undefined ? undefined : props.rowTone?.(row)}
                  isSelected={id !== undefined && selection.rows.has(id)}
                  isCursor={item.index === cursor}
                  onClick={onRowClick}
                  onCheck={props.hasChecks ? onRowCheck : undefined}
                  onOpen={onRowOpen}
                  onMenu={onRowMenu}
                />
              )
            })}
          </div>
        </RoomMemory>
      ) : null}
    </div>
  )
}

const chosenOf = (chosen: number, total: number): 'none' | 'some' | 'all' => {
  if (chosen === 0) return 'none'
  return chosen < total ? 'some' : 'all'
}
