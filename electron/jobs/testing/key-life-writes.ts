/** Keys at work: what is encrypted under them, and how they are replaced. */
import { expect } from 'vitest'
import type { ArtifactId, JobId } from '../../../shared/ids.ts'
import { by, reserve } from '../../catalog/testing/catalog-in-thread.ts'
import {
  chosen,
  codeOf,
  factsOf,
  isErased,
  isHere,
  type KeyLife,
  keysOf,
  makeKey,
  type ModelKey,
  type ModelPayload,
  type ModelVersion,
  move,
  newPayload,
  startJob,
  versionsOf,
  wrap,
} from './key-life.ts'

export async function encrypt(life: KeyLife, asked: { name: number; fails: boolean }): Promise<void> {
  const { catalog, storeId } = life
  const name = `model-${asked.name}.pkl`
  const jobId = startJob(life, 'encrypt')
  const reservation = reserve(catalog, storeId, name, { jobId })
  const { artifactId, version } = reservation
  const active = keysOf(life, artifactId).find(({ state }) => state === 'active')
  expect(reservation.activeKeyId).toBe(active?.keyId ?? null)
  const payload = newPayload()
  let made: ModelKey | null = null
  const failed = await codeOf(async () => {
    made = active === undefined ? await makeKey(life, { jobId, artifactId, name }) : null
    const key = active ?? made
    if (!key) throw new Error('there is a key')
    const { header, fingerprint } = await wrap(life, key, payload)
    if (asked.fails) return
    const facts = factsOf(reservation, key.keyId, payload, fingerprint)
    catalog.encryptCompleted({
      ...facts,
      activateKey: active === undefined,
      end: { outcome: 'Stored', report: [] },
    })
    payload.wrappedBy.add(key.keyId)
    life.versions.push({ artifactId, version, payload, header, others: [], givenUpFor: new Set() })
    if (active === undefined) move(key, 'active')
  })
  expect(failed === null).toBe(!life.isLocked && (active === undefined || isHere(life, active)))
  if (failed === null && !asked.fails) return
  if (made) await takeBack(life, made, jobId)
  catalog.releaseReservation(jobId)
  catalog.setJobState(jobId, 'cancelled')
}

/** A job takes back the key that it made: nobody else has used it. */
async function takeBack(life: KeyLife, key: ModelKey, jobId: ReturnType<typeof startJob>): Promise<void> {
  const { catalog, secrets } = life
  const step = { jobId, keyId: key.keyId, wasPresent: true, reason: 'taken back', by }
  catalog.keyDestroying(step)
  const failed = await codeOf(() => secrets.destroy(key.keyId))
  expect(failed === null).toBe(!life.isLocked && !life.keepsDeleted)
  if (failed !== null) return
  catalog.keyDestroyed({ ...step, facts: {} })
  move(key, 'destroyed')
}

type Planned = { version: ModelVersion; header: Uint8Array; payload: ModelPayload; fingerprint: string }

export async function rotate(
  life: KeyLife,
  asked: { version: number; method: 'rewrap' | 're-encrypt'; ends: 'done' | 'taken-back' | 'given-up' },
): Promise<void> {
  const { catalog, storeId } = life
  const first = chosen(life.versions, asked.version)
  if (first === undefined) return
  const { artifactId } = first
  const versions = versionsOf(life, artifactId).filter((version) => !isErased(life, version))
  if (versions.length === 0) return
  const { name } = catalog.artifactRow(artifactId)
  const jobId = startJob(life, asked.method)
  let key: ModelKey | null = null
  const made = await codeOf(async () => {
    key = await makeKey(life, { jobId, artifactId, name })
  })
  expect(made === null).toBe(!life.isLocked)
  if (key === null) return void catalog.setJobState(jobId, 'cancelled')
  const fresh: ModelKey = key
  const planned: Planned[] = []
  for (const version of versions) {
    const payload = asked.method === 'rewrap' ? version.payload : newPayload()
    const { header, fingerprint } = await wrap(life, fresh, payload)
    const wrapped = { jobId, artifactId, version: version.version, keyId: fresh.keyId, fingerprint }
    if (asked.method === 'rewrap')
      catalog.headerPlanned({ ...wrapped, header: Buffer.from(header).toString('base64') })
    else {
      const nonce = Buffer.from(payload.nonce).toString('hex')
      const rest = { leafDigests: new Uint8Array(32), root: 'cd'.repeat(32), algorithm: 'blake3' }
      catalog.payloadPlanned({ ...wrapped, payload: { nonce, ...rest } })
    }
    planned.push({ version, header, payload, fingerprint })
  }
  if (asked.ends === 'given-up') return abandon(life, { jobId, artifactId, fresh, planned })
  if (asked.ends === 'taken-back') {
    catalog.rotationTakenBack({ jobId, artifactId })
    // Somebody may have read the header meanwhile.
    if (asked.method === 'rewrap') for (const { payload } of planned) payload.wrappedBy.add(fresh.keyId)
    await takeBack(life, fresh, jobId)
    return void catalog.setJobState(jobId, 'cancelled')
  }
  const { more } = catalog.rotationCompleted({
    jobId,
    method: asked.method,
    artifactId,
    keyId: fresh.keyId,
    reason: 'asked',
    absent: [],
    versions: planned.map(({ version, fingerprint }) => ({
      version: version.version,
      fingerprint,
      objects: catalog
        .versionForOpening(artifactId, version.version)
        .objects.map(({ objectName, sizeBytes }) => ({
          storeId,
          objectName,
          sizeBytes,
          revision: jobId,
          checksum: null,
        })),
    })),
    outcome: 'Rotated',
    report: [],
    by,
  })
  expect(more).toEqual([])
  for (const { version, header, payload } of planned) {
    payload.wrappedBy.add(fresh.keyId)
    if (version.payload !== payload) version.givenUpFor.clear()
    Object.assign(version, { header, payload, others: [] })
  }
  const before = keysOf(life, artifactId).find(({ state }) => state === 'active')
  if (before) move(before, 'deactivated')
  move(fresh, 'active')
}

/** Its files are gone, some of them under the new header, and given up by name: either may turn up again. */
function abandon(
  life: KeyLife,
  {
    jobId,
    artifactId,
    fresh,
    planned,
  }: { jobId: JobId; artifactId: ArtifactId; fresh: ModelKey; planned: Planned[] },
): void {
  const { catalog } = life
  const objects = planned.flatMap(({ version: { version } }) =>
    catalog
      .versionForOpening(artifactId, version)
      .objects.map(({ storeId, objectName }) => ({ version, storeId, objectName })),
  )
  const end = { outcome: 'Given up', report: [], by }
  catalog.rotationGivenUp({ jobId, artifactId, keyId: fresh.keyId, objects, ...end })
  move(fresh, 'active')
  move(fresh, 'deactivated')
  for (const { version, header, payload, fingerprint } of planned) {
    payload.wrappedBy.add(fresh.keyId)
    if (payload === version.payload) version.others.push(header)
    else if (version.version % 2 === 0) {
      // One that was encrypted anew turns up.
      catalog.givenUpPayloadMet({ artifactId, version: version.version, fingerprint })
      version.givenUpFor.clear()
      Object.assign(version, { header, payload, others: [] })
    }
  }
}
