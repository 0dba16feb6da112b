import type { WindowedRows } from '../../lib/use-windowed-rows.ts'

/** A short list that is all here, for the table that otherwise fetches windows. */
export const rowsOfArray = <Row>(rows: readonly Row[]): WindowedRows<Row, undefined> => ({
  state: 'ready',
  list: '',
  total: rows.length,
  rowAt: (index) => rows[index],
  show: () => {},
  collect: (firstIndex, lastIndex) => Promise.resolve(rows.slice(firstIndex, lastIndex + 1)),
  page: undefined,
  failure: null,
  retry: () => {},
})
