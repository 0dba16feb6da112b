import type { ReactNode } from 'react'

/** One column of a `DataTable`. */
export type Column<Row> = {
  id: string
  /** Its heading; `''` with `label` for a column that needs none to the eye. */
  header: ReactNode
  /** Its name for screen readers where the heading is not a plain text. */
  label?: string
  /** A CSS grid track: `minmax(0, 1fr)`, `72px`. */
  width: string
  align?: 'end'
  /** Sorted by this name; not sortable without. */
  sortBy?: string
  /** Hidden while the table is narrower than this. */
  hideBelowPx?: number
  cell: (row: Row) => ReactNode
}

export type Sort = { by: string; descending: boolean }

/** How a row stands out: not ours, or no longer openable. */
export type RowTone = 'foreign' | 'destroyed'
