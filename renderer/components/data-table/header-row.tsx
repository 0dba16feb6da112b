/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a virtualised grid has no table elements, only their roles */
import { IconArrowDown, IconArrowUp, IconCheck } from '@tabler/icons-react'
import type { Column, Sort } from './column.ts'
import classes from './data-table.module.css'

type HeaderRowProps<Row> = {
  columns: Column<Row>[]
  sort: Sort | undefined
  onSort: ((sort: Sort) => void) | undefined
  /** Where rows have a box: how many are chosen, and what a click on the heading's does. */
  checks?: { chosen: 'none' | 'some' | 'all'; onClick: () => void } | undefined
}

/** The fixed headings; a click sorts, a second one turns the order round. */
export function HeaderRow<Row>({ columns, sort, onSort, checks }: HeaderRowProps<Row>) {
  return (
    <div role="rowgroup" className={classes.head}>
      <div role="row" className={classes.headRow} aria-rowindex={1}>
        {checks === undefined ? null : (
          <div role="columnheader" className={classes.check} aria-label="Chosen">
            <button
              type="button"
              tabIndex={-1}
              aria-label={checks.chosen === 'none' ? 'Select all' : 'Clear the selection'}
              onClick={checks.onClick}
            >
              <span data-checked={checks.chosen === 'none' ? undefined : checks.chosen} aria-hidden>
                <IconCheck size={12} stroke={2.5} />
              </span>
            </button>
          </div>
        )}
        {columns.map((column) => {
          const isSorted = column.sortBy !== undefined && sort?.by === column.sortBy
          const Arrow = sort?.descending === true ? IconArrowDown : IconArrowUp
          return (
            <div
              key={column.id}
              role="columnheader"
              className={classes.heading}
              data-align={column.align}
              aria-label={column.label}
              aria-sort={isSorted ? (sort.descending ? 'descending' : 'ascending') : undefined}
            >
              {column.sortBy !== undefined && onSort ? (
                <button
                  type="button"
                  tabIndex={-1}
                  data-sorted={isSorted || undefined}
                  onClick={() =>
                    onSort({ by: column.sortBy ?? '', descending: isSorted ? !sort.descending : false })
                  }
                >
                  {isSorted && column.align === 'end' ? <Arrow size={12} stroke={1.5} aria-hidden /> : null}
                  {column.header}
                  {isSorted && column.align !== 'end' ? <Arrow size={12} stroke={1.5} aria-hidden /> : null}
                </button>
              ) : (
                column.header
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}
