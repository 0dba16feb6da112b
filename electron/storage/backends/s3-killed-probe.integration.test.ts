/** What a probe was killed over is taken back by the next one. */
import {
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasS3Server, startS3Server, type S3Server } from '../../../scripts/test/s3-server.ts'
import type { StoreMemory } from '../storage-kind.ts'
import { s3UnderTest } from '../testing/s3-under-test.ts'
import { keptFindings } from './s3/kept-findings.ts'
import { readS3Settings } from './s3/settings.ts'

const hasServer = await hasS3Server()

describe.runIf(hasServer)('a probe that was killed', () => {
  let server: S3Server
  beforeAll(async () => {
    server = await startS3Server()
  })
  afterAll(() => server?.stop())

  it.each([false, true])('leaves nothing behind the next one (versioning: %s)', async (versioning) => {
    const bucket = await server.makeBucket({ versioning })
    let text: string | null = null
    const memory: StoreMemory = {
      recall: async () => text,
      remember: async (kept) => {
        text = kept
      },
      someObjects: async () => [],
    }
    const settings = readS3Settings({ preset: 'other', bucket, endpoint: server.endpoint, prefix: 'models' })
    const kept = keptFindings(memory, settings, Date.now)
    await kept.begun(['tried.tmp', 'copied.tmp'])
    const Bucket = bucket
    for (const Key of ['models/tried.tmp', 'models/copied.tmp', 'models/model.age'])
      await server.client.send(new PutObjectCommand({ Bucket, Key, Body: 'some bytes' }))
    for (const Key of ['models/tried.tmp', 'models/model.age'])
      await server.client.send(new CreateMultipartUploadCommand({ Bucket, Key }))

    const where = { endpoint: server.endpoint, bucket, credentials: server.root }
    const backend = s3UnderTest({ ...where, settings: { prefix: 'models' } }, { kept })
    expect((await backend.probe?.())?.findings).not.toBeNull()
    await backend.close?.()

    const { Versions, DeleteMarkers = [] } = await server.client.send(
      new ListObjectVersionsCommand({ Bucket }),
    )
    expect(Versions?.map(({ Key }) => Key)).toEqual(['models/model.age'])
    expect(DeleteMarkers).toEqual([])
    const { Uploads } = await server.client.send(new ListMultipartUploadsCommand({ Bucket }))
    expect(Uploads?.map(({ Key }) => Key)).toEqual(['models/model.age'])
    expect(await kept.trialNames()).toEqual([])
    expect(await kept.recall()).not.toBeNull()
  })
})
