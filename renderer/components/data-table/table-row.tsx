/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a virtualised grid has no table elements, only their roles */
import { IconCheck } from '@tabler/icons-react'
import { memo } from 'react'
import type { MouseEvent } from 'react'
import type { Column, RowTone } from './column.ts'
import classes from './data-table.module.css'

type TableRowProps<Row> = {
  id: string
  index: number
  offsetPx: number
  /** Undefined while its window is on its way. */
  row: Row | undefined
  name: string
  columns: Column<Row>[]
  tone: RowTone | undefined
  isSelected: boolean
  isCursor: boolean
  onClick: (index: number, event: MouseEvent) => void
  /** Where rows have a box. */
  onCheck: ((index: number, event: MouseEvent) => void) | undefined
  onOpen: (row: Row) => void
  onMenu: (index: number, row: Row, event: MouseEvent) => void
}

function Row<R>(props: TableRowProps<R>) {
  const { index, row, columns, onCheck } = props
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the grid holds the focus and the keys
    <div
      id={props.id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={props.isSelected}
      className={classes.row}
      data-tone={props.tone}
      data-selected={props.isSelected || undefined}
      data-cursor={props.isCursor || undefined}
      style={{ transform: `translateY(${props.offsetPx}px)` }}
      onClick={(event) => props.onClick(index, event)}
      onDoubleClick={row === undefined ? undefined : () => props.onOpen(row)}
      onContextMenu={row === undefined ? undefined : (event) => props.onMenu(index, row, event)}
    >
      {onCheck === undefined ? null : (
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- Ctrl and Space choose by keyboard
        <div
          role="gridcell"
          tabIndex={-1}
          className={classes.check}
          onClick={(event) => onCheck(index, event)}
        >
          <span data-checked={props.isSelected || undefined} aria-hidden>
            <IconCheck size={12} stroke={2.5} />
          </span>
          <span className="visually-hidden">{props.isSelected ? 'chosen' : 'not chosen'}</span>
        </div>
      )}
      {columns.map((column) => (
        <div key={column.id} role="gridcell" className={classes.cell} data-align={column.align}>
          {row === undefined ? null : column.cell(row)}
        </div>
      ))}
    </div>
  )
}

/** One row; drawn again only when it, its place or its state changes. */
export const TableRow = memo(Row) as typeof Row
