import { afterEach, describe, expect, it, vi } from 'vitest'
import { makeFakeBridge } from '../testing/fake-bridge.ts'
import { watchCatalog } from './catalog-changes.ts'
import { makeQueryClient } from './query-client.ts'

afterEach(() => vi.useRealTimers())

const watched = () => {
  const bridge = makeFakeBridge()
  const queries = makeQueryClient()
  const stop = watchCatalog(bridge, queries)
  const isStale = (channel: string): boolean => queries.getQueryState([channel])?.isInvalidated ?? false
  /** Nobody looks at them here: what is kept is let go after some minutes. */
  const answer = (): void => {
    for (const channel of ['program:status', 'keys:list', 'keys:rotation-plan', 'audit:list'])
      queries.setQueryData([channel], {})
  }
  answer()
  return { bridge, stop, answer, isStale, clear: () => queries.clear() }
}

describe('answers that are kept', () => {
  it('are stale once main says what changed, the others not', () => {
    const { bridge, isStale } = watched()
    bridge.emit('catalog:changed', { what: ['keys'] })
    expect([isStale('keys:list'), isStale('keys:rotation-plan'), isStale('audit:list')]).toEqual([
      true,
      true,
      false,
    ])
  })

  it('are asked again every hour where keys may have fallen due, until nobody listens', () => {
    vi.useFakeTimers()
    const { stop, answer, isStale, clear } = watched()
    vi.advanceTimersByTime(3_599_000)
    answer()
    expect(isStale('program:status')).toBe(false)
    vi.advanceTimersByTime(1_000)
    expect([isStale('program:status'), isStale('keys:list'), isStale('audit:list')]).toEqual([
      true,
      true,
      false,
    ])
    stop()
    clear()
    expect(vi.getTimerCount()).toBe(0)
  })
})
