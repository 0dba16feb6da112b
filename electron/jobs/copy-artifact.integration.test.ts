/** Ciphertext copied and moved between a folder, a bucket and another bucket, without a key. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openBucketHouse, type BucketHouse } from '../../scripts/test/faults/bucket-house.ts'
import { decrypt, settled, stored, type House } from '../../scripts/test/faults/house.ts'
import { expectSound, failureIn } from '../../scripts/test/faults/soundness.ts'
import { systemAge } from '../../scripts/test/peer-tools.ts'
import { requirePeer } from '../../scripts/test/require-peer.ts'
import { s3Error, type Meet } from '../../scripts/test/s3-proxy.ts'
import { hasS3Server } from '../../scripts/test/s3-server.ts'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import { JobId, newId, type StoreId } from '../../shared/ids.ts'

const run = promisify(execFile)
const age = await systemAge()
const hasAge = requirePeer('age', age.tools !== null, age.tools === null ? age.reason : '')
const hasServer = await hasS3Server()
const nobody = newId(JobId)
/** Four parts of 16 MiB, four leaves. */
const sizeBytes = 50 * 2 ** 20 + 12_345

describe.runIf(hasServer)('an artifact’s ciphertext', () => {
  let bucket: BucketHouse
  let house: House
  let local: StoreId
  let nas: StoreId

  beforeAll(async () => {
    bucket = await openBucketHouse()
    house = bucket.house
    const { stores } = await house.call('stores:list', {})
    local = stores.find(({ kind }) => kind === 'local-folder')?.storeId ?? bucket.storeId
    const path = house.at('nas')
    mkdirSync(path)
    const added = { name: 'nas', kind: 'local-folder', settings: {}, paths: { path: { path } }, secrets: {} }
    nas = (await house.call('stores:add', added)).storeId
  })
  afterAll(() => bucket.stop())
  afterEach(async () => {
    house.onStep = () => undefined
    bucket.proxy.meet(null)
    await expectSound(house)
    await expectNoUploads()
  })

  const expectNoUploads = async () => expect(await bucket.openUploads()).toEqual([])
  type Choices = { from?: StoreId | null; move?: boolean; version?: number | null }

  async function startCopy(artifact: ArtifactRow, to: StoreId, choices: Choices = {}): Promise<JobId> {
    const { from = null, move = false, version = null } = choices
    const items = [{ artifactId: artifact.artifactId, fromStoreId: from }]
    const { jobIds } = await house.call('artifacts:copy', { items, storeId: to, version, move })
    const [jobId] = jobIds
    if (jobId === undefined) throw new Error('no job')
    return jobId
  }
  const copy = async (artifact: ArtifactRow, to: StoreId, choices?: Choices) =>
    settled(house, await startCopy(artifact, to, choices))
  const objectsOf = async ({ artifactId }: ArtifactRow) => {
    const { versions } = await house.call('artifacts:show', { artifactId })
    return versions.flatMap(({ version, objects }) => objects.map((object) => ({ version, ...object })))
  }
  const storesOf = async (artifact: ArtifactRow) => (await objectsOf(artifact)).map(({ store }) => store)
  const inBucket = async (name: string): Promise<Buffer> => {
    const asked = { Bucket: bucket.bucket, Key: `models/${name}` }
    const { Body } = await bucket.server.client.send(new GetObjectCommand(asked))
    return Buffer.from((await Body?.transformToByteArray()) ?? [])
  }
  const answer =
    (operation: string, how: Meet): Meet =>
    (request, forward) =>
      request.operation === operation ? how(request, forward) : forward()

  it('is the same bytes in a bucket, in a second folder, and wherever it was; stock age opens each', async () => {
    const plaintext = randomBytes(sizeBytes)
    const artifact = await stored(house, house.input('model.bin', plaintext), { storeId: local })
    const ciphertext = readFileSync(artifact.location)

    const { job } = await copy(artifact, bucket.storeId)
    expect(job).toMatchObject({ state: 'done', outcome: 'Copied and verified', kind: 'copy' })
    expect(job?.report).toEqual(['Version 1: Local → bucket, model.bin.age'])
    expect((await inBucket('model.bin.age')).equals(ciphertext)).toBe(true)
    const head = await bucket.server.client.send(
      new HeadObjectCommand({ Bucket: bucket.bucket, Key: 'models/model.bin.age' }),
    )
    expect(head.Metadata).toMatchObject({ format: '1', artifact: artifact.artifactId, key: artifact.keyId })

    expect((await copy(artifact, nas, { from: bucket.storeId })).job?.state).toBe('done')
    expect(readFileSync(house.at('nas', 'model.bin.age')).equals(ciphertext)).toBe(true)
    expect((await objectsOf(artifact)).map(({ store, state }) => `${store} ${state}`).toSorted()).toEqual([
      'Local present',
      'bucket present',
      'nas present',
    ])
    expect((await copy(artifact, nas)).job).toMatchObject({ state: 'done', outcome: 'Already in nas' })
    expect((await decrypt(house, artifact, house.at('opened.bin'))).job?.state).toBe('done')
    expect(readFileSync(house.at('opened.bin')).equals(plaintext)).toBe(true)
    if (!hasAge) return
    const identity = house.at('identity')
    await house.call('keys:export', { keyId: artifact.keyId, target: { path: identity }, understood: true })
    const options = ['-d', '-i', identity, '-o', house.at('by-age'), house.at('nas', 'model.bin.age')]
    await run(age.tools?.age ?? '', options)
    expect(readFileSync(house.at('by-age')).equals(plaintext)).toBe(true)
  })

  it('goes with every version, or with one, while the keychain is locked', async () => {
    const artifact = await stored(house, house.input('two.bin', 'first'), { storeId: local })
    await stored(house, house.input('two.bin', 'second'), { storeId: local })
    house.keychain.lock()
    expect((await copy(artifact, nas, { version: 2 })).job?.state).toBe('done')
    house.keychain.unlock()
    expect(existsSync(house.at('nas', 'two.bin.age'))).toBe(false)
    expect((await copy(artifact, bucket.storeId)).job?.report).toEqual([
      'Version 1: Local → bucket, two.bin.age',
      'Version 2: Local → bucket, two.v2.bin.age',
    ])
  })

  it('goes from one bucket into another, as it is, by way of this program', async () => {
    const { server, proxy } = bucket
    const { accessKeyId, secretAccessKey } = server.root
    const other = await server.makeBucket()
    const { storeId } = await house.call('stores:add', {
      name: 'other bucket',
      kind: 's3',
      settings: {
        preset: 'other',
        bucket: other,
        region: server.region,
        endpoint: proxy.endpoint,
        pathStyle: true,
        accessKeyId,
      },
      paths: {},
      secrets: { secretAccessKey },
    })
    const artifact = await stored(house, house.input('between.bin', randomBytes(2_000_000)), {
      storeId: bucket.storeId,
    })
    proxy.requests.length = 0
    expect((await copy(artifact, storeId)).job?.state).toBe('done')
    const asked = { Bucket: other, Key: 'between.bin.age' }
    const { Body, Metadata } = await server.client.send(new GetObjectCommand(asked))
    const copied = Buffer.from((await Body?.transformToByteArray()) ?? [])
    expect(copied.equals(await inBucket('between.bin.age'))).toBe(true)
    expect(Metadata).toMatchObject({ artifact: artifact.artifactId, key: artifact.keyId })
    // The probe of a new store copies objects of its own.
    const ofThis = proxy.requests.filter(({ url }) => url.includes('between'))
    expect(ofThis.map(({ operation }) => operation)).toContain('GetObject')
    expect(
      ofThis.filter(({ operation }) => operation.endsWith('Copy') || operation === 'CopyObject'),
    ).toEqual([])
  })

  it('goes on after a pause, and sends only the parts that are missing', async () => {
    const artifact = await stored(house, house.input('paused.bin', randomBytes(sizeBytes)), {
      storeId: local,
    })
    const { promise: reached, resolve } = Promise.withResolvers<void>()
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    // The third and the fourth, and no part of what the store is tried with.
    bucket.proxy.meet(
      answer('UploadPart', async ({ url, query }, forward) => {
        if (url.includes('paused.bin') && Number(query.get('partNumber')) > 2) await released
        return forward()
      }),
    )
    let done = 0
    house.onStep = (step, when) => {
      if (step === 'part-done' && when === 'after' && ++done === 2) resolve()
    }
    const jobId = await startCopy(artifact, bucket.storeId)
    await reached
    const pausing = house.call('jobs:pause', { jobIds: [jobId] })
    await house.call('jobs:snapshot', {})
    release()
    await pausing
    expect((await settled(house, jobId)).job?.state).toBe('paused')
    expect(await bucket.openUploads()).toEqual(['models/paused.bin.age'])
    const doneBefore = done
    await house.reopen()
    bucket.proxy.requests.length = 0
    await house.call('jobs:resume', { jobIds: [jobId] })
    expect((await settled(house, jobId)).job).toMatchObject({ state: 'done', failure: null })
    expect(bucket.count('UploadPart')).toBe(4 - doneBefore)
    expect(bucket.count('CreateMultipartUpload')).toBe(0)
    expect((await inBucket('paused.bin.age')).equals(readFileSync(artifact.location))).toBe(true)
  })

  it('does not leave where another artifact lies in its place, and nothing appears', async () => {
    const artifact = await stored(house, house.input('mine.bin', 'mine'), { storeId: local })
    const other = await stored(house, house.input('other.bin', 'other'), { storeId: local })
    const own = readFileSync(artifact.location)
    writeFileSync(artifact.location, readFileSync(other.location))
    const ended = await copy(artifact, bucket.storeId)
    expect(failureIn(ended)).toMatchObject({ code: 'verify/swapped', foundName: 'other.bin' })
    expect(await bucket.objectKeys()).not.toContain('models/mine.bin.age')
    const { rows } = await house.call('audit:list', {
      query: 'mine.bin',
      category: 'artifacts',
      since: null,
      offset: 0,
      limit: 5,
    })
    expect(rows[0]).toMatchObject({ event: 'version-refused' })
    writeFileSync(artifact.location, own)
  })

  it('does not leave where a byte of its last leaf was changed, though most of it was sent', async () => {
    const artifact = await stored(house, house.input('forged.bin', randomBytes(sizeBytes)), {
      storeId: local,
    })
    const bytes = readFileSync(artifact.location)
    bytes[bytes.length - 100] = (bytes.at(-100) ?? 0) ^ 1
    writeFileSync(artifact.location, bytes)
    expect(failureIn(await copy(artifact, bucket.storeId))).toMatchObject({ code: 'verify/altered' })
    expect(await bucket.objectKeys()).not.toContain('models/forged.bin.age')
    expect(await bucket.openUploads()).toEqual([])
    expect(await storesOf(artifact)).toEqual(['Local'])
  })

  it('is there once, although the reply that said so was lost', async () => {
    const artifact = await stored(house, house.input('lost.bin', randomBytes(sizeBytes)), { storeId: local })
    let lost = 0
    bucket.proxy.meet(
      answer('CompleteMultipartUpload', async (_, forward) => {
        await forward()
        lost += 1
        return 'cut'
      }),
    )
    expect((await copy(artifact, bucket.storeId)).job).toMatchObject({ state: 'done' })
    expect(lost).toBeGreaterThan(0)
    expect((await storesOf(artifact)).toSorted()).toEqual(['Local', 'bucket'])
  })

  it('moves: the source goes once its copy is there, and the artifact opens from there', async () => {
    const plaintext = randomBytes(100_000)
    const artifact = await stored(house, house.input('moving.bin', plaintext), { storeId: local })
    expect((await copy(artifact, bucket.storeId, { move: true })).job).toMatchObject({
      state: 'done',
      outcome: 'Moved and verified',
    })
    expect(existsSync(artifact.location)).toBe(false)
    expect(await storesOf(artifact)).toEqual(['bucket'])
    expect((await copy(artifact, nas, { move: true })).job?.state).toBe('done')
    expect(await bucket.objectKeys()).not.toContain('models/moving.bin.age')
    expect((await decrypt(house, artifact, house.at('moved.bin'))).job?.state).toBe('done')
    expect(readFileSync(house.at('moved.bin')).equals(plaintext)).toBe(true)
  })

  it('stays where it lay when its move fails, and the copy is not listed', async () => {
    const artifact = await stored(house, house.input('stays.bin', randomBytes(sizeBytes)), { storeId: local })
    bucket.proxy.meet(answer('CompleteMultipartUpload', async () => s3Error(403, 'AccessDenied')))
    const ended = await copy(artifact, bucket.storeId, { move: true })
    expect(failureIn(ended)?.code).toBe('store/permission-missing')
    expect(existsSync(artifact.location)).toBe(true)
    expect(await storesOf(artifact)).toEqual(['Local'])
    bucket.proxy.meet(null)
    bucket.proxy.requests.length = 0
    await house.call('jobs:resume', { jobIds: [ended.job?.jobId ?? nobody] })
    expect((await settled(house, ended.job?.jobId ?? nobody)).job?.state).toBe('done')
    expect(bucket.count('UploadPart')).toBe(0)
    expect(existsSync(artifact.location)).toBe(false)
  })

  it('lies in both where a move may not delete, says so, and goes on later', async () => {
    const artifact = await stored(house, house.input('denied.bin', 'x'), { storeId: bucket.storeId })
    bucket.proxy.meet(answer('DeleteObject', async () => s3Error(403, 'AccessDenied')))
    const ended = await copy(artifact, nas, { move: true })
    expect(failureIn(ended)).toMatchObject({
      code: 'store/permission-missing',
      permission: 's3:DeleteObject',
    })
    expect((await storesOf(artifact)).toSorted()).toEqual(['bucket', 'nas'])
    bucket.proxy.meet(null)
    await house.call('jobs:resume', { jobIds: [ended.job?.jobId ?? nobody] })
    await settled(house, ended.job?.jobId ?? nobody)
    expect(await storesOf(artifact)).toEqual(['nas'])
  })

  it('is taken back when its copy is cancelled', async () => {
    const artifact = await stored(house, house.input('back.bin', randomBytes(sizeBytes)), { storeId: local })
    const { promise: reached, resolve } = Promise.withResolvers<void>()
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    house.onStep = async (step, when) => {
      if (step !== 'part-done' || when !== 'after') return
      resolve()
      // The job cannot end before it is cancelled.
      await released
    }
    const jobId = await startCopy(artifact, bucket.storeId)
    await reached
    const cancelling = house.call('jobs:cancel', { jobIds: [jobId] })
    await house.call('jobs:snapshot', {})
    release()
    await cancelling
    expect((await settled(house, jobId)).job?.state).toBe('cancelled')
    expect(await bucket.objectKeys()).not.toContain('models/back.bin.age')
    expect(await storesOf(artifact)).toEqual(['Local'])
  })

  it('leaves an object of another tool with the same bytes where it is, and does not list it', async () => {
    const artifact = await stored(house, house.input('twice.bin', randomBytes(sizeBytes)), { storeId: local })
    const Body = readFileSync(artifact.location)
    const Key = 'models/twice.bin.age'
    let isThere = false
    bucket.proxy.meet(
      answer('CompleteMultipartUpload', async (_, forward) => {
        if (!isThere)
          await bucket.server.client.send(new PutObjectCommand({ Bucket: bucket.bucket, Key, Body }))
        isThere = true
        return forward()
      }),
    )
    const ended = await copy(artifact, bucket.storeId)
    expect(failureIn(ended)?.code).toBe('store/object-exists')
    expect(await storesOf(artifact)).toEqual(['Local'])
    expect((await inBucket('twice.bin.age')).equals(Body)).toBe(true)
  })

  it('opens from another store where one copy is gone or was swapped', async () => {
    const artifact = await stored(house, house.input('either.bin', 'either'), { storeId: local })
    const other = await stored(house, house.input('wrong.bin', 'wrong'), { storeId: local })
    expect((await copy(artifact, nas)).job?.state).toBe('done')
    const own = readFileSync(artifact.location)
    writeFileSync(artifact.location, readFileSync(other.location))
    expect((await decrypt(house, artifact, house.at('either-opened'))).job?.state).toBe('done')
    expect(readFileSync(house.at('either-opened'), 'utf8')).toBe('either')
    // The header is as it was, a byte of the payload is not.
    const altered = Buffer.from(own)
    altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1
    writeFileSync(artifact.location, altered)
    const { job } = await decrypt(house, artifact, house.at('either-again'))
    expect(job).toMatchObject({ state: 'done', outcome: 'Decrypted and verified' })
    expect(job?.report).toEqual([expect.stringMatching(/^Refused in Local: .*; read elsewhere$/)])
    expect(readFileSync(house.at('either-again'), 'utf8')).toBe('either')
    writeFileSync(house.at('nas', 'either.bin.age'), altered)
    expect(failureIn(await decrypt(house, artifact, house.at('either-never')))?.code).toMatch(/^(verify|age)/)
    expect(existsSync(house.at('either-never'))).toBe(false)
    writeFileSync(artifact.location, own)
  })
})
