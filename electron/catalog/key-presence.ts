/** Keys that are gone from a keychain that answers, and those that came back (cryptography.md, section 3). */
import type { KeyId } from '../../shared/ids.ts'
import type { Actor } from './catalog.ts'
import type { Context } from './context.ts'
import { keychainItem, recordCopy, tellOfKey } from './key-changes.ts'
import { findRecord, keyCopies } from './key-rows.ts'

export type KeyPresenceOperations = {
  /** What the keychain said of a key between two readable canaries. A key that was there and is not any more is lost, and
   * one that is there again is not; a key that was left in another keychain stays *not here*, and what was never
   * activated, or is destroyed, stays what it is. Asked again, it changes nothing.
   * @returns whether the key is lost now */
  keyPresence: (request: { keyId: KeyId; isPresent: boolean; by: Actor }) => boolean
}

/** SQL: whether a key is lost. One that was left in another keychain opens there what it opened here. */
export const isLost = (keyNo: string): string => `EXISTS (
  SELECT 1 FROM key_copies lost WHERE lost.key_no = ${keyNo} AND lost.place = 'keychain'
    AND lost.state = 'found-missing')`

export function keyPresenceOperations(context: Context): KeyPresenceOperations {
  return {
    keyPresence: ({ keyId, isPresent, by }) => {
      const key = findRecord(context, 'k.key_id = $value', keyId)
      if (!key || key.state === 'destroyed' || key.state === 'pre-activation') return false
      if (isBeingDestroyed(context, keyId)) return false
      const copy = keyCopies(context, key.keyNo).find(({ place }) => place === 'keychain')
      const before = copy?.state ?? 'not-here'
      const after = isPresent ? 'present' : before === 'present' ? 'found-missing' : before
      if (after !== before && (after === 'present' || after === 'found-missing')) {
        const where = keychainItem(keyId)
        recordCopy(context, key.keyNo, { place: 'keychain', where, state: after })
        const event = isPresent ? 'key-copy-found' : 'key-copy-missing'
        const facts = { place: 'keychain', where, state: after }
        tellOfKey(context, key, { event, reason: where, jobId: null, facts, by })
      }
      return after === 'found-missing'
    },
  }
}

/** All that lies in a keychain lies in another one than this, as far as is known. Each that is met here is here again. */
export function leaveBehind(context: Context): void {
  const left = context.all<{ keyNo: number }>(
    `SELECT k.key_no AS keyNo FROM keys k JOIN key_copies c ON c.key_no = k.key_no
     WHERE k.state <> 'destroyed' AND c.place = 'keychain' AND c.state = 'present'`,
  )
  for (const { keyNo } of left) {
    context.run(
      `UPDATE key_copies SET state = 'not-here', at = $at WHERE key_no = $keyNo AND place = 'keychain'`,
      { keyNo, at: context.now() },
    )
    context.touchKey(keyNo)
  }
}

/** Gone as it must be, and not yet called destroyed. */
const isBeingDestroyed = (context: Context, keyId: KeyId): boolean =>
  context.get(
    `SELECT 1 FROM job_steps s JOIN jobs j ON j.job_no = s.job_no
     WHERE j.is_open = 1 AND s.step = 'destroying' AND s.facts ->> 'keyId' = $keyId LIMIT 1`,
    { keyId },
  ) !== undefined
