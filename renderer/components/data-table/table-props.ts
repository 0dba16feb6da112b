import type { ReactNode } from 'react'
import type { WindowedRows } from '../../lib/use-windowed-rows.ts'
import type { Column, RowTone, Sort } from './column.ts'
import type { Selection } from './selection.ts'

/** What a `DataTable` is told and asked. */
export type DataTableProps<Row> = {
  /** What it lists, for screen readers. */
  label: string
  columns: Column<Row>[]
  rows: WindowedRows<Row>
  getRowId: (row: Row) => string
  /** A row's name, for screen readers and menus. */
  getRowName: (row: Row) => string
  rowTone?: (row: Row) => RowTone | undefined
  sort?: Sort
  onSort?: (sort: Sort) => void
  selection: Selection<Row>
  onSelect: (selection: Selection<Row>) => void
  /** A box before each row, to choose by; the heading's chooses all. */
  hasChecks?: boolean
  /** A plain click on a row, after it was selected. */
  onPick?: (row: Row) => void
  /** Which rows are in view, whenever that changes. */
  onInView?: (range: { first: number; last: number }) => void
  /** Enter, or a double click. */
  onOpen?: (row: Row) => void
  /** Space. */
  onDetails?: (row: Row) => void
  /** Ctrl/Cmd+A: every row that matches, in view or not. */
  onSelectAll?: () => void
  /** Delete. */
  onDelete?: (row: Row) => void
  /** A character typed while the table has the focus. */
  onType?: (text: string) => void
  /** Right click, the menu key, Shift+F10: opens where the pointer or the row is. */
  onMenu?: (row: Row, at: { x: number; y: number }) => void
  /** 28 instead of 36 high. */
  compact?: boolean
  columnGapPx?: number
  /** What stands in place of rows when there are none. */
  empty: ReactNode
}
