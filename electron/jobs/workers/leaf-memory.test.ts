import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { leafCiphertextBytes } from '../../age/payload-size.ts'
import { createLeafMemory } from './leaf-memory.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('hands memory of whole leaves on to the next run, up to its limit', () => {
  const memory = createLeafMemory(2 * leafCiphertextBytes)
  const rooms = [1, 2, 3].map(() => memory.take(leafCiphertextBytes))
  const small = memory.take(100)
  expect(small).toHaveLength(100)
  memory.giveBack([small, ...rooms])
  expect(memory.take(100) === small).toBe(false)
  const again = [1, 2, 3].map(() => memory.take(leafCiphertextBytes))
  expect(again.map((room) => rooms.includes(room))).toEqual([true, true, false])
})

it('keeps none of it between two jobs', () => {
  const memory = createLeafMemory(2 * leafCiphertextBytes)
  const room = memory.take(leafCiphertextBytes)
  memory.giveBack([room])
  vi.advanceTimersByTime(60_000)
  // Not `not.toBe`, which goes on to compare the bytes of both, for seconds.
  expect(memory.take(leafCiphertextBytes) === room).toBe(false)
})
