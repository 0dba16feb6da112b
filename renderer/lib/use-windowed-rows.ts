/** A long list, of which only the windows in view are asked for. */
import { useQueries, useQueryClient } from '@tanstack/react-query'
import type { UseQueryResult } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef } from 'react'
import type { Failure, WeightlockError } from '../../shared/failure.ts'
import { failureFrom } from './use-call.ts'
import { useRestingRange } from './use-resting-range.ts'

/** Rows that the contract allows in one window. */
export const windowRows = 200
/** Windows that nobody looks at are kept so long, in case the list is scrolled back. */
const keptMs = 60_000
/** Windows of a long range that are asked for at once: main answers one while another is on its way. */
const lanes = 4

export type WindowedRows<Row, Page = unknown> = {
  state: 'loading' | 'ready' | 'failed'
  /** Which list is asked for: another text for another search, order or place. */
  list: string
  /** Rows of the whole list; 0 until the first window is there. */
  total: number
  /** Undefined while its window is on its way. */
  rowAt: (index: number) => Row | undefined
  /** The rows in view; windows around them are fetched. */
  show: (firstIndex: number, lastIndex: number) => void
  /** Rows from one index to another, fetched where they are not here yet.
   * @throws WeightlockError when a window cannot be had, and the signal's reason when it stops */
  collect: (firstIndex: number, lastIndex: number, options?: CollectOptions) => Promise<Row[]>
  /** Any window's other facts (totals, counts). */
  page: Page | undefined
  failure: Failure | null
  retry: () => void
}

export type CollectOptions = {
  signal?: AbortSignal
  /** Told the rows that are here after every window. */
  onProgress?: (rows: number) => void
}

type Options<Row, Page> = {
  /** The channel first, then what makes the list another one; never offset or limit. */
  key: readonly [channel: string, ...rest: unknown[]]
  load: (offset: number, limit: number) => Promise<Page>
  rowsOf: (page: Page) => Row[]
  enabled?: boolean
}

/** Loads windows of 200 rows as they come into view and keeps the old list until the new one's first is there. */
export function useWindowedRows<Row, Page extends { total: number }>({
  key,
  load,
  rowsOf,
  enabled = true,
}: Options<Row, Page>): WindowedRows<Row, Page> {
  const client = useQueryClient()
  const list = JSON.stringify(key)
  const { range, follow } = useRestingRange(
    list,
    (window) =>
      client.getQueryData([...key, { offset: window * windowRows, limit: windowRows }]) !== undefined,
  )
  const offsets = useMemo(() => {
    const numbers = []
    for (let n = range.first; n <= range.last; n++) numbers.push(n * windowRows)
    return numbers
  }, [range])

  const queries: UseQueryResult<Page, WeightlockError>[] = useQueries({
    queries: offsets.map((offset) => ({
      queryKey: [...key, { offset, limit: windowRows }],
      queryFn: () => load(offset, windowRows),
      enabled,
      gcTime: keptMs,
    })),
  })
  const pages = new Map<number, Page>()
  queries.forEach(({ data }, n) => {
    const offset = offsets[n]
    if (data !== undefined && offset !== undefined) pages.set(offset, data)
  })

  const any = pages.values().next().value
  const last = useRef<{ pages: Map<number, Page>; total: number } | null>(null)
  useEffect(() => {
    if (any !== undefined) last.current = { pages, total: any.total }
  })
  const failedQuery = queries.find((query) => query.isError && query.data === undefined)
  const keepsOld = any === undefined && failedQuery === undefined && enabled
  // oxlint-disable-next-line react-hooks/refs -- the list that was shown stays until the next one is there
  const old = keepsOld ? last.current : null
  const shownPages = old?.pages ?? pages
  const total = any?.total ?? old?.total ?? 0
  const page = any ?? old?.pages.values().next().value

  const rowAt = (index: number): Row | undefined => {
    const offset = index - (index % windowRows)
    const found = shownPages.get(offset)
    return found === undefined ? undefined : rowsOf(found)[index - offset]
  }
  const show = useCallback(
    (firstIndex: number, lastIndex: number): void => {
      const first = Math.max(0, Math.floor(firstIndex / windowRows))
      follow({ first, last: Math.max(first, Math.floor(lastIndex / windowRows)) })
    },
    [follow],
  )
  const collect = async (
    firstIndex: number,
    lastIndex: number,
    { signal, onProgress }: CollectOptions = {},
  ): Promise<Row[]> => {
    const from = Math.floor(firstIndex / windowRows)
    const windows: Row[][] = []
    let [next, fetched] = [from, 0]
    const lane = async (): Promise<void> => {
      while (next * windowRows <= lastIndex) {
        signal?.throwIfAborted()
        const window = next++
        const offset = window * windowRows
        const found = await client.fetchQuery<Page>({
          queryKey: [...key, { offset, limit: windowRows }],
          queryFn: () => load(offset, windowRows),
          gcTime: keptMs,
        })
        const rows = rowsOf(found).slice(Math.max(0, firstIndex - offset), lastIndex - offset + 1)
        windows[window - from] = rows
        fetched += rows.length
        onProgress?.(fetched)
      }
    }
    try {
      await Promise.all(Array.from({ length: lanes }, lane))
    } finally {
      // One that failed ends the others.
      next = Number.POSITIVE_INFINITY
    }
    return windows.flat()
  }
  const retry = (): void => {
    for (const query of queries) if (query.isError) void query.refetch()
  }
  return {
    state: page !== undefined ? 'ready' : failedQuery ? 'failed' : 'loading',
    list,
    total,
    rowAt,
    show,
    collect,
    page,
    failure: failedQuery ? failureFrom(failedQuery.error) : null,
    retry,
  }
}
