/** The S3 backend on a real server. */
import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startS3Proxy } from '../../../scripts/test/s3-proxy.ts'
import { keepsClasses, listsInShortPages } from '../../../scripts/test/s3-quirks.ts'
import { hasS3Server, startS3Server, type S3Server } from '../../../scripts/test/s3-server.ts'
import { JobId, newId } from '../../../shared/ids.ts'
import type { StorageBackend } from '../backend.ts'
import type { StoreSettings } from '../storage-kind.ts'
import type { StoreFindings } from '../store-probe.ts'
import {
  codeOf,
  describeSettings,
  describeStorageBackend,
  putObject,
  testBytes,
} from '../testing/conformance.ts'
import { s3UnderTest } from '../testing/s3-under-test.ts'
import type { KeptFindings } from './s3/kept-findings.ts'

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

const storeOn = (server: S3Server, bucket: string, settings = {}, options = {}): StorageBackend =>
  s3UnderTest(
    { endpoint: server.endpoint, bucket, credentials: server.root, caFile: server.caFile, settings },
    options,
  )

/** As another program sets and finds them. */
const settingsIn = (
  client: S3Client,
  Bucket: string,
  prefix: string,
  more: Partial<PutObjectCommandInput> = {},
) => ({
  put: async (name: string, Body: Uint8Array) => {
    const given = { Tagging: 'team=ml%20ops%2B1&env=pr%C3%B6d', ContentType: 'application/x-age', ...more }
    const Metadata = { key: 'old', left: 'behind' }
    await client.send(new PutObjectCommand({ Bucket, Key: prefix + name, Body, Metadata, ...given }))
  },
  of: async (name: string) => {
    const named = { Bucket, Key: prefix + name }
    const { ContentType, ...head } = await client.send(new HeadObjectCommand(named))
    const { TagSet = [] } = await client.send(new GetObjectTaggingCommand(named))
    const asked = Object.keys(more) as (keyof typeof head)[]
    const tags = TagSet.map(({ Key, Value }) => `${Key}=${Value}`).toSorted()
    return { ContentType, tags, more: asked.map((each) => head[each]) }
  },
})

