import { describe, expect, it } from 'vitest'
import { dayMs, keyRow, now } from '../../testing/builders.ts'
import { copiesText, daysInUse, isOutOfReach, versionsText } from './key-words.ts'

describe('daysInUse', () => {
  it('counts from activation until now while the key is active', () => {
    expect(daysInUse(keyRow({ activatedAt: now - 84.9 * dayMs }), now)).toBe(84)
  })
  it('stops counting when the key left use, and claims nothing where that day is unknown', () => {
    const gone = { state: 'destroyed', activatedAt: now - 90 * dayMs } as const
    expect(daysInUse(keyRow({ ...gone, inactiveAt: now - 60 * dayMs }), now)).toBe(30)
    expect(daysInUse(keyRow(gone), now)).toBeNull()
    expect(daysInUse(keyRow({ state: 'pre-activation', activatedAt: null }), now)).toBeNull()
  })
})

describe('copiesText', () => {
  it('names two places and counts the rest', () => {
    expect(copiesText(keyRow({ places: ['keychain'] }))).toBe('Keychain')
    expect(copiesText(keyRow({ places: ['keychain', 'export', 'import'] }))).toBe('Keychain +2')
  })
  it('begins in capitals wherever the first copy is', () => {
    expect(copiesText(keyRow({ places: ['kit', 'export'] }))).toBe('Kit, export')
  })
  it('counts what is left of a destroyed key', () => {
    expect(copiesText(keyRow({ state: 'destroyed', copiesElsewhere: 3, places: [] }))).toBe('3 elsewhere')
    expect(copiesText(keyRow({ state: 'destroyed', copiesElsewhere: 0, places: [] }))).toBe('None known')
  })
})

describe('isOutOfReach', () => {
  it('holds for an export that may still be there, never for the keychain', () => {
    const at = { where: 'x', at: 0, lastSeenAt: null }
    expect(isOutOfReach({ ...at, place: 'export', state: 'out-of-reach' })).toBe(true)
    expect(isOutOfReach({ ...at, place: 'keychain', state: 'present' })).toBe(false)
    expect(isOutOfReach({ ...at, place: 'export', state: 'destroyed' })).toBe(false)
  })
})

describe('versionsText', () => {
  it('says names only where there are several', () => {
    expect(
      versionsText([
        { name: 'a', version: 2 },
        { name: 'a', version: 1 },
      ]),
    ).toBe('v1, v2')
    expect(
      versionsText([
        { name: 'b', version: 1 },
        { name: 'a', version: 1 },
      ]),
    ).toBe('a v1, b v1')
  })
})
