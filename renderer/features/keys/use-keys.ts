import type { KeyFilter } from '../../../shared/contract/keys.ts'
import type { Request, Response } from '../../../shared/contract/contract.ts'
import type { KeyRow } from '../../../shared/domain/key.ts'
import type { Sort } from '../../components/data-table/data-table.tsx'
import { useInvoke } from '../../lib/use-call.ts'
import { useWindowedRows, type WindowedRows } from '../../lib/use-windowed-rows.ts'

export type KeySort = Request<'keys:list'>['sort']
type Page = Response<'keys:list'>

/** The table hands back the names of its columns' orders: back to those of the contract. */
export const keySort = (sort: Sort): KeySort => ({
  by: sort.by === 'state' || sort.by === 'age' || sort.by === 'size' ? sort.by : 'name',
  descending: sort.descending,
})

/** The inventory as the table shows it: windows of it, fetched as they come into view. */
export function useKeys(query: string, filter: KeyFilter, sort: KeySort): WindowedRows<KeyRow, Page> {
  const invoke = useInvoke()
  return useWindowedRows<KeyRow, Page>({
    key: ['keys:list', { query, filter, sort }],
    load: (offset, limit) => invoke('keys:list', { query, filter, sort, offset, limit }),
    rowsOf: ({ rows }) => rows,
  })
}
