/** Keys at rest and keys that leaked, and a keychain that is locked. */
import { expect } from 'vitest'
import { by } from '../../catalog/testing/catalog-in-thread.ts'
import { chosen, codeOf, isErased, type KeyLife, keysOf, type ModelKey, move } from './key-life.ts'

export function lock(life: KeyLife, on: boolean): void {
  life.isLocked = on
  if (on) life.keychain.lock()
  else life.keychain.unlock()
}

export async function rest(life: KeyLife, key: ModelKey, what: 'suspend' | 'resume'): Promise<void> {
  const to = what === 'suspend' ? 'suspended' : 'active'
  const other = keysOf(life, key.artifactId).some(({ state }) => state === 'active')
  const legal =
    key.destroying === null &&
    key.scheduled === null &&
    (to === 'active' ? key.state === 'suspended' && !other : key.state === 'active')
  const failed = await codeOf(() => life.catalog.keyRested({ keyId: key.keyId, to, reason: 'asked', by }))
  expect(failed === null).toBe(legal)
  if (legal) move(key, to)
}

export function revoke(life: KeyLife, picked: readonly number[]): void {
  const all = [...life.keys.values()]
  const wanted = [...new Set(picked.flatMap((at) => chosen(all, at) ?? []))].filter(({ leaked }) => !leaked)
  if (wanted.length === 0) return
  const keyIds = wanted.map(({ keyId }) => keyId)
  const plan = life.catalog.compromisePlan({ keyIds, since: null })
  expect(plan.keys.map(({ keyId }) => keyId).toSorted()).toEqual(keyIds.toSorted())
  const exposed = life.versions.filter(
    (version) => !isErased(life, version) && keyIds.some((keyId) => version.payload.wrappedBy.has(keyId)),
  )
  expect(plan.payloads).toBe(exposed.length)
  const request = { keyIds, since: null, reason: 'leaked', count: keyIds.length, by }
  life.incidents.push({ incidentId: life.catalog.revokeKeys(request), keyIds })
  for (const key of wanted) {
    if (key.state !== 'destroyed') move(key, 'compromised')
    key.leaked = true
  }
}

export function giveUp(life: KeyLife, asked: { version: number; incident: number }): void {
  const incident = chosen(life.incidents, asked.incident)
  const version = chosen(life.versions, asked.version)
  if (incident === undefined || version === undefined) return
  const { artifactId } = version
  const decided = { incidentId: incident.incidentId, artifactId, objectVersions: [], by }
  life.catalog.incidentGaveUp({ ...decided, versions: [version.version] })
  for (const keyId of incident.keyIds) version.givenUpFor.add(keyId)
}

/** Somebody's word about every copy that an incident lists: it changes what is left to do, and nothing of any key. */
export function tickCopies(life: KeyLife, asked: { incident: number; revoked: boolean }): void {
  const found = chosen(life.incidents, asked.incident)
  if (found === undefined) return
  const { incidentId } = found
  const { copies } = life.catalog.incident(incidentId)
  for (const { place, where } of copies)
    life.catalog.incidentCopyRevoked({ incidentId, place, where, revoked: asked.revoked, by })
  const { incident, copies: after } = life.catalog.incident(incidentId)
  expect(after.map(({ revokedAt }) => revokedAt !== null)).toEqual(copies.map(() => asked.revoked))
  if (asked.revoked) expect(incident.copiesToRevoke).toBe(0)
}
