import { act, renderHook } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useRestingRange } from './use-resting-range.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const begin = (here: number[] = []) => {
  const hook = renderHook(({ list }) => useRestingRange(list, (window) => here.includes(window)), {
    initialProps: { list: 'all' },
  })
  const range = () => hook.result.current.range
  const follow = (first: number, last = first) =>
    act(() => {
      hook.result.current.follow({ first, last })
    })
  const pass = (ms: number) =>
    act(() => {
      vi.advanceTimersByTime(ms)
    })
  return { range, follow, pass, show: (list: string) => hook.rerender({ list }) }
}

describe('windows of a list that is scrolled', () => {
  it('are followed at once while it moves slowly', () => {
    const { range, follow, pass } = begin()
    follow(0, 1)
    expect(range()).toEqual({ first: 0, last: 1 })
    pass(100)
    follow(1)
    expect(range()).toEqual({ first: 1, last: 1 })
  })

  it('are not asked for while it flies by, and are once it rests', () => {
    const { range, follow, pass } = begin()
    follow(7)
    for (let window = 8; window < 400; window++) {
      pass(16)
      follow(window)
    }
    expect(range()).toEqual({ first: 7, last: 7 })
    pass(79)
    expect(range()).toEqual({ first: 7, last: 7 })
    pass(1)
    expect(range()).toEqual({ first: 399, last: 399 })
  })

  it('are shown in passing where they are here already', () => {
    const { range, follow, pass } = begin([9, 10])
    follow(8)
    pass(16)
    follow(9, 10)
    expect(range()).toEqual({ first: 9, last: 10 })
    pass(16)
    follow(10, 11)
    expect(range()).toEqual({ first: 9, last: 10 })
  })

  it('begin at the top of another list, whatever was on its way', () => {
    const { range, follow, pass, show } = begin()
    follow(8)
    pass(16)
    follow(20)
    show('found')
    expect(range()).toEqual({ first: 0, last: 0 })
    pass(1000)
    expect(range()).toEqual({ first: 0, last: 0 })
  })
})
