import type { WindowedRows } from '../../lib/use-windowed-rows.ts'

/** A short list that is all here, for the table that otherwise fetches windows. */
export const rowsOfArray = <Row>(rows: readonly Row[]): WindowedRows<Row, undefined> => ({
  state: 'ready',
  total: rows.length,
  rowAt: (index) => rows[index],
  show: () => {},
  page: undefined,
  failure: null,
  retry: () => {},
})
