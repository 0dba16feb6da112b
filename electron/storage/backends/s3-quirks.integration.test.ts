/** Servers differ: the backend is right on each, and says what each of them lacks. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startS3Proxy, type Meet, type S3Proxy } from '../../../scripts/test/s3-proxy.ts'
import * as quirks from '../../../scripts/test/s3-quirks.ts'
import { hasS3Server, startS3Server, type S3Server } from '../../../scripts/test/s3-server.ts'
import { JobId, newId } from '../../../shared/ids.ts'
import type { StoreFindings } from '../store-probe.ts'
import { codeOf, describeStorageBackend, putObject, testBytes } from '../testing/conformance.ts'
import { s3UnderTest } from '../testing/s3-under-test.ts'

const hasServer = await hasS3Server()
let server: S3Server
beforeAll(async () => {
  if (hasServer) server = await startS3Server()
})
afterAll(() => server?.stop())

const usual: StoreFindings = {
  conditionalPut: true,
  conditionalComplete: true,
  conditionalCopy: false,
  conditionalDelete: true,
  objectVersions: false,
  copyParts: true,
  checksums: 'full-crc32',
  listsUploads: 'all',
}
const unconditional = { conditionalPut: false, conditionalComplete: false, conditionalDelete: false }

const servers: [name: string, Meet, lacks: Partial<StoreFindings>][] = [
  [
    'one like MinIO',
    quirks.together(quirks.listsUploadsByName, quirks.refusesAttributes),
    { listsUploads: 'by-name' },
  ],
  [
    'one like Garage, with short pages',
    quirks.together(quirks.ignoresConditions, quirks.attestsPartsOnly, quirks.listsInShortPages),
    { ...unconditional, checksums: 'parts-crc32' },
  ],
  ['one that attests by CRC-64 only', quirks.attestsByCrc64Only, { checksums: 'full-crc64nvme' }],
  [
    'one that knows neither checksums nor copied parts nor conditions',
    quirks.together(
      quirks.refusesConditions,
      quirks.knowsNoChecksums,
      quirks.copiesNoParts,
      quirks.writesBareTags,
    ),
    { ...unconditional, checksums: 'none', copyParts: false },
  ],
  [
    'one that chokes on checksums, with short pages',
    quirks.together(quirks.refusesChecksums, quirks.listsInShortPages),
    { checksums: 'none' },
  ],
]

describe.runIf(hasServer)('a server', () => {
  for (const [name, meet, lacks] of servers)
    describe(`that is ${name}`, () => {
      let proxy: S3Proxy
      let findings: StoreFindings | null = null
      const open = async () => {
        const bucket = await server.makeBucket()
        const where = { endpoint: proxy.endpoint, bucket, credentials: server.root }
        return { backend: s3UnderTest(where, { findings }), reopen: () => s3UnderTest(where, { findings }) }
      }
      beforeAll(async () => {
        if (!hasServer) return
        proxy = await startS3Proxy(server)
        proxy.meet(meet)
        findings = (await (await open()).backend.probe?.())?.findings ?? null
      })
      afterAll(() => proxy?.stop())

      it('is found out', async () => {
        expect(findings).toEqual({ ...usual, ...lacks })
        const probed = await (await open()).backend.probe?.()
        expect(probed).toMatchObject({ failure: null, left: [] })
        for (const { action, answer } of probed?.actions ?? [])
          expect([action, answer]).toEqual([action, action === 'delete-version' ? 'not-tried' : 'works'])
      })

      describeStorageBackend(`S3, ${name}`, open)
    })
})

describe.runIf(hasServer)('a store behind quirks', () => {
  const open = async (meet: Meet, settings = {}) => {
    const proxy = await startS3Proxy(server)
    onTestFinished(() => proxy.stop())
    proxy.meet(meet)
    const bucket = await server.makeBucket()
    const where = { endpoint: proxy.endpoint, bucket, credentials: server.root, settings }
    return { proxy, backend: s3UnderTest(where, { findings: usual }), where }
  }
  const large = (name: string) => ({
    name,
    write: {
      sizeBytes: 20 * 2 ** 20,
      partBytes: 5 * 2 ** 20,
      metadata: {},
      condition: { kind: 'absent' as const },
      jobId: newId(JobId),
    },
  })

  it('lists every open upload once, many of one name too, however the pages fall', async () => {
    for (const meet of [quirks.listsInShortPages, quirks.pagesUploads]) {
      const { backend } = await open(meet, { prefix: 'pre fix' })
      const begun: string[] = []
      for (const name of ['a.age', 'b.age', 'b.age', 'b.age', 'b.age', 'b.age', 'c/d+e.age', 'ü.age']) {
        const id = await backend.beginWrite(name, large(name).write)
        begun.push(id)
      }
      const listed = await backend.listWrites()
      expect(listed.map(({ name }) => name).toSorted()).toEqual(
        ['a.age', 'b.age', 'b.age', 'b.age', 'b.age', 'b.age', 'c/d+e.age', 'ü.age'].toSorted(),
      )
      for (const id of begun)
        expect(listed.filter((each) => backend.isSameWrite?.(each.id, id))).toHaveLength(1)
      const ofB = await backend.listWrites({ of: { name: 'b.age', jobId: newId(JobId) } })
      expect(ofB).toHaveLength(5)
      expect(ofB[0]?.begunAt).toBeGreaterThan(Date.now() - 60_000)
      for (const { id } of listed) await backend.abortWrite(id)
      expect(await backend.listWrites()).toEqual([])
    }
  })

  it('lists every object once though names are listed as they are', async () => {
    const { backend } = await open(quirks.together(quirks.listsPlainNames, quirks.listsInShortPages))
    const names = ['a b.age', 'a%20b.age', 'a+b.age', 'é/ü.age', '100%.age']
    for (const name of names) await putObject(backend, name, testBytes(3))
    const listed: string[] = []
    let page: string | null = null
    do {
      const { objects, next }: Awaited<ReturnType<typeof backend.list>> = await backend.list('', page)
      listed.push(...objects.map(({ name }) => name))
      page = next
    } while (page !== null)
    expect(listed.toSorted()).toEqual(names.toSorted())
  })

  it('never ends a list early that the server cannot go on with', async () => {
    const { backend } = await open(async (request, forward) => {
      const reply = await forward()
      if (request.operation !== 'ListObjectsV2') return reply
      const text = reply.body.toString().replace('<IsTruncated>false', '<IsTruncated>true')
      return { ...reply, body: Buffer.from(text) }
    })
    expect(await codeOf(backend.list('', null))).toBe('store/refused')
  })

  it('does not sacrifice another’s object where conditions are ignored, but for the last instant', async () => {
    const { where } = await open(quirks.ignoresConditions)
    const backend = s3UnderTest(where)
    expect(await backend.capabilities()).toMatchObject({ conditionalWrites: false, exclusiveCreate: false })
    const { name, write } = large('a.age')
    const id = await backend.beginWrite(name, write)
    for (const part of [1, 2, 3, 4]) await backend.writePart(id, part, testBytes(write.partBytes, part))
    await putObject(backend, 'a.age', testBytes(10))
    expect(await codeOf(backend.completeWrite(id))).toBe('store/object-exists')
    expect((await backend.head('a.age'))?.sizeBytes).toBe(10)
    await backend.abortWrite(id)
  })

  it('that cannot be found out is compared by reading and by the server', async () => {
    const { where, proxy } = await open(async (request, forward) =>
      request.operation === 'DeleteObject' ? { status: 500, headers: {}, body: Buffer.alloc(0) } : forward(),
    )
    const backend = s3UnderTest(where)
    expect(await backend.capabilities()).toMatchObject({ conditionalWrites: false })
    proxy.requests.length = 0
    await putObject(backend, 'a.age', testBytes(10))
    const put = proxy.requests.filter(
      ({ operation, url }) => operation === 'PutObject' && url.includes('a.age'),
    )
    expect(put.map(({ headers }) => headers['if-none-match'])).toEqual(['*'])
    expect(await codeOf(putObject(backend, 'a.age', testBytes(10)))).toBe('store/object-exists')
  })
})
