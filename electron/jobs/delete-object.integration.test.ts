/** Ciphertext deleted from a store: not its key, not its other copies, and not what a bucket keeps unless asked. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { ListObjectVersionsCommand } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openBucketHouse, type BucketHouse } from '../../scripts/test/faults/bucket-house.ts'
import { decrypt, encrypt, settled, stored, type House } from '../../scripts/test/faults/house.ts'
import { expectSound, failureIn } from '../../scripts/test/faults/soundness.ts'
import { s3Error } from '../../scripts/test/s3-proxy.ts'
import { hasS3Server } from '../../scripts/test/s3-server.ts'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import type { JobId, StoreId } from '../../shared/ids.ts'

const hasServer = await hasS3Server()

describe.runIf(hasServer)('deleting ciphertext', () => {
  let bucket: BucketHouse
  let house: House
  let local: StoreId

  beforeAll(async () => {
    bucket = await openBucketHouse({ versioning: true })
    house = bucket.house
    const { stores } = await house.call('stores:list', {})
    local = stores.find(({ kind }) => kind === 'local-folder')?.storeId ?? bucket.storeId
  })
  afterAll(() => bucket.stop())
  afterEach(async () => {
    bucket.proxy.meet(null)
    await expectSound(house)
  })

  const request = ({ artifactId, name }: ArtifactRow, storeId: StoreId, objectVersions: boolean) => ({
    items: [{ artifactId, storeId }],
    version: null,
    objectVersions,
    confirmName: name,
  })
  async function remove(artifact: ArtifactRow, storeId: StoreId, objectVersions = false) {
    const { jobIds } = await house.call('artifacts:delete', request(artifact, storeId, objectVersions))
    return settled(house, jobIds[0] ?? ('' as JobId))
  }
  async function copy({ artifactId }: ArtifactRow, storeId: StoreId) {
    const items = [{ artifactId, fromStoreId: null }]
    const { jobIds } = await house.call('artifacts:copy', { items, storeId, version: null, move: false })
    expect((await settled(house, jobIds[0] ?? ('' as JobId))).job?.state).toBe('done')
  }
  const show = ({ artifactId }: ArtifactRow) => house.call('artifacts:show', { artifactId })
  const versionsOf = async (name: string) => {
    const asked = { Bucket: bucket.bucket, Prefix: `models/${name}` }
    const { Versions = [], DeleteMarkers = [] } = await bucket.server.client.send(
      new ListObjectVersionsCommand(asked),
    )
    return { objects: Versions.length, markers: DeleteMarkers.length }
  }
  const events = async (query: string) =>
    (
      await house.call('audit:list', { query, category: 'artifacts', since: null, offset: 0, limit: 3 })
    ).rows.map(({ event }) => event)

  it('leaves the other copies and the key, and says so', async () => {
    const artifact = await stored(house, house.input('kept.bin', 'kept'), { storeId: local })
    await copy(artifact, bucket.storeId)
    const { artifactId } = artifact
    expect(
      await house.call('artifacts:deletion', { artifactId, storeId: local, version: null }),
    ).toMatchObject({
      store: 'Local',
      keyState: 'active',
      objects: [{ version: 1, objectName: 'kept.bin.age', location: artifact.location }],
      remaining: [{ version: 1, store: 'bucket' }],
      keepsObjectVersions: false,
    })
    const { job } = await remove(artifact, local)
    expect(job).toMatchObject({ state: 'done', outcome: 'Ciphertext deleted; its key is not destroyed' })
    expect(job?.report).toEqual([
      'Deleted, then looked for: kept.bin.age is gone',
      'Version 1: 1 copy left, in bucket',
      'The key is not destroyed: it opens every copy that is left, and every backup of one',
    ])
    expect(existsSync(artifact.location)).toBe(false)
    expect(await show(artifact)).toMatchObject({
      artifact: { status: 'stored', keyState: 'active', store: 'bucket' },
    })
    expect((await decrypt(house, artifact, house.at('kept-opened'))).job?.state).toBe('done')
    expect(readFileSync(house.at('kept-opened'), 'utf8')).toBe('kept')
    expect(await events('kept.bin')).toContain('object-deleted')
  })

  it('shows an artifact whose last ciphertext was deleted as such, until a copy is put back', async () => {
    const artifact = await stored(house, house.input('last.bin', 'last'), { storeId: local })
    const ciphertext = readFileSync(artifact.location)
    const { job } = await remove(artifact, local)
    expect(job?.report).toContain('Version 1: no other copy is known here')
    expect(await show(artifact)).toMatchObject({
      artifact: { status: 'deleted', keyState: 'active' },
      versions: [{ status: 'deleted', objects: [{ store: 'Local', state: 'deleted' }] }],
    })
    // Said at once: no job is made of it.
    const { jobs: before } = await house.call('jobs:snapshot', {})
    const { artifactId } = artifact
    const target = { path: house.at('never') }
    const asked = { artifactId, version: null, target, unpack: false }
    const gone = { ok: false, failure: { code: 'artifact/ciphertext-deleted', name: 'last.bin', version: 1 } }
    expect(await house.invoke('decrypt:start', asked)).toEqual(gone)
    const items = [{ artifactId, fromStoreId: null }]
    const copying = { items, storeId: local, version: null, move: false }
    expect(await house.invoke('artifacts:copy', copying)).toEqual(gone)
    expect((await house.call('jobs:snapshot', {})).jobs).toHaveLength(before.length)
    const list = await house.call('artifacts:list', {
      storeId: local,
      folder: '',
      deep: true,
      query: 'last.bin',
      sort: { by: 'name', descending: false },
      foreign: true,
      offset: 0,
      limit: 10,
    })
    expect(list.rows).toMatchObject([{ type: 'artifact', status: 'deleted' }])
    expect(list.ciphertextBytes).toBe(0)
    writeFileSync(artifact.location, ciphertext)
    await house.call('stores:scan', { storeId: local })
    expect(await show(artifact)).toMatchObject({ artifact: { status: 'stored' } })
    expect((await decrypt(house, artifact, house.at('last-opened'))).job?.state).toBe('done')
  })

  it('leaves object versions in a bucket that keeps them, unless asked', async () => {
    const { storeId } = bucket
    const staying = await stored(house, house.input('staying.bin', 'x'), { storeId })
    const going = await stored(house, house.input('going.bin', 'x'), { storeId })
    const { artifactId } = going
    expect(await house.call('artifacts:deletion', { artifactId, storeId, version: null })).toMatchObject({
      keepsObjectVersions: true,
      remaining: [],
    })
    expect((await remove(staying, storeId)).job?.report).toContain(
      'Object versions stay in bucket: whoever may read them still finds the ciphertext',
    )
    expect(await versionsOf('staying.bin')).toEqual({ objects: 1, markers: 1 })
    expect((await remove(going, storeId, true)).job?.report).toContain(
      'Object versions of it are gone from bucket as well',
    )
    expect(await versionsOf('going.bin')).toEqual({ objects: 0, markers: 0 })
    expect(await events('going.bin')).toContain('object-versions-deleted')
  })

  it('fails as denied where it is denied, and goes on with what was left of it', async () => {
    const { storeId } = bucket
    const artifact = await stored(house, house.input('denied.bin', 'x'), { storeId })
    bucket.proxy.meet(async ({ operation }, forward) =>
      operation === 'DeleteObject' ? s3Error(403, 'AccessDenied') : forward(),
    )
    expect(failureIn(await remove(artifact, storeId))).toMatchObject({
      code: 'store/permission-missing',
      permission: 's3:DeleteObject',
    })
    expect(await show(artifact)).toMatchObject({ artifact: { status: 'stored' } })

    bucket.proxy.meet(async ({ operation, query }, forward) =>
      operation === 'DeleteObject' && query.has('versionId') ? s3Error(403, 'AccessDenied') : forward(),
    )
    const ended = await remove(artifact, storeId, true)
    expect(failureIn(ended)).toMatchObject({ permission: 's3:DeleteObjectVersion' })
    expect(await show(artifact)).toMatchObject({ artifact: { status: 'deleted' } })
    bucket.proxy.meet(null)
    const jobId = ended.job?.jobId ?? ('' as JobId)
    await house.call('jobs:resume', { jobIds: [jobId] })
    expect((await settled(house, jobId)).job?.state).toBe('done')
    expect(await versionsOf('denied.bin')).toEqual({ objects: 0, markers: 0 })
  })

  it('is settled by looking where the reply was lost', async () => {
    const artifact = await stored(house, house.input('lost.bin', 'x'), { storeId: bucket.storeId })
    let lost = 0
    bucket.proxy.meet(async ({ operation }, forward) => {
      const reply = await forward()
      return operation === 'DeleteObject' && lost++ === 0 ? 'cut' : reply
    })
    expect((await remove(artifact, bucket.storeId)).job?.state).toBe('done')
    expect(lost).toBeGreaterThan(0)
    expect(await show(artifact)).toMatchObject({ artifact: { status: 'deleted' } })
  })

  it('touches nothing that is not ours, and nothing whose name was not typed', async () => {
    const artifact = await stored(house, house.input('swapped.bin', 'x'), { storeId: local })
    const other = await stored(house, house.input('precious.bin', 'y'), { storeId: local })
    const own = readFileSync(artifact.location)
    writeFileSync(artifact.location, readFileSync(other.location))
    expect(failureIn(await remove(artifact, local))?.code).toBe('verify/swapped')
    expect(existsSync(artifact.location)).toBe(true)
    writeFileSync(artifact.location, own)
    const wrong = await house.invoke('artifacts:delete', {
      ...request(artifact, local, false),
      confirmName: 'swapped',
    })
    expect(wrong).toMatchObject({
      ok: false,
      failure: { code: 'confirm/name-mismatch', expected: 'swapped.bin' },
    })
    expect(existsSync(artifact.location)).toBe(true)
  })

  it('leaves room for a new version under the next number', async () => {
    const artifact = await stored(house, house.input('again.bin', 'x'), { storeId: local })
    await remove(artifact, local)
    expect((await encrypt(house, house.input('again.bin', 'y'), { storeId: local })).job?.state).toBe('done')
    expect(await show(artifact)).toMatchObject({
      artifact: { version: 2, status: 'stored', keyId: artifact.keyId },
    })
  })
})
