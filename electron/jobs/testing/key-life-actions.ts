/** What can happen to keys, as the property test plays it: each action says what it must come to, and does it. */
import fc from 'fast-check'
import { chosen, type KeyLife } from './key-life.ts'
import { destroy, exportKey, importKey, restoreKit, retire } from './key-life-ends.ts'
import { schedule, unschedule } from './key-life-schedule.ts'
import { giveUp, lock, rest, revoke, tickCopies } from './key-life-trust.ts'
import { encrypt, rotate } from './key-life-writes.ts'

const pick = fc.nat({ max: 50 })
export const action = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('encrypt' as const),
      name: fc.nat({ max: 2 }),
      fails: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('suspend' as const, 'resume' as const), key: pick }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('rotate' as const),
      version: pick,
      method: fc.constantFrom('rewrap' as const, 're-encrypt' as const),
      ends: fc.constantFrom('done' as const, 'done' as const, 'taken-back' as const, 'given-up' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('revoke' as const),
      keys: fc.array(pick, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('retire' as const, 'schedule' as const, 'unschedule' as const),
      version: pick,
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('destroy' as const), key: pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('give-up' as const), version: pick, incident: pick }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('export' as const, 'import' as const), key: pick }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), key: pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restore' as const), reversed: fc.nat({ max: 2 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('tick' as const), incident: pick, revoked: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('lock' as const, 'keep-deleted' as const), on: fc.boolean() }),
  },
)
export type Action = typeof action extends fc.Arbitrary<infer T> ? T : never

/** Does one, and holds what came of it against the model. */
export async function carryOut(life: KeyLife, asked: Action): Promise<void> {
  switch (asked.do) {
    case 'encrypt':
      return encrypt(life, asked)
    case 'rotate':
      return rotate(life, asked)
    case 'revoke':
      return revoke(life, asked.keys)
    case 'retire':
      return retire(life, asked.version)
    case 'schedule':
      return schedule(life, asked.version)
    case 'unschedule':
      return unschedule(life, asked.version)
    case 'restore':
      return restoreKit(life, asked.reversed)
    case 'tick':
      return tickCopies(life, asked)
    case 'give-up':
      return giveUp(life, asked)
    case 'lock':
      return lock(life, asked.on)
    case 'keep-deleted':
      life.keychain.keepDeleted(asked.on)
      life.keepsDeleted = asked.on
      return
    default:
      return toKey(life, asked)
  }
}

async function toKey(life: KeyLife, asked: Extract<Action, { key: number }>): Promise<void> {
  const key = chosen([...life.keys.values()], asked.key)
  if (key === undefined) return
  if (asked.do === 'suspend' || asked.do === 'resume') return rest(life, key, asked.do)
  if (asked.do === 'destroy') return destroy(life, key)
  if (asked.do === 'export') return exportKey(life, key)
  if (asked.do === 'import') return importKey(life, key)
  life.keychain.items.delete(`Weightlock/${key.keyId}`)
  key.lost = true
}
