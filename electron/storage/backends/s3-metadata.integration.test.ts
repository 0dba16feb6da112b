/** Metadata that is replaced on a real server: the bytes stay, and what changed meanwhile is not overwritten. */
import { randomBytes } from 'node:crypto'
import { GetObjectTaggingCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasS3Server, startS3Server, type S3Server } from '../../../scripts/test/s3-server.ts'
import { JobId, newId } from '../../../shared/ids.ts'
import { failureOf } from '../../../shared/failure.ts'
import { compatibleLimits } from '../part-size.ts'
import { s3UnderTest } from '../testing/s3-under-test.ts'
import { readS3Settings } from './s3/settings.ts'

const hasServer = await hasS3Server()
const MiB = 2 ** 20
const jobId = newId(JobId)
const other = { format: '1', owner: 'b'.repeat(26) }

describe.runIf(hasServer)('metadata in a bucket', () => {
  let server: S3Server
  let Bucket: string
  beforeAll(async () => {
    server = await startS3Server()
    Bucket = await server.makeBucket()
  })
  afterAll(() => server.stop())

  const open = (maxSingleBytes: number) => {
    const where = { endpoint: server.endpoint, bucket: Bucket, credentials: server.root }
    const settings = readS3Settings({
      preset: 'other',
      bucket: Bucket,
      endpoint: server.endpoint,
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
})
