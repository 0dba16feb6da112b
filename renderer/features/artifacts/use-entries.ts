import type { Response } from '../../../shared/contract/contract.ts'
import type { StoreEntry } from '../../../shared/domain/store.ts'
import type { StoreId } from '../../../shared/ids.ts'
import type { Settings } from '../../../shared/settings.ts'
import { useInvoke } from '../../lib/use-call.ts'
import { useWindowedRows } from '../../lib/use-windowed-rows.ts'
import type { WindowedRows } from '../../lib/use-windowed-rows.ts'

export type ArtifactSort = Settings['sort']
export type ListedPage = Response<'artifacts:list'>
export type EntryRows = WindowedRows<StoreEntry, ListedPage>

type What = {
  /** Null for every store. */
  storeId: StoreId | null
  folder: string
  query: string
  /** What was archived, instead of the rest. */
  archived: boolean
  sort: ArtifactSort
  enabled: boolean
}

/** What a store holds at a place, window by window. */
export function useEntries({ storeId, folder, query, archived, sort, enabled }: What): EntryRows {
  const invoke = useInvoke()
  const request = {
    storeId,
    folder,
    deep: query !== '' || archived,
    query,
    sort,
    foreign: !archived,
    ...(archived ? { archived: 'only' as const } : {}),
  }
  const load = (offset: number, limit: number): Promise<ListedPage> =>
    invoke('artifacts:list', { ...request, offset, limit })
  const key = ['artifacts:list', request] as const
  return useWindowedRows<StoreEntry, ListedPage>({ key, load, rowsOf: (page) => page.rows, enabled })
}
