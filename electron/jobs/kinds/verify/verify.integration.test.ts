/** Objects in a bucket of a real S3 server, checked without keys: what is found, and what was not looked at. */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addBucketStore } from '../../../../scripts/test/faults/bucket-house.ts'
import { openHouse, settled, stored, type House } from '../../../../scripts/test/faults/house.ts'
import { hasS3Server, startS3Server, type S3Server } from '../../../../scripts/test/s3-server.ts'
import type { Request } from '../../../../shared/contract/contract.ts'
import type { ArtifactRow, VerifyLevel } from '../../../../shared/domain/artifact.ts'
import type { StoreId } from '../../../../shared/ids.ts'

const hasServer = await hasS3Server()
const MiB = 2 ** 20

describe.runIf(hasServer)('a check of a bucket', () => {
  let server: S3Server
  let house: House
  let Bucket: string
  let storeId: StoreId

  beforeAll(async () => {
    server = await startS3Server()
    Bucket = await server.makeBucket()
    house = await openHouse()
    storeId = await addBucketStore(house, server, { bucket: Bucket })
  })
  afterAll(async () => {
    await house.stop()
    await server.stop()
  })

  const store = (name: string, bytes = 20 * MiB) =>
    stored(house, house.input(name, randomBytes(bytes)), { storeId })
  const check = async (artifacts: ArtifactRow[], level: VerifyLevel) => {
    const artifactIds = artifacts.map(({ artifactId }) => artifactId)
    const { jobId } = await house.call('artifacts:verify', { artifactIds, storeId, level })
    const { job } = await settled(house, jobId)
    const report = await house.call('artifacts:verify-report', { jobId, offset: 0, limit: 200 })
    return { jobId, job, report, result: report.results[0] }
  }
  const keyOf = (artifact: ArtifactRow) => `models/${artifact.objectName}`
  const bytesOf = async (Key: string): Promise<Buffer> => {
    const { Body } = await server.client.send(new GetObjectCommand({ Bucket, Key }))
    return Buffer.from((await Body?.transformToByteArray()) ?? [])
  }
  /** One byte of the payload, in its very middle. */
  const alter = async (Key: string) => {
    const Body = await bytesOf(Key)
    const at = Math.floor(Body.length / 2)
    Body[at] = (Body[at] ?? 0) ^ 1
    await server.client.send(new PutObjectCommand({ Bucket, Key, Body }))
  }
  const rename = async (from: string, to: string) => {
    await server.client.send(new CopyObjectCommand({ Bucket, Key: to, CopySource: `${Bucket}/${from}` }))
    await server.client.send(new DeleteObjectCommand({ Bucket, Key: from }))
  }

  it('says of each level what it looked at and what it did not', async () => {
    const artifact = await store('levels.bin', 70 * MiB)
    const seen = {
      artifactId: artifact.artifactId,
      objectName: 'levels.bin.age',
      result: 'matches',
      code: null,
    }
    expect((await check([artifact], 'quick')).result).toMatchObject({
      ...seen,
      checked: ['size', 'header', 'stored-checksum'],
      notChecked: ['payload'],
      leavesRead: 0,
      leaves: 5,
    })
    expect((await check([artifact], 'sample')).result).toMatchObject({
      ...seen,
      checked: ['size', 'header', 'stored-checksum', 'leaves'],
      notChecked: ['payload'],
      leavesRead: 4,
    })
    const { result, job } = await check([artifact], 'full')
    expect(result).toMatchObject({
      ...seen,
      checked: ['size', 'header', 'stored-checksum', 'payload'],
      notChecked: [],
      leavesRead: 5,
    })
    expect(job?.outcome).toBe('The only version matches (every byte)')
  })

  it.each(['quick', 'sample', 'full'] as const)(
    'finds a payload altered behind its own header, at level %s',
    async (level) => {
      const artifact = await store(`altered-${level}.bin`)
      await alter(keyOf(artifact))
      const { job, result, report } = await check([artifact], level)
      expect(job).toMatchObject({ state: 'failed', failure: { code: 'verify/not-verified', problems: 1 } })
      expect(result).toMatchObject({ result: 'differs', code: expect.stringMatching(/^(verify|age)\//) })
      expect(report.counts).toMatchObject({ checked: 1, differs: 1, matches: 0 })
    },
  )

  it('does not compare a checksum that was never recorded, and records it once every byte was read', async () => {
    const artifact = await store('unrecorded.bin')
    await house.close()
    const db = new DatabaseSync(join(house.dataFolder, 'catalog.sqlite'))
    db.exec(`UPDATE objects SET checksum = NULL WHERE object_name = 'unrecorded.bin.age'`)
    db.close()
    await house.reopen()
    expect((await check([artifact], 'quick')).result?.notChecked).toContain('stored-checksum')
    await check([artifact], 'full')
    expect((await check([artifact], 'quick')).result?.checked).toContain('stored-checksum')
  })

  it('finds what was renamed, misses what is gone, and counts what is not known here', async () => {
    const moved = await store('before.bin', 1000)
    const gone = await store('gone.bin', 1000)
    await rename(keyOf(moved), 'models/elsewhere/after.bin.age')
    await server.client.send(new DeleteObjectCommand({ Bucket, Key: keyOf(gone) }))
    await server.client.send(new PutObjectCommand({ Bucket, Key: 'models/notes.txt', Body: 'notes' }))
    const { job, jobId, report } = await check([], 'quick')
    expect(job?.state).toBe('failed')
    const of = (name: string) => report.results.find((each) => each.name === name)
    expect(of('before.bin')).toMatchObject({ result: 'matches', foundAs: 'elsewhere/after.bin.age' })
    expect(of('gone.bin')).toMatchObject({ result: 'missing', code: 'store/object-not-found' })
    // As the bucket was listed, the renamed one was not known yet.
    expect(report.stores).toMatchObject([{ store: 'bucket', foreign: 2 }])
    expect(report.counts.renamed).toBe(1)
    const path = house.at('report.json')
    await house.call('artifacts:save-verify-report', { jobId, target: { path } })
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ level: 'quick', total: report.total })
    const text = house.at('report.txt')
    await house.call('artifacts:save-verify-report', { jobId, target: { path: text } })
    expect(readFileSync(text, 'utf8')).toMatch(/^MISSING: gone\.bin, version 1, in bucket/m)
  })

  it('of all stores ends, also beside others, and says which empty one it could not list', async () => {
    const empty = await addBucketStore(house, server, { bucket: 'never-made', name: 'gone' })
    const all: Request<'artifacts:verify'> = { artifactIds: [], storeId: null, level: 'quick' }
    const begun = [await house.call('artifacts:verify', all), await house.call('artifacts:verify', all)]
    const scanned = house.call('stores:scan', { storeId })
    for (const { jobId } of begun) {
      const { job } = await settled(house, jobId)
      expect(job?.report.join('\n')).toContain('gone: not listed. ')
      expect(job?.failure?.code).toBe('verify/not-verified')
    }
    expect(await scanned).toMatchObject({ missing: 1 })
    await house.call('stores:remove', { storeId: empty })
  })

  it('goes on behind what it has looked at, after a pause', async () => {
    // In the local store.
    const artifacts = await Promise.all(
      Array.from({ length: 55 }, (_, n) => stored(house, house.input(`many-${n}.bin`, 'x'))),
    )
    const { promise: kept, resolve } = Promise.withResolvers<void>()
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    let commits = 0
    house.onStep = async (step, when) => {
      if (step !== 'checked') return
      if (when === 'before') return void (commits += 1)
      resolve()
      if (commits === 1) await released
    }
    const artifactIds = artifacts.map(({ artifactId }) => artifactId)
    const { jobId } = await house.call('artifacts:verify', { artifactIds, storeId: null, level: 'quick' })
    await kept
    const pausing = house.call('jobs:pause', { jobIds: [jobId] })
    await house.call('jobs:snapshot', {})
    release()
    await pausing
    const half = await house.call('artifacts:verify-report', { jobId, offset: 0, limit: 200 })
    expect(half.total).toBeGreaterThan(0)
    await house.call('jobs:resume', { jobIds: [jobId] })
    expect((await settled(house, jobId)).job).toMatchObject({ state: 'done', failure: null })
    house.onStep = () => undefined
    const report = await house.call('artifacts:verify-report', { jobId, offset: 0, limit: 200 })
    expect(report.total).toBe(55)
    expect(new Set(report.results.map(({ artifactId }) => artifactId)).size).toBe(55)
  })
})
