/** Metadata that is replaced on a real server: the bytes stay, and what changed meanwhile is not overwritten. */
import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import {
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startS3Proxy, type Meet, type S3Proxy } from '../../../scripts/test/s3-proxy.ts'
import { hasS3Server, startS3Server, type S3Server } from '../../../scripts/test/s3-server.ts'
import { JobId, newId } from '../../../shared/ids.ts'
import { failureOf } from '../../../shared/failure.ts'
import { crc32Text } from '../checksum.ts'
import { compatibleLimits } from '../part-size.ts'
import { s3UnderTest } from '../testing/s3-under-test.ts'
import { readS3Settings } from './s3/settings.ts'

const hasServer = await hasS3Server()
const MiB = 2 ** 20
const jobId = newId(JobId)
const other = { format: '1', owner: 'b'.repeat(26) }

describe.runIf(hasServer)('metadata in a bucket', () => {
  let server: S3Server
  let proxy: S3Proxy
  let Bucket: string
  beforeAll(async () => {
    server = await startS3Server()
    proxy = await startS3Proxy(server)
    Bucket = await server.makeBucket()
  })
  afterAll(async () => {
    await proxy.stop()
    await server.stop()
  })

  const open = (maxSingleBytes: number, endpoint = server.endpoint) => {
    const where = { endpoint, bucket: Bucket, credentials: server.root }
    const settings = readS3Settings({
      preset: 'other',
      bucket: Bucket,
      endpoint,
      accessKeyId: server.root.accessKeyId,
    })
    return s3UnderTest(where, {
      settings: { ...settings, limits: { ...compatibleLimits, maxSingleBytes } },
    })
  }
  const put = async (Key: string, bytes: number) => {
    const Body = randomBytes(bytes)
    const Metadata = { format: '1', owner: 'a'.repeat(26), more: 'kept elsewhere' }
    await server.client.send(
      new PutObjectCommand({
        Bucket,
        Key,
        Body,
        Metadata,
        ContentType: 'application/x-age',
        Tagging: 'team=ml',
      }),
    )
    return Body
  }

  it.each([
    ['at once', 5e9],
    ['in parts, where it is too large for that', 2 * MiB],
  ])('is replaced %s', async (how, maxSingleBytes) => {
    const backend = open(maxSingleBytes)
    const Key = `model ${how}.age`
    const bytes = await put(Key, 6 * MiB)
    const { revision = '' } = (await backend.head(Key)) ?? {}
    const info = await backend.replaceMetadata?.(Key, other, { revision, jobId })
    expect(info).toMatchObject({ name: Key, sizeBytes: 6 * MiB, metadata: other })
    expect(await backend.head(Key)).toMatchObject({ metadata: other, revision: info?.revision })
    expect(bytes.equals(await backend.read(Key, { offset: 0, lengthBytes: bytes.length }))).toBe(true)
    await backend.close?.()
  })

  it('leaves what else was said of the object', async () => {
    const backend = open(5e9)
    await put('tagged.age', 100)
    const { revision = '' } = (await backend.head('tagged.age')) ?? {}
    await backend.replaceMetadata?.('tagged.age', other, { revision, jobId })
    const named = { Bucket, Key: 'tagged.age' }
    const head = await server.client.send(new HeadObjectCommand(named))
    expect(head.ContentType).toBe('application/x-age')
    const { TagSet } = await server.client.send(new GetObjectTaggingCommand(named))
    expect(TagSet).toEqual([{ Key: 'team', Value: 'ml' }])
    await backend.close?.()
  })

  it.each([5e9, 2 * MiB])('is not replaced where the object changed (limit %i)', async (maxSingleBytes) => {
    const backend = open(maxSingleBytes)
    await put('changed.age', 3 * MiB)
    const { revision = '' } = (await backend.head('changed.age')) ?? {}
    await put('changed.age', 3 * MiB)
    const replacing = backend.replaceMetadata?.('changed.age', other, { revision, jobId })
    const failure = await replacing?.then(
      () => null,
      (error: unknown) => failureOf(error),
    )
    expect(failure?.code).toBe('store/precondition-failed')
    expect((await backend.head('changed.age'))?.metadata['owner']).toBe('a'.repeat(26))
    await backend.close?.()
  })

  describe('of an object of several parts', () => {
    const sizeBytes = 40 * MiB
    /** A store that attests the bytes it copied, which this server does not. */
    const attestingCopies =
      (bytes: Buffer): Meet =>
      async ({ operation, headers }, forward) => {
        if (operation !== 'UploadPartCopy') return forward()
        const [, from = 0, to = 0] =
          /bytes=(\d+)-(\d+)/.exec(String(headers['x-amz-copy-source-range'])) ?? []
        const body = bytes.subarray(Number(from), Number(to) + 1)
        const kept = Object.entries(headers).filter(([name]) => !name.startsWith('x-amz-copy-source'))
        const checksum = crc32Text(crc32(body))
        const { status, headers: sent } = await forward({
          headers: { ...Object.fromEntries(kept), 'x-amz-checksum-crc32': checksum },
          body,
        })
        const answer = `<?xml version="1.0" encoding="UTF-8"?><CopyPartResult><ETag>${sent.etag}</ETag><ChecksumCRC32>${checksum}</ChecksumCRC32></CopyPartResult>`
        return { status, headers: { 'content-type': 'application/xml' }, body: Buffer.from(answer) }
      }
    const putWhole = async (Key: string) => {
      const Body = randomBytes(sizeBytes)
      const ChecksumCRC32 = crc32Text(crc32(Body))
      await server.client.send(new PutObjectCommand({ Bucket, Key, Body, ChecksumCRC32 }))
      return { bytes: Body, checksum: ChecksumCRC32 }
    }
    const attested = (Key: string) =>
      server.client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }))
    const openUploads = async () =>
      (await server.client.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads ?? []
    const replace = async (Key: string) => {
      const backend = open(MiB, proxy.endpoint)
      const { revision = '' } = (await backend.head(Key)) ?? {}
      const begun: string[] = []
      const onBegun = async (id: string) => void begun.push(id)
      const info = await backend.replaceMetadata?.(Key, other, { revision, jobId, onBegun })
      expect(info).toMatchObject({ sizeBytes, metadata: other })
      expect(info?.revision).toMatch(/-3$/)
      await backend.close?.()
      expect(await openUploads()).toEqual([])
      return begun.length
    }

    it('leaves it the checksum of the whole', async () => {
      const { bytes, checksum } = await putWhole('attested.age')
      proxy.meet(attestingCopies(bytes))
      expect(await replace('attested.age')).toBe(1)
      const head = await attested('attested.age')
      expect([head.ChecksumCRC32, head.ChecksumType]).toEqual([checksum, 'FULL_OBJECT'])
    })

    it('never puts together what the store attests otherwise', async () => {
      const { bytes } = await putWhole('copied-wrongly.age')
      const wrong = Buffer.from(bytes)
      wrong[20 * MiB] = (wrong[20 * MiB] ?? 0) ^ 1
      let copied = 0
      proxy.meet((request, forward) => {
        if (request.operation === 'UploadPartCopy' && ++copied > 3) return forward()
        return attestingCopies(wrong)(request, forward)
      })
      expect(await replace('copied-wrongly.age')).toBe(2)
      const backend = open(5e9)
      const read = await backend.read('copied-wrongly.age', { offset: 0, lengthBytes: sizeBytes })
      expect(bytes.equals(read)).toBe(true)
      await backend.close?.()
    })

    it('leaves it one of the store’s own, where that attests copied parts with what their source has', async () => {
      await putWhole('own.age')
      proxy.meet(null)
      expect(await replace('own.age')).toBe(2)
      const head = await attested('own.age')
      expect([head.ChecksumCRC64NVME, head.ChecksumType]).toEqual([
        expect.stringMatching(/^[A-Za-z0-9+/]{11}=$/),
        'FULL_OBJECT',
      ])
    })
  })
})
