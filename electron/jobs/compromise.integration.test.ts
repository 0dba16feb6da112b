/** A compromise from the report to the destroyed key, with a bucket that keeps object versions. */
import { readFileSync, statSync } from 'node:fs'
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bucketPrefix, openBucketHouse, type BucketHouse } from '../../scripts/test/faults/bucket-house.ts'
import { openHouse, settled, stored, type House } from '../../scripts/test/faults/house.ts'
import { hasS3Server } from '../../scripts/test/s3-server.ts'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import type { KeyId } from '../../shared/ids.ts'

const revoke = async (house: House, keyIds: KeyId[]) => {
  const plan = await house.call('keys:compromise-plan', { keyIds, since: null })
  const request = { keyIds, since: null, reason: 'laptop stolen', count: plan.keys.length }
  return (await house.call('keys:revoke', request)).incidentId
}

describe('a key that is revoked', () => {
  let house: House
  let model: ArtifactRow
  beforeAll(async () => {
    house = await openHouse()
    model = await stored(house, house.input('model.bin', 'weights'))
  })
  afterAll(() => house.stop())

  it('encrypts nothing more, and what it wrapped is tainted until the next payload', async () => {
    await revoke(house, [model.keyId])
    const second = await stored(house, house.input('model.bin', 'other weights'))
    expect(second.keyId).not.toBe(model.keyId)
    const { artifact, versions } = await house.call('artifacts:show', { artifactId: model.artifactId })
    expect(artifact).toMatchObject({ isTainted: true, keyState: 'active' })
    expect(versions.map(({ version, taintedBy }) => ({ version, taintedBy }))).toEqual([
      { version: 2, taintedBy: [] },
      { version: 1, taintedBy: [1] },
    ])
    expect(await house.call('audit:verify', {})).toMatchObject({ intact: true })
  })

  it('is meant by a date where it was made since, and never twice', async () => {
    const later = await stored(house, house.input('later.bin', 'weights'))
    const plan = await house.call('keys:compromise-plan', { keyIds: null, since: later.encryptedAt - 1000 })
    expect(plan.keys.map(({ keyId }) => keyId)).toContain(later.keyId)
    expect(plan.keys.map(({ keyId }) => keyId)).not.toContain(model.keyId)
    const again = { keyIds: [model.keyId], since: null, reason: 'again', count: 1 }
    expect(await house.invoke('keys:revoke', again)).toMatchObject({
      ok: false,
      failure: { code: 'key/leak-grew', confirmed: 1, meant: 0 },
    })
  })
})

describe('an artifact whose key leaked', () => {
  it('can be retired at once: nobody has to decide about what goes anyway', async () => {
    const house = await openHouse()
    const { artifactId, keyId, name } = await stored(house, house.input('gone.bin', 'weights'))
    await revoke(house, [keyId])
    const { jobIds } = await house.call('retirement:start', {
      artifactIds: [artifactId],
      confirmName: name,
      inDays: null,
      deleteCiphertext: false,
    })
    for (const jobId of jobIds) expect((await settled(house, jobId)).failure).toBeNull()
    expect((await house.call('keys:show', { keyId })).key.state).toBe('destroyed')
    await house.stop()
  })
})

describe.runIf(await hasS3Server())('a leaked key, and a bucket that keeps object versions', () => {
  let place: BucketHouse
  let house: House
  let model: ArtifactRow
  beforeAll(async () => {
    place = await openBucketHouse({ versioning: true })
    ;({ house } = place)
    model = await stored(house, house.input('model.bin', 'weights'))
    await putAgain()
  })
  afterAll(() => place?.stop())

  /** The same bytes once more: the object version before stays, under its leaked key. */
  async function putAgain(): Promise<void> {
    const where = { Bucket: place.bucket, Key: `${bucketPrefix}/${model.objectName}` }
    const { Body, Metadata } = await place.server.client.send(new GetObjectCommand(where))
    const bytes = await Body?.transformToByteArray()
    await place.server.client.send(new PutObjectCommand({ ...where, Body: bytes, Metadata }))
  }

  const destroyed = async () => {
    const { keyId, name } = model
    const { jobId } = await house.call('keys:destroy', { keyId, confirmName: name })
    return settled(house, jobId)
  }

  it('is destroyed only once every version was decided about', async () => {
    const { artifactId, keyId, name, storeId } = model
    const incidentId = await revoke(house, [keyId])
    const old = await house.call('incidents:old-versions', { incidentId })
    expect(old).toMatchObject({
      versions: [{ name, keyId, storeId, objectName: model.objectName, isGivenUp: false }],
      unasked: [],
    })
    const [kept] = old.versions
    if (kept === undefined) throw new Error('nothing is kept')
    const waits = await destroyed()
    expect(waits.failure).toEqual({ code: 'key/still-opens', keyId, versions: 1, objectVersions: 1 })

    const { versions: listed } =
      (await house.call('artifacts:object-versions', { artifactId })).objects[0] ?? {}
    const latest = listed?.find(({ isLatest }) => isLatest)?.versionId ?? ''
    const ref = { storeId, objectName: model.objectName }
    const refused = await house.call('incidents:settle', {
      incidentId,
      decisions: [
        { kind: 'delete', ...ref, versionId: latest },
        { kind: 'give-up', artifactId, confirmName: 'another', versions: [1], objectVersions: [] },
      ],
    })
    expect(refused).toMatchObject({
      settled: 0,
      failures: [
        { decision: 0, failure: { code: 'incident/version-in-use' } },
        { decision: 1, failure: { code: 'confirm/name-mismatch' } },
      ],
    })

    // Something else under its name: the older object version is all that the artifact is left with.
    const Key = `${bucketPrefix}/${model.objectName}`
    const written = { Bucket: place.bucket, Key, Body: 'of somebody else' }
    const { VersionId } = await place.server.client.send(new PutObjectCommand(written))
    expect((await house.call('incidents:old-versions', { incidentId })).versions).toHaveLength(2)
    const older = [kept.versionId, latest].map((versionId) => ({
      kind: 'delete' as const,
      ...ref,
      versionId,
    }))
    expect(await house.call('incidents:settle', { incidentId, decisions: older })).toMatchObject({
      settled: 0,
      failures: older.map(() => ({ failure: { code: 'incident/version-in-use' } })),
    })
    await place.server.client.send(new DeleteObjectCommand({ Bucket: place.bucket, Key, VersionId }))

    const done = await house.call('incidents:settle', {
      incidentId,
      decisions: [
        { kind: 'delete', ...ref, versionId: kept.versionId },
        { kind: 'give-up', artifactId, confirmName: name, versions: [1], objectVersions: [] },
      ],
    })
    expect(done).toEqual({ settled: 2, failures: [] })
    expect((await house.call('incidents:old-versions', { incidentId })).versions).toEqual([])
    expect((await destroyed()).job?.state).toBe('done')
    expect((await house.call('keys:show', { keyId })).key.state).toBe('destroyed')

    const target = { path: house.at('incident.txt') }
    await house.call('incidents:save-report', { incidentId, target })
    expect(statSync(target.path).mode & 0o777).toBe(0o600)
    const report = readFileSync(target.path, 'utf8')
    expect(report).toContain('Reason: laptop stolen')
    expect(report).toContain(`${keyId}  model.bin · key 1: destroyed`)
    expect(report).toContain('No old object version that a leaked key opens was found')
    expect(report).toContain('Not proved')
  })
})
