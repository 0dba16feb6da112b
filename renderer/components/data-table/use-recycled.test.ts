import { renderHook } from '@testing-library/react'
import { expect, it } from 'vitest'
import { useRecycled } from './use-recycled.ts'

const from = (first: number, count: number) => Array.from({ length: count }, (_, n) => ({ index: first + n }))
const begin = (first: number, count: number) =>
  renderHook(({ rows, isMoving }) => useRecycled(rows, isMoving), {
    initialProps: { rows: from(first, count), isMoving: false },
  })
type Rows = ReturnType<typeof useRecycled>
const keyOf = (rows: Rows, index: number) => rows.find((row) => row.index === index)?.key

it('gives what scrolls in the key of what scrolled out, and leaves the others theirs', () => {
  const { result, rerender } = begin(0, 4)
  const before = result.current
  rerender({ rows: from(2, 4), isMoving: true })
  expect([keyOf(result.current, 2), keyOf(result.current, 3)]).toEqual([keyOf(before, 2), keyOf(before, 3)])
  expect([keyOf(result.current, 4), keyOf(result.current, 5)]).toEqual([keyOf(before, 0), keyOf(before, 1)])
})

it('keeps the order of elements while the list moves, and that of the rows at rest', () => {
  const { result, rerender } = begin(0, 4)
  for (const first of [1, 3, 250, 99_996]) {
    rerender({ rows: from(first, 4), isMoving: true })
    expect(result.current.map(({ key }) => key)).toEqual([0, 1, 2, 3])
    rerender({ rows: from(first, 4), isMoving: false })
    expect(result.current.map(({ index }) => index)).toEqual(from(first, 4).map(({ index }) => index))
  }
})

it('has a key for every row, however many are drawn', () => {
  const { result, rerender } = begin(7, 3)
  for (const [first, count] of [
    [5, 9],
    [100, 4],
    [31, 12],
  ] as const) {
    rerender({ rows: from(first, count), isMoving: true })
    expect(new Set(result.current.map(({ key }) => key)).size).toBe(count)
  }
})
