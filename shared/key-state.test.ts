import { describe, expect, it } from 'vitest'
import { KeyState } from './domain/key.ts'
import { mayEncrypt, mayOpen, transition } from './key-state.ts'

/** Every pair, written out a second time: rows from, columns to. */
const legal: Record<KeyState, Record<KeyState, boolean>> = {
  'pre-activation': row('active', 'compromised', 'destroyed'),
  active: row('suspended', 'deactivated', 'compromised', 'destroyed'),
  suspended: row('active', 'deactivated', 'compromised', 'destroyed'),
  deactivated: row('compromised', 'destroyed'),
  compromised: row('destroyed'),
  destroyed: row(),
}

function row(...to: KeyState[]): Record<KeyState, boolean> {
  const has = (state: KeyState) => to.includes(state)
  return {
    'pre-activation': has('pre-activation'),
    active: has('active'),
    suspended: has('suspended'),
    deactivated: has('deactivated'),
    compromised: has('compromised'),
    destroyed: has('destroyed'),
  }
}

const nextStates = (from: KeyState) => KeyState.options.filter((to) => transition(from, to).ok)
const pairs = KeyState.options.flatMap((from) => KeyState.options.map((to) => [from, to] as const))

describe('a key that is', () => {
  it.each(pairs)('%s, to %s', (from, to) => {
    expect(transition(from, to)).toEqual(
      legal[from][to]
        ? { ok: true, value: to }
        : { ok: false, failure: { code: 'key/illegal-transition', from, to } },
    )
  })

  it.each(KeyState.options)('%s encrypts and opens as its state says', (state) => {
    expect(mayEncrypt(state)).toBe(state === 'active')
    expect(mayOpen(state)).toBe(!['pre-activation', 'destroyed'].includes(state))
  })

  it.each(KeyState.options)('%s ends in destroyed and nowhere else', (state) => {
    const reached = new Set<KeyState>([state])
    for (const from of reached) for (const to of nextStates(from)) reached.add(to)
    expect(reached.has('destroyed')).toBe(true)
    expect([...reached].filter((from) => nextStates(from).length === 0)).toEqual(['destroyed'])
  })
})
