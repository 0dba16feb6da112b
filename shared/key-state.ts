/**
 * The states of a key and the moves between them (NIST SP 800-57 part 1 revision 5, section 7): one pure table.
 *
 * Decided here where the standard leaves room:
 * - `pre-activation` was never used: it is activated or destroyed. A key found in a keychain by a rebuild, whose
 *   history is unknown, starts as `suspended` and not here.
 * - `pre-activation` may be found compromised before its first use.
 * - `suspended` returns to active, or ends its use for good (deactivated, compromised, destroyed).
 * - `active` is destroyed at once when its artifact is retired: the audit log and the certificate date both.
 * - `destroyed` is the end: bringing a key back from a copy is an import, by name and audited, no move of this table.
 */
import type { KeyState } from './domain/key.ts'
import { failed, ok } from './failure.ts'
import type { Result } from './failure.ts'

const moves: Record<KeyState, readonly KeyState[]> = {
  'pre-activation': ['active', 'compromised', 'destroyed'],
  active: ['suspended', 'deactivated', 'compromised', 'destroyed'],
  suspended: ['active', 'deactivated', 'compromised', 'destroyed'],
  deactivated: ['compromised', 'destroyed'],
  compromised: ['destroyed'],
  destroyed: [],
}

/** @returns the new state, or `key/illegal-transition`, which names both */
export const transition = (from: KeyState, to: KeyState): Result<KeyState> =>
  moves[from].includes(to) ? ok(to) : failed({ code: 'key/illegal-transition', from, to })

/** Only an active key wraps new file keys. */
export const mayEncrypt = (state: KeyState): boolean => state === 'active'

/** What was wrapped stays readable until the key is destroyed. */
export const mayOpen = (state: KeyState): boolean =>
  state === 'active' || state === 'suspended' || state === 'deactivated' || state === 'compromised'