describe.runIf(hasServer)('on versitygw', () => {
  const kinds = [
    ['plain', () => plain, {}, false],
    ['versioned, below a prefix', () => plain, { prefix: 'models/é 1+1' }, true],
    ['over TLS with a private authority', () => secure, {}, false],
  ] as const
  for (const [name, server, settings, versioning] of kinds) {
    // The first store finds out what the server does; the others are told.
    let findings: StoreFindings | null = null
    describeStorageBackend(`S3, ${name}`, async () => {
      const bucket = await server().makeBucket({ versioning })
      findings ??= (await storeOn(server(), bucket, settings).probe?.())?.findings ?? null
      const open = () => storeOn(server(), bucket, settings, { findings })
      const prefix = 'prefix' in settings ? `${settings.prefix}/` : ''
      // Before a large body the test's own client waits for "100 Continue", with an agent without our authority.
      const asSet = server() === secure ? {} : { settings: settingsIn(server().client, bucket, prefix) }
      return { backend: open(), reopen: open, ...asSet }
    })
  }

  describeSettings('S3, with storage classes and keys', async () => {
    const proxy = await startS3Proxy(plain)
    proxy.meet(keepsClasses())
    const { root: credentials, region } = plain
    const client = new S3Client({ endpoint: proxy.endpoint, region, credentials, forcePathStyle: true })
    onTestFinished(async () => {
      client.destroy()
      await proxy.stop()
    })
    const bucket = await plain.makeBucket()
    const findings = (await storeOn(plain, bucket).probe?.())?.findings ?? null
    const open = () => s3UnderTest({ endpoint: proxy.endpoint, bucket, credentials }, { findings })
    const settings = settingsIn(client, bucket, '', {
      StorageClass: 'STANDARD_IA',
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: 'arn:aws:kms:key/1',
      CacheControl: 'no-store',
      ContentLanguage: 'de',
    })
    return { backend: open(), reopen: open, settings }
  })

  it('finds out what the server does, and leaves nothing', async () => {
    const bucket = await plain.makeBucket({ versioning: true })
    const probed = await storeOn(plain, bucket).probe?.()
    expect(probed).toMatchObject({ failure: null, isPlain: true, left: [] })
    expect(probed?.actions.map(({ answer }) => answer)).toEqual(Array.from({ length: 11 }, () => 'works'))
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

  it('finds out again after a day, also in a program that runs for longer', async () => {
    let nowMs = Date.UTC(2030, 0, 1)
    let probes = 0
    const kept: KeptFindings = {
      recall: async () => null,
      trialNames: async () => [],
      begun: async () => void probes++,
      ended: async () => undefined,
    }
    const bucket = await plain.makeBucket()
    const backend = storeOn(plain, bucket, {}, { kept, now: () => nowMs })
    const hours = [0, 23, 25, 26, 50]
    const seen: number[] = []
    for (const hour of hours) {
      nowMs = Date.UTC(2030, 0, 1, hour)
      expect((await backend.capabilities()).conditionalWrites).toBe(true)
      seen.push(probes)
    }
    expect(seen).toEqual([1, 1, 2, 2, 3])
  })

  it('copies by the server, in parts where it must or where that is safer, metadata and all', async () => {
    const sizeBytes = 40 * 2 ** 20 + 5
    const bytes = testBytes(sizeBytes)
    const ways: [settings: StoreSettings, options: (findings: StoreFindings) => object, operation: string][] =
      [
        [{}, (findings) => ({ ...findings, conditionalCopy: true }), 'CopyObject'],
        [{}, (findings) => ({ ...findings, conditionalCopy: false }), 'UploadPartCopy'],
        [{}, (findings) => ({ ...findings, conditionalComplete: false }), 'CopyObject'],
      ]
    const proxy = await startS3Proxy(plain)
    onTestFinished(() => proxy.stop())
    for (const [settings, change, operation] of ways) {
      const bucket = await plain.makeBucket()
      const direct = storeOn(plain, bucket)
      const findings = (await direct.probe?.())?.findings
      if (!findings) throw new Error('nothing was found out')
      const where = { endpoint: proxy.endpoint, bucket, credentials: plain.root, settings }
      const backend = s3UnderTest(where, { findings: { ...findings, ...change(findings) } })
      const partBytes = 16 * 2 ** 20
      const write = { sizeBytes, partBytes, metadata: { key: 'k' }, condition: { kind: 'absent' as const } }
      const id = await direct.beginWrite('a ü+.age', { ...write, jobId: newId(JobId) })
      for (let at = 0; at < sizeBytes; at += partBytes)
        await direct.writePart(id, at / partBytes + 1, bytes.subarray(at, at + partBytes))
      const { revision } = await direct.completeWrite(id)
      proxy.requests.length = 0
      const copied = await backend.copy('a ü+.age', 'to/b.age', { jobId: newId(JobId), revision })
      expect(copied).toMatchObject({ name: 'to/b.age', sizeBytes, metadata: { key: 'k' } })
      expect(proxy.requests.some((request) => request.operation === operation)).toBe(true)
      expect(
        proxy.requests.some((request) => request.operation === 'GetObject' && request.url.includes('%20')),
      ).toBe(false)
      const there = await direct.read('to/b.age', { offset: 0, lengthBytes: sizeBytes })
      expect(Buffer.compare(there, bytes)).toBe(0)
      const again = backend.copy('a ü+.age', 'to/b.age', { jobId: newId(JobId) })
      expect(await codeOf(again)).toBe('store/object-exists')
      expect(await direct.listWrites()).toEqual([])
    }
  })

  it('gives all versions of a name, and only its own, however the pages fall', async () => {
    const proxy = await startS3Proxy(plain)
    onTestFinished(() => proxy.stop())
    proxy.meet(listsInShortPages)
    const bucket = await plain.makeBucket({ versioning: true })
    const where = { endpoint: proxy.endpoint, bucket, credentials: plain.root, settings: { prefix: 'p q' } }
    const backend = s3UnderTest(where)
    for (const name of ['a.age', 'a.age', 'a.age', 'a', 'a.age.more', 'a.age', 'b.age', 'a.age'])
      await putObject(backend, name, testBytes(10), { kind: 'any' })
    await backend.delete('a.age')
    const versions = (await backend.versions?.('a.age')) ?? []
    expect(versions.map(({ isDeleteMarker }) => isDeleteMarker)).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
    ])
    expect(new Set(versions.map(({ versionId }) => versionId)).size).toBe(6)
    for (const { versionId } of versions) await backend.deleteVersion?.('a.age', versionId)
    expect(await backend.versions?.('a.age')).toEqual([])
    expect(await backend.versions?.('a')).toHaveLength(1)
  })

  it('keeps names as they are, and another client finds them under them', async () => {
    const bucket = await plain.makeBucket()
    const backend = storeOn(plain, bucket, { prefix: 'team a' })
    const names = [
      '100% sure+fine.age',
      'a&b<c>.age',
      'q?x=1#y.age',
      'ünïcode 🧠/日本.age',
      'it\'s "quoted".age',
    ]
    for (const name of names) await putObject(backend, name, testBytes(50))
    const { objects } = await backend.list('', null)
    expect(objects.map(({ name }) => name).toSorted()).toEqual(names.toSorted())
    for (const name of names) {
      const { Body } = await plain.client.send(
        new GetObjectCommand({ Bucket: bucket, Key: `team a/${name}` }),
      )
      expect(await Body?.transformToByteArray()).toEqual(new Uint8Array(testBytes(50)))
      expect(await backend.read(name, { offset: 1, lengthBytes: 2 })).toEqual(
        Buffer.from(testBytes(3).subarray(1)),
      )
      expect(backend.location(name)).toBe(`s3://${bucket}/team a/${name}`)
      await backend.delete(name)
    }
    expect(backend.location('')).toBe(`s3://${bucket}/team a`)
    expect((await backend.list('', null)).objects).toEqual([])
  })
})
