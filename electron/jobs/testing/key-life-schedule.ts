/** Artifacts that wait for the day of their destruction, and those that are let off. */
import { expect } from 'vitest'
import { by } from '../../catalog/testing/catalog-in-thread.ts'
import { chosen, codeOf, type KeyLife, keysOf, move, versionsOf } from './key-life.ts'

/** From now on its keys encrypt nothing. */
export async function schedule(life: KeyLife, at: number): Promise<void> {
  const { catalog } = life
  const first = chosen(life.versions, at)
  if (first === undefined) return
  const { artifactId } = first
  const keys = keysOf(life, artifactId)
  // What stands half destroyed is another test's.
  if (keys.some(({ destroying }) => destroying !== null)) return
  const versions = versionsOf(life, artifactId).map(({ version }) => ({ artifactId, version }))
  const confirmed = { keyIds: keys.map(({ keyId }) => keyId), versions }
  const request = { artifactId, destroyAt: Date.UTC(2026, 11, 1), deleteCiphertext: false, confirmed, by }
  const failed = await codeOf(() => catalog.retirementScheduled(request))
  expect(failed).toBe(life.retiring.has(artifactId) ? 'retirement/scheduled' : null)
  if (failed !== null) return
  life.retiring.add(artifactId)
  for (const key of keys) {
    if (key.state === 'destroyed') continue
    key.scheduled = key.state
    if (key.state === 'active') move(key, 'suspended')
  }
}

/** What was active is active again, unless it leaked, was destroyed, or has a successor meanwhile. */
export async function unschedule(life: KeyLife, at: number): Promise<void> {
  const first = chosen(life.versions, at)
  if (first === undefined) return
  const { artifactId } = first
  const failed = await codeOf(() => life.catalog.retirementCancelled({ artifactId, by }))
  expect(failed).toBe(life.retiring.has(artifactId) ? null : 'retirement/not-scheduled')
  if (failed !== null) return
  life.retiring.delete(artifactId)
  const keys = keysOf(life, artifactId)
  for (const key of keys) {
    const isFree = !keys.some(({ state }) => state === 'active')
    if (key.scheduled === 'active' && key.state === 'suspended' && isFree) move(key, 'active')
    key.scheduled = null
  }
}
