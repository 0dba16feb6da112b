/** The S3 backend on a real server. */
import { ListMultipartUploadsCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasS3Server, startS3Server, type S3Server } from '../../../scripts/test/s3-server.ts'
import { describeStorageBackend } from '../testing/conformance.ts'
import type { StorageBackend } from '../backend.ts'
import { s3Store } from './s3.ts'
import { readS3Settings } from './s3/settings.ts'

const hasServer = await hasS3Server()
let plain: S3Server
let secure: S3Server
beforeAll(async () => {
  if (!hasServer) return
  plain = await startS3Server()
  secure = await startS3Server({ tls: true })
})
afterAll(async () => {
  await plain?.stop()
  await secure?.stop()
})

const storeOn = (server: S3Server, bucket: string, settings = {}): StorageBackend =>
  s3Store({
    store: 'bucket',
    settings: readS3Settings({
      preset: 'other',
      bucket,
      endpoint: server.endpoint,
      accessKeyId: server.root.accessKeyId,
      ...(server.caFile === null ? {} : { caFile: server.caFile }),
      ...settings,
    }),
    secrets: async () => ({ secretAccessKey: server.root.secretAccessKey, sessionToken: null }),
  })

describe.runIf(hasServer)('on versitygw', () => {
  const kinds = [
    ['plain', () => plain, {}, false],
    ['versioned, below a prefix', () => plain, { prefix: 'models/é 1+1' }, true],
    ['over TLS with a private authority', () => secure, {}, false],
  ] as const
  for (const [name, server, settings, versioning] of kinds)
    describeStorageBackend(`S3, ${name}`, async () => {
      const bucket = await server().makeBucket({ versioning })
      return {
        backend: storeOn(server(), bucket, settings),
        reopen: () => storeOn(server(), bucket, settings),
      }
    })

  it('finds out what the server does, and leaves nothing', async () => {
    const bucket = await plain.makeBucket({ versioning: true })
    const probed = await storeOn(plain, bucket).probe?.()
    expect(probed).toMatchObject({ failure: null, isPlain: true, left: [] })
    expect(probed?.actions.map(({ answer }) => answer)).toEqual(Array.from({ length: 10 }, () => 'works'))
    expect(probed?.findings).toEqual({
      conditionalPut: true,
      conditionalComplete: true,
      conditionalCopy: false,
      conditionalDelete: true,
      objectVersions: true,
      copyParts: true,
      checksums: 'full-crc32',
      listsUploads: 'all',
    })
    const { Versions, DeleteMarkers } = await plain.client.send(
      new ListObjectVersionsCommand({ Bucket: bucket }),
    )
    expect([Versions, DeleteMarkers]).toEqual([undefined, undefined])
    const { Uploads } = await plain.client.send(new ListMultipartUploadsCommand({ Bucket: bucket }))
    expect(Uploads).toBeUndefined()
  })
})
