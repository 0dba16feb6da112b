import { useEffect, useRef, useState } from 'react'
import { failureFrom } from '../../lib/use-call.ts'
import type { WindowedRows } from '../../lib/use-windowed-rows.ts'
import { showFailure } from '../notice.tsx'

/** Fewer are here before anybody could read how many are not; more are told of after every so many. */
const progressRows = 2000

type SelectAll = {
  start: () => void
  stop: () => void
  /** Rows that are here, while the others are fetched. */
  fetched: number | null
}

/** Fetches everything that a list holds, until it is all here, stopped, or another list is shown. */
export function useSelectAll<Row>(rows: WindowedRows<Row>, onAll: (rows: Row[]) => void): SelectAll {
  const [fetched, setFetched] = useState<number | null>(null)
  const running = useRef<AbortController | null>(null)
  const stop = (): void => {
    running.current?.abort()
    running.current = null
    setFetched(null)
  }
  const { list } = rows
  useEffect(
    () => () => {
      running.current?.abort()
      running.current = null
      setFetched(null)
    },
    [list],
  )
  const fetchAll = async (): Promise<void> => {
    stop()
    const { signal } = (running.current = new AbortController())
    if (rows.total > progressRows) setFetched(0)
    const onProgress = (count: number): void => {
      if (count % progressRows === 0 && !signal.aborted) setFetched(count)
    }
    try {
      const all = await rows.collect(0, rows.total - 1, { signal, onProgress })
      if (signal.aborted) return
      stop()
      onAll(all)
    } catch (error) {
      if (signal.aborted) return
      stop()
      showFailure(failureFrom(error))
    }
  }
  return { start: () => void fetchAll(), stop, fetched }
}
