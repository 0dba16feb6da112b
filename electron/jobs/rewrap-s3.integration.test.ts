/** Rewrap in a bucket of a real server: what it moves, what it keeps, and what it does where answers get lost. */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { bucketPrefix, openBucketHouse, type BucketHouse } from '../../scripts/test/faults/bucket-house.ts'
import { decrypt, settled, stored } from '../../scripts/test/faults/house.ts'
import { expectSound } from '../../scripts/test/faults/soundness.ts'
import { systemAge } from '../../scripts/test/peer-tools.ts'
import { requirePeer } from '../../scripts/test/require-peer.ts'
import { hasS3Server } from '../../scripts/test/s3-server.ts'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import type { KeyId } from '../../shared/ids.ts'

const peer = await systemAge()
const hasAge = requirePeer('age', peer.tools !== null, peer.tools === null ? peer.reason : '')
const MiB = 2 ** 20
const leafBytes = 16_781_312
const headerBytes = 245

describe.runIf(await hasS3Server())('a rewrap in a bucket', () => {
  let here: BucketHouse
  beforeAll(async () => {
    here = await openBucketHouse({ versioning: true })
    await stored(here.house, here.house.input('first.bin', 'first'))
  })
  afterAll(() => here.stop())
  afterEach(async () => {
    here.proxy.meet(null)
    here.house.onStep = () => undefined
    await expectSound(here.house)
    await expectNoUploads()
  })
  const expectNoUploads = async () => expect(await here.openUploads()).toEqual([])

  const rewrap = async (keyId: KeyId) => {
    const request = { keyIds: [keyId], method: 'rewrap' as const, reason: 'policy' as const, note: '' }
    const { jobIds, refused } = await here.house.call('keys:rotate', request)
    const [jobId] = jobIds
    if (jobId === undefined) throw new Error(`refused: ${JSON.stringify(refused)}`)
    return { jobId, ...(await settled(here.house, jobId)) }
  }
  const named = ({ objectName }: ArtifactRow) => ({
    Bucket: here.bucket,
    Key: `${bucketPrefix}/${objectName}`,
  })
  const bytesOf = async (artifact: ArtifactRow): Promise<Buffer> => {
    const { Body } = await here.server.client.send(new GetObjectCommand(named(artifact)))
    return Buffer.from((await Body?.transformToByteArray()) ?? [])
  }
  const keyOf = async ({ artifactId }: ArtifactRow) =>
    (await here.house.call('artifacts:show', { artifactId })).artifact.keyId
  const stateOf = async (keyId: KeyId) => (await here.house.call('keys:show', { keyId })).key.state
  const opens = async (artifact: ArtifactRow) => {
    const out = here.house.at(`out-${artifact.artifactId}-${Math.random()}`)
    return (await decrypt(here.house, artifact, out)).job?.state
  }

  it('moves one part each way, keeps metadata, tags and type, and the old object version', async () => {
    const { house, server } = here
    const artifact = await stored(house, house.input('large.bin', randomBytes(50 * MiB)))
    const tags = [{ Key: 'team', Value: 'ml ops+1' }]
    await server.client.send(new PutObjectTaggingCommand({ ...named(artifact), Tagging: { TagSet: tags } }))
    const before = await bytesOf(artifact)
    const { Metadata: metadata } = await server.client.send(new HeadObjectCommand(named(artifact)))
    here.proxy.requests.length = 0
    const { job } = await rewrap(artifact.keyId)
    expect(job).toMatchObject({ state: 'done', outcome: 'Rewrapped and verified' })
    const requests = [...here.proxy.requests]
    const sent = requests.reduce((total, { body }) => total + body.length, 0)
    const asked = requests.reduce((total, { headers: { range } }) => {
      const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? []
      return total + (to === undefined ? 0 : Number(to) - Number(from) + 1)
    }, 0)
    expect(sent).toBeLessThanOrEqual(16 * MiB + 100_000)
    // What is read back is the header and one chunk at each end, a few times.
    expect(asked).toBeLessThanOrEqual(leafBytes + 600_000)
    expect(here.count('UploadPartCopy')).toBe(3)
    const after = await bytesOf(artifact)
    expect(after.subarray(headerBytes).equals(before.subarray(headerBytes))).toBe(true)
    expect(after.subarray(0, headerBytes).equals(before.subarray(0, headerBytes))).toBe(false)
    const head = await server.client.send(new HeadObjectCommand(named(artifact)))
    const keyId = await keyOf(artifact)
    expect(head.Metadata).toEqual({ ...metadata, key: keyId })
    const { TagSet } = await server.client.send(new GetObjectTaggingCommand(named(artifact)))
    expect(TagSet).toEqual(tags)
    const listed = { Bucket: here.bucket, Prefix: named(artifact).Key }
    const { Versions = [] } = await server.client.send(new ListObjectVersionsCommand(listed))
    expect(Versions).toHaveLength(2)
    expect(job?.report.join('\n')).toContain('keeps 1 older object version')
    expect(await stateOf(artifact.keyId)).toBe('deactivated')
    expect(await opens(artifact)).toBe('done')
    if (!hasAge || peer.tools === null) return
    const path = house.at('large.age')
    writeFileSync(path, after)
    const { age } = peer.tools
    const open = (id: KeyId) => {
      writeFileSync(house.at('identity'), `${house.keychain.items.get(`Weightlock/${id}`)}\n`)
      return execFileSync(age, ['-d', '-i', house.at('identity'), '-o', house.at('plain'), path], {
        stdio: 'pipe',
      })
    }
    open(keyId)
    expect(() => open(artifact.keyId)).toThrow(/no identity matched/)
  })

  it('puts a small object in one request', async () => {
    const artifact = await stored(here.house, here.house.input('small.bin', 'weights'))
    here.proxy.requests.length = 0
    const { job } = await rewrap(artifact.keyId)
    expect(job?.state).toBe('done')
    expect([here.count('PutObject'), here.count('CreateMultipartUpload')]).toEqual([1, 0])
    expect(await opens(artifact)).toBe('done')
  })

  it.each([
    ['CompleteMultipartUpload', 3 * MiB, true],
    ['CompleteMultipartUpload', 3 * MiB, false],
    ['UploadPartCopy', 20 * MiB, true],
    ['UploadPartCopy', 20 * MiB, false],
    ['PutObject', 1000, true],
    ['PutObject', 1000, false],
  ] as const)(
    'ends well where the answer of %s is lost (%i bytes, took effect: %s)',
    async (operation, size, took) => {
      const artifact = await stored(
        here.house,
        here.house.input(`lost-${operation}-${took}.bin`, randomBytes(size)),
      )
      let lost = 0
      here.proxy.meet(async (request, forward) => {
        if (request.operation !== operation || (lost += 1) > 1) return forward()
        if (took) await forward()
        return 'cut'
      })
      const first = await rewrap(artifact.keyId)
      here.proxy.meet(null)
      if (first.job?.state !== 'done') {
        await here.house.call('jobs:resume', { jobIds: [first.jobId] })
        expect((await settled(here.house, first.jobId)).job?.state).toBe('done')
      }
      expect(lost).toBeGreaterThan(0)
      expect(here.count('CopyObject')).toBe(0)
      expect(await keyOf(artifact)).not.toBe(artifact.keyId)
      expect(await stateOf(artifact.keyId)).toBe('deactivated')
      expect(await opens(artifact)).toBe('done')
    },
  )

  it('overwrites nothing that another wrote meanwhile: the old key is kept', async () => {
    const artifact = await stored(here.house, here.house.input('raced.bin', randomBytes(3 * MiB)))
    const foreign = Buffer.from('of somebody else')
    here.house.onStep = async (step, when) => {
      if (step === 'complete-attempted' && when === 'before')
        await here.server.client.send(new PutObjectCommand({ ...named(artifact), Body: foreign }))
    }
    const { job, jobId, failure } = await rewrap(artifact.keyId)
    expect([job?.state, failure?.code]).toEqual(['failed', 'store/precondition-failed'])
    expect((await bytesOf(artifact)).equals(foreign)).toBe(true)
    expect(await stateOf(artifact.keyId)).toBe('active')
    here.house.onStep = () => undefined
    await here.house.call('jobs:cancel', { jobIds: [jobId] })
    expect((await settled(here.house, jobId)).job?.state).toBe('cancelled')
    const { jobIds } = await here.house.call('artifacts:delete', {
      items: [{ artifactId: artifact.artifactId, storeId: here.storeId }],
      version: null,
      objectVersions: true,
      confirmName: artifact.name,
    })
    await here.house.call('jobs:wait', { jobIds })
  })

  it('goes on with what was copied before it was stopped', async () => {
    const artifact = await stored(here.house, here.house.input('resumed.bin', randomBytes(40 * MiB)))
    let stopped = false
    here.house.onStep = (step, when) => {
      if (step !== 'complete-attempted' || when !== 'before' || stopped) return
      stopped = true
      throw new Error('stopped here')
    }
    const { jobId, job } = await rewrap(artifact.keyId)
    expect(job?.state).toBe('failed')
    here.proxy.requests.length = 0
    await here.house.reopen()
    await here.house.call('jobs:resume', { jobIds: [jobId] })
    expect((await settled(here.house, jobId)).job?.state).toBe('done')
    expect([here.count('UploadPart'), here.count('UploadPartCopy')]).toEqual([0, 0])
    expect(here.count('CompleteMultipartUpload')).toBe(1)
    expect(await opens(artifact)).toBe('done')
  })
})
