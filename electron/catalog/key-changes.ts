/** Parts of a key's changes: its row, its events, its copies. */
import type { AuditEventCode } from '../../shared/audit-events.ts'
import type { KeyAlgorithm, KeyCopy, KeyState } from '../../shared/domain/key.ts'
import type { JobId, KeyId } from '../../shared/ids.ts'
import { fail } from '../../shared/failure.ts'
import { transition } from '../../shared/key-state.ts'
import { audit } from './audit-log.ts'
import type { Actor, Facts } from './catalog.ts'
import type { Context } from './context.ts'
import type { NumberedKey } from './key-rows.ts'
import { nameKey } from './search-terms.ts'

export type NewKey = {
  keyId: KeyId
  artifactNo: number | null
  state: KeyState
  algorithm: KeyAlgorithm
  recipient: string
  backend: string
  madeOn: string
  origin: 'made' | 'imported' | 'rebuilt'
  reason: string
}

/** A new row with the artifact's next key number. @returns its number */
export function insertKey(context: Context, key: NewKey): number {
  const { artifactNo, keyId } = key
  const artifact = artifactNo === null ? undefined : nameAndNextNumber(context, artifactNo)
  const number = artifact?.number ?? 1
  const names = artifact
    ? namesOf(artifact.name, number, keyId)
    : { alias: `key ${keyId.slice(0, 8)}`, searchKey: nameKey(`key ${keyId.slice(0, 8)} ${keyId}`) }
  const { lastNo } = context.run(
    `INSERT INTO keys (key_id, artifact_no, number, alias, search_key, state, algorithm, recipient, backend, made_on,
       origin, reason, created_at)
     VALUES ($keyId, $artifactNo, $number, $alias, $searchKey, $state, $algorithm, $recipient, $backend, $madeOn,
       $origin, $reason, $at)`,
    {
      ...key,
      number,
      ...names,
      at: context.now(),
    },
  )
  context.touchKey(lastNo)
  return lastNo
}

/** A key that belonged to nothing (it was imported, or restored) is the artifact's from now on, with the next number of
 * its keys: what rotates and retires the artifact finds it. */
export function giveToArtifact(context: Context, keyId: KeyId, artifactNo: number): void {
  const key = context.get<{ keyNo: number }>(
    'SELECT key_no AS keyNo FROM keys WHERE key_id = $keyId AND artifact_no IS NULL',
    { keyId },
  )
  const artifact = nameAndNextNumber(context, artifactNo)
  if (!key || !artifact) return
  const { name, number } = artifact
  context.run(
    `UPDATE keys SET artifact_no = $artifactNo, number = $number, alias = $alias, search_key = $searchKey
     WHERE key_no = $keyNo`,
    { keyNo: key.keyNo, artifactNo, number, ...namesOf(name, number, keyId) },
  )
  context.touchKey(key.keyNo)
}

const namesOf = (name: string, number: number, keyId: KeyId) => ({
  alias: `${name.slice(name.lastIndexOf('/') + 1)} · key ${number}`,
  searchKey: nameKey(`${name} key ${number} ${keyId}`),
})

const nameAndNextNumber = (context: Context, artifactNo: number) =>
  context.get<{ name: string; number: number }>(
    `SELECT name, 1 + coalesce((SELECT max(number) FROM keys WHERE artifact_no = $artifactNo), 0) AS number
     FROM artifacts WHERE artifact_no = $artifactNo`,
    { artifactNo },
  )

/** Moves a key to a state: dates, event and audit entry. An import by name alone leads back from `destroyed`.
 * @throws key/illegal-transition */
export function changeState(
  context: Context,
  key: NumberedKey,
  change: {
    to: KeyState
    event: AuditEventCode
    reason: string
    jobId: JobId | null
    facts?: Facts
    by: Actor
  },
): void {
  const { to, event, reason, jobId, by } = change
  if (event !== 'key-destruction-reversed' && !transition(key.state, to).ok)
    fail({ code: 'key/illegal-transition', from: key.state, to })
  context.run(
    `UPDATE keys SET state = $to, reason = $reason,
       activated_at = CASE WHEN $to = 'active' THEN coalesce(activated_at, $at) ELSE activated_at END,
       compromised_at = CASE WHEN $to = 'compromised' THEN coalesce(compromised_at, $at) ELSE compromised_at END,
       inactive_at = CASE WHEN $to = 'active' THEN NULL WHEN state = 'active' THEN $at ELSE inactive_at END
     WHERE key_no = $keyNo`,
    { to, reason, at: context.now(), keyNo: key.keyNo },
  )
  const facts = { from: key.state, to, reason, ...change.facts }
  tellOfKey(context, key, { event, from: key.state, to, reason, jobId, facts, by })
  context.touchKey(key.keyNo)
}

/** A line of the key's own history, and the same in the audit log. */
export function tellOfKey(
  context: Context,
  key: Pick<NumberedKey, 'keyNo' | 'keyId' | 'alias' | 'artifactId'>,
  told: {
    event: AuditEventCode
    from?: KeyState
    to?: KeyState
    reason: string
    jobId: JobId | null
    facts: Facts
    by: Actor
  },
): void {
  const { event, from = null, to = null, reason, jobId, facts, by } = told
  const { keyNo, keyId, alias, artifactId } = key
  addEvent(context, keyNo, { event, from, to, reason, who: by.who })
  audit(context, { event, on: alias, artifactId, keyId, jobId, facts, by })
}

/** A line of the key's own history. */
export function addEvent(
  context: Context,
  keyNo: number,
  event: { event: AuditEventCode; from: KeyState | null; to: KeyState | null; reason: string; who: string },
): void {
  context.run(
    `INSERT INTO key_events (key_no, at, event, from_state, to_state, reason, who)
     VALUES ($keyNo, $at, $event, $from, $to, $reason, $who)`,
    { keyNo, at: context.now(), ...event },
  )
  context.changed('keys')
}

/** Where the keychain's item of a key is, in words that name nothing but the key. */
export const keychainItem = (keyId: KeyId): string => `Weightlock/${keyId}`

/** Adds a copy or brings a known one up to date. */
export function recordCopy(
  context: Context,
  keyNo: number,
  { place, where, state }: Pick<KeyCopy, 'place' | 'where' | 'state'>,
): void {
  context.run(
    `INSERT INTO key_copies (key_no, place, location, state, at, last_seen_at)
     VALUES ($keyNo, $place, $where, $state, $at, $seen)
     ON CONFLICT DO UPDATE SET state = $state, at = CASE WHEN state = $state THEN at ELSE $at END,
       last_seen_at = coalesce($seen, last_seen_at)`,
    { keyNo, place, where, state, at: context.now(), seen: state === 'present' ? context.now() : null },
  )
  context.touchKey(keyNo)
}
