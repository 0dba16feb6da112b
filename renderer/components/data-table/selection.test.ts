import { describe, expect, it } from 'vitest'
import { moveBy, moveCursor, nothingSelected, select } from './selection.ts'
import type { Selection } from './selection.ts'

const letters = ['a', 'b', 'c', 'd', 'e']
const source = { rowAt: (index: number) => letters[index], idOf: (row: string) => row }
const none: Selection<string> = nothingSelected
const ids = (selection: Selection<string>): string => [...selection.rows.keys()].join('')

describe('selecting rows', () => {
  it('chooses one and forgets the others', () => {
    const first = select(none, 1, source)
    expect(ids(first)).toBe('b')
    expect(ids(select(first, 3, source))).toBe('d')
  })
  it('chooses the range from the anchor with Shift, and shrinks it again', () => {
    const anchored = select(none, 1, source)
    const ranged = select(anchored, 3, source, { range: true })
    expect(ids(ranged)).toBe('bcd')
    expect(ids(select(ranged, 2, source, { range: true }))).toBe('bc')
    expect(ids(select(ranged, 0, source, { range: true }))).toBe('ab')
  })
  it('adds and takes away with Ctrl', () => {
    const two = select(select(none, 0, source), 4, source, { toggle: true })
    expect(ids(two)).toBe('ae')
    expect(ids(select(two, 0, source, { toggle: true }))).toBe('e')
  })
  it('moves the keyboard without choosing', () => {
    const moved = moveCursor(select(none, 0, source), 3)
    expect(ids(moved)).toBe('a')
    expect(moved.cursor).toBe(3)
  })
  it('skips rows that are not here yet, and goes on from where it is', () => {
    const holes = { ...source, rowAt: (index: number) => (index === 2 ? undefined : letters[index]) }
    expect(ids(select(select(none, 1, holes), 3, holes, { range: true }))).toBe('bd')
    expect(select(none, 2, holes).cursor).toBe(2)
  })
})

describe('keys that move', () => {
  it.each([
    ['ArrowDown', null, 0],
    ['ArrowDown', 4, 4],
    ['ArrowUp', null, 0],
    ['ArrowUp', 0, 0],
    ['PageDown', 1, 4],
    ['PageUp', 4, 1],
    ['Home', 3, 0],
    ['End', 0, 4],
  ] as const)('%s from %s', (key, from, to) => {
    expect(moveBy(key, from, 5, 3)).toBe(to)
  })
  it('leaves other keys and empty lists alone', () => {
    expect(moveBy('x', 1, 5, 3)).toBeNull()
    expect(moveBy('ArrowDown', null, 0, 3)).toBeNull()
  })
})
