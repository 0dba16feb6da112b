/** What networks do to requests and replies. Every case ends as if nothing had happened, or in a failure of its own
 * with the store as it was. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  s3Error,
  startS3Proxy,
  type Meet,
  type S3Operation,
  type S3Proxy,
} from '../../../scripts/test/s3-proxy.ts'
import { hasS3Server, startS3Server, type S3Server } from '../../../scripts/test/s3-server.ts'
import { JobId, newId } from '../../../shared/ids.ts'
import type { Condition, StorageBackend } from '../backend.ts'
import type { StoreFindings } from '../store-probe.ts'
import { codeOf, putObject, testBytes } from '../testing/conformance.ts'
import { s3UnderTest } from '../testing/s3-under-test.ts'

const hasServer = await hasS3Server()
let server: S3Server
let proxy: S3Proxy
let findings: StoreFindings | null
beforeAll(async () => {
  if (!hasServer) return
  server = await startS3Server()
  proxy = await startS3Proxy(server)
  const bucket = await server.makeBucket()
  const probed = await s3UnderTest({ endpoint: server.endpoint, bucket, credentials: server.root }).probe?.()
  findings = probed?.findings ?? null
})
afterAll(async () => {
  await proxy?.stop()
  await server?.stop()
})

const partBytes = 5 * 2 ** 20
const whole = testBytes(partBytes * 2 + 7)
let backend: StorageBackend
/** Past the proxy. */
let direct: StorageBackend
beforeEach(async () => {
  if (!hasServer) return
  proxy.meet(null)
  proxy.requests.length = 0
  const bucket = await server.makeBucket()
  const where = { bucket, credentials: server.root }
  backend = s3UnderTest({ ...where, endpoint: proxy.endpoint }, { findings })
  direct = s3UnderTest({ ...where, endpoint: server.endpoint }, { findings })
})

/** Meets the first so many requests of an operation, and passes on the rest. */
function meetFirst(operation: S3Operation, times: number, how: Meet): () => number {
  let met = 0
  proxy.meet((request, forward) => {
    if (request.operation !== operation || met >= times) return forward()
    met++
    return how(request, forward)
  })
  return () => met
}

const loseReply: Meet = async (_, forward) => {
  await forward()
  return 'cut'
}
const loseRequest: Meet = async () => 'cut'
const answering =
  (status: number, code: string): Meet =>
  async () =>
    s3Error(status, code)

async function upload(name: string, condition: Condition = { kind: 'absent' }) {
  const write = { sizeBytes: whole.length, partBytes, metadata: { key: 'k' }, condition, jobId: newId(JobId) }
  const id = await backend.beginWrite(name, write)
  for (const part of [1, 2, 3])
    await backend.writePart(id, part, whole.subarray((part - 1) * partBytes, part * partBytes))
  return backend.completeWrite(id)
}
async function expectWhole(name: string): Promise<void> {
  const bytes = await direct.read(name, { offset: 0, lengthBytes: whole.length })
  expect(Buffer.compare(bytes, whole)).toBe(0)
  expect(await direct.listWrites()).toEqual([])
}

const passing: [name: string, how: Meet][] = [
  ['a lost reply', loseReply],
  ['a lost request', loseRequest],
  ['500 InternalError', answering(500, 'InternalError')],
  [
    '502 of a gateway',
    async () => ({ status: 502, headers: {}, body: Buffer.from('<html>bad gateway</html>') }),
  ],
  ['503 SlowDown', answering(503, 'SlowDown')],
  ['400 RequestTimeout', answering(400, 'RequestTimeout')],
  ['429', async () => ({ status: 429, headers: {}, body: Buffer.from('') })],
]

describe.runIf(hasServer)('an upload in parts', () => {
  const operations: S3Operation[] = [
    'CreateMultipartUpload',
    'UploadPart',
    'ListParts',
    'CompleteMultipartUpload',
    'HeadObject',
  ]
  for (const operation of operations)
    it.each(passing)(`is whole after %s to ${operation}`, async (_, how) => {
      const met = meetFirst(operation, 2, how)
      const info = await upload('a.age')
      expect(met()).toBeGreaterThan(0)
      expect(info).toMatchObject({ name: 'a.age', sizeBytes: whole.length, metadata: { key: 'k' } })
      expect(info.checksum?.kind).toBe('full')
      if (operation === 'CreateMultipartUpload')
        for (const { id } of await direct.listWrites()) await direct.abortWrite(id)
      await expectWhole('a.age')
    })

  it('is whole after an error in the body of a 200 to its completion', async () => {
    const met = meetFirst('CompleteMultipartUpload', 2, async () => ({ ...s3Error(200, 'InternalError') }))
    await upload('a.age')
    expect(met()).toBe(2)
    await expectWhole('a.age')
  })

  it('is whole after such an error though the completion took effect', async () => {
    meetFirst('CompleteMultipartUpload', 1, async (_, forward) => {
      await forward()
      return s3Error(200, 'InternalError')
    })
    expect((await upload('a.age')).sizeBytes).toBe(whole.length)
    await expectWhole('a.age')
    expect(proxy.requests.filter(({ operation }) => operation === 'CompleteMultipartUpload')).toHaveLength(1)
  })

  it('that replaces a revision is settled by reading once the reply is lost', async () => {
    const { revision } = await putObject(direct, 'a.age', testBytes(10))
    meetFirst('CompleteMultipartUpload', 1, loseReply)
    const replaced = await upload('a.age', { kind: 'revision', revision })
    expect(replaced.revision).not.toBe(revision)
    await expectWhole('a.age')
  })

  it('never takes another’s object for its own', async () => {
    meetFirst('CompleteMultipartUpload', 1, async () => {
      await putObject(direct, 'a.age', testBytes(whole.length, 2))
      return 'cut'
    })
    expect(await codeOf(upload('a.age'))).toBe('store/object-exists')
    const there = await direct.read('a.age', { offset: 0, lengthBytes: whole.length })
    expect(Buffer.compare(there, testBytes(whole.length, 2))).toBe(0)
  })

  it('says that the outcome is unknown where it is: nothing can be read any more', async () => {
    let isGone = false
    proxy.meet(async (request, forward) => {
      if (request.operation !== 'CompleteMultipartUpload' && !isGone) return forward()
      isGone = true
      await forward()
      return 'cut'
    })
    expect(await codeOf(upload('a.age'))).toBe('store/unreachable')
    await expectWhole('a.age')
  })

  it('is refused where the server lost a part, and goes on once that was sent again', async () => {
    const write = {
      sizeBytes: whole.length,
      partBytes,
      metadata: {},
      condition: { kind: 'absent' as const },
      jobId: newId(JobId),
    }
    const id = await backend.beginWrite('a.age', write)
    for (const part of [1, 3])
      await backend.writePart(id, part, whole.subarray((part - 1) * partBytes, part * partBytes))
    expect(await codeOf(backend.completeWrite(id))).toBe('store/parts-missing')
    expect(await direct.head('a.age')).toBeNull()
    await backend.writePart(id, 2, whole.subarray(partBytes, 2 * partBytes))
    await backend.completeWrite(id)
    await expectWhole('a.age')
  })

  it.each([
    ['ConditionalRequestConflict', 409, 'store/conflict'],
    ['NoSuchUpload', 404, 'store/upload-not-found'],
    ['InvalidPart', 400, 'store/parts-missing'],
    ['EntityTooLarge', 400, 'store/too-large'],
    ['QuotaExceeded', 403, 'store/full'],
    ['AccessDenied', 403, 'store/permission-missing'],
    ['InvalidRequest', 400, 'store/refused'],
    ['NotImplemented', 501, 'store/refused'],
  ])('ends at once with %s to its completion', async (code, status, failure) => {
    const met = meetFirst('CompleteMultipartUpload', 9, answering(status, code))
    expect(await codeOf(upload('a.age'))).toBe(failure)
    expect(met()).toBe(1)
    expect(await direct.head('a.age')).toBeNull()
  })

  it('sends a part again that arrives damaged, and gives up where all do', async () => {
    const met = meetFirst('UploadPart', 2, answering(400, 'BadDigest'))
    await upload('a.age')
    expect(met()).toBe(2)
    await expectWhole('a.age')
    meetFirst('UploadPart', 99, answering(400, 'XAmzContentChecksumMismatch'))
    expect(await codeOf(upload('b.age'))).toBe('store/corrupted-on-the-way')
  })

  it('is refused by the real server where a byte is flipped on the way', async () => {
    let flipped = 0
    proxy.meet((request, forward) => {
      if (request.operation === 'UploadPart' && flipped++ === 0)
        request.body[1000] = (request.body[1000] ?? 0) ^ 1
      return forward()
    })
    await upload('a.age')
    expect(flipped).toBe(4)
    await expectWhole('a.age')
  })

  it('streams a part anew for each try', async () => {
    const met = meetFirst('UploadPart', 2, loseReply)
    let streams = 0
    const write = {
      sizeBytes: whole.length,
      partBytes: whole.length,
      metadata: {},
      condition: { kind: 'absent' as const },
      jobId: newId(JobId),
    }
    const large = { ...write, sizeBytes: whole.length * 2, partBytes: whole.length * 2 }
    const id = await backend.beginWrite('a.age', large)
    await backend.writePart(id, 1, {
      sizeBytes: large.sizeBytes,
      crc32: null,
      chunks: async function* () {
        streams++
        for (let at = 0; at < whole.length; at += 100_000) yield whole.subarray(at, at + 100_000)
        yield whole
      },
    })
    // Once for its checksum.
    expect([met(), streams]).toEqual([2, 4])
    const { sizeBytes } = await backend.completeWrite(id)
    const bytes = await direct.read('a.age', { offset: 0, lengthBytes: sizeBytes })
    expect(Buffer.compare(bytes, Buffer.concat([whole, whole]))).toBe(0)
  })

  it('ends with what a stream throws, and lets go of it', async () => {
    const large = {
      sizeBytes: 2 ** 25,
      partBytes: 2 ** 25,
      metadata: {},
      condition: { kind: 'absent' as const },
      jobId: newId(JobId),
    }
    const id = await backend.beginWrite('a.age', large)
    let isReleased = false
    const broken = backend.writePart(id, 1, {
      sizeBytes: large.sizeBytes,
      crc32: 1,
      chunks: async function* () {
        try {
          yield new Uint8Array(2 ** 20)
          throw new Error('the source changed')
        } finally {
          isReleased = true
        }
      },
    })
    await expect(broken).rejects.toThrow('the source changed')
    expect(isReleased).toBe(true)
    await backend.abortWrite(id)
    expect(await direct.listWrites()).toEqual([])
  })

  it('stops when its caller does, in the middle of a part', async () => {
    const stop = new AbortController()
    const write = {
      sizeBytes: whole.length,
      partBytes,
      metadata: {},
      condition: { kind: 'absent' as const },
      jobId: newId(JobId),
    }
    const id = await backend.beginWrite('a.age', write)
    proxy.meet(async (_, forward) => {
      stop.abort(new Error('paused'))
      return forward()
    })
    const sending = backend.writePart(id, 1, whole.subarray(0, partBytes), { signal: stop.signal })
    await expect(sending).rejects.toThrow('paused')
    proxy.meet(null)
    await backend.abortWrite(id)
    expect(await direct.listWrites()).toEqual([])
  })

  it.each(passing)('is taken back after %s', async (_, how) => {
    const write = {
      sizeBytes: whole.length,
      partBytes,
      metadata: {},
      condition: { kind: 'absent' as const },
      jobId: newId(JobId),
    }
    const id = await backend.beginWrite('a.age', write)
    await backend.writePart(id, 1, whole.subarray(0, partBytes))
    meetFirst('AbortMultipartUpload', 2, how)
    await backend.abortWrite(id)
    expect(await direct.listWrites()).toEqual([])
  })
})

describe.runIf(hasServer)('a small object', () => {
  it.each(passing)('is put once and whole after %s', async (_, how) => {
    const met = meetFirst('PutObject', 2, how)
    const info = await putObject(backend, 'a.age', testBytes(1000))
    expect(met()).toBeGreaterThan(0)
    expect(await direct.head('a.age')).toEqual(info)
  })

  it('of another is not overwritten, and not taken for its own', async () => {
    meetFirst('PutObject', 1, async () => {
      await putObject(direct, 'a.age', testBytes(1000, 2))
      return 'cut'
    })
    expect(await codeOf(putObject(backend, 'a.age', testBytes(1000)))).toBe('store/object-exists')
    expect(await direct.read('a.age', { offset: 0, lengthBytes: 5 })).toEqual(Buffer.from(testBytes(5, 2)))
  })

  it.each(passing)('is copied once after %s', async (_, how) => {
    await putObject(direct, 'a.age', testBytes(1000))
    const copies = s3UnderTest(
      { endpoint: proxy.endpoint, bucket: direct.location('').slice(5), credentials: server.root },
      { findings: findings === null ? null : { ...findings, conditionalComplete: false } },
    )
    const met = meetFirst('CopyObject', 2, how)
    const info = await copies.copy('a.age', 'b.age', { jobId: newId(JobId) })
    expect(met()).toBeGreaterThan(0)
    expect(await direct.head('b.age')).toEqual(info)
  })
})

describe.runIf(hasServer)('reading', () => {
  const range = { offset: 1000, lengthBytes: 70_000 }
  const expected = Buffer.from(testBytes(100_000).subarray(1000, 71_000))

  it.each(passing)('gives the bytes after %s', async (_, how) => {
    await putObject(direct, 'a.age', testBytes(100_000))
    meetFirst('GetObject', 2, how)
    expect(await backend.read('a.age', range)).toEqual(expected)
  })

  it('reads again what was cut off, and gives up where it always is', async () => {
    await putObject(direct, 'a.age', testBytes(100_000))
    const cut: Meet = async (_, forward) => ({ ...(await forward()), cutAfterBytes: 50_000 })
    meetFirst('GetObject', 2, cut)
    expect(await backend.read('a.age', range)).toEqual(expected)
    meetFirst('GetObject', 99, cut)
    expect(await codeOf(backend.read('a.age', range))).toBe('store/unreachable')
  })

  it('never gives fewer bytes, or another range', async () => {
    await putObject(direct, 'a.age', testBytes(100_000))
    const short: Meet = async (_, forward) => {
      const reply = await forward()
      return { ...reply, body: reply.body.subarray(0, 60_000) }
    }
    meetFirst('GetObject', 99, short)
    expect(await codeOf(backend.read('a.age', range))).toBe('store/precondition-failed')
    const whole_: Meet = async (request, forward) => {
      const { range: _, ...headers } = request.headers
      const reply = await forward({ headers })
      return reply.status === 200 ? reply : s3Error(500, 'NotAsMeant')
    }
    meetFirst('GetObject', 99, whole_)
    expect(await codeOf(backend.read('a.age', range))).not.toBe('no failure')
    meetFirst('GetObject', 99, async (_, forward) => {
      const reply = await forward()
      return { ...reply, headers: { ...reply.headers, 'content-range': 'bytes 0-69999/100000' } }
    })
    expect(await codeOf(backend.read('a.age', range))).toBe('store/refused')
    meetFirst('GetObject', 99, async (_, forward) => {
      const reply = await forward()
      return { ...reply, headers: { ...reply.headers, etag: '"another"' } }
    })
    const { revision = '' } = (await direct.head('a.age')) ?? {}
    expect(await codeOf(backend.read('a.age', range, { revision }))).toBe('store/precondition-failed')
  })

  it('takes nothing for absent that is not said to be', async () => {
    await putObject(direct, 'a.age', testBytes(10))
    const notFound: Meet = async () => ({
      status: 404,
      headers: {},
      body: Buffer.from('<html>nothing</html>'),
    })
    proxy.meet(async (request, forward) =>
      request.operation === 'HeadObject' || request.operation === 'GetObject'
        ? notFound(request, forward)
        : forward(),
    )
    expect(await codeOf(backend.head('a.age'))).not.toBe('no failure')
    proxy.meet(async (request, forward) =>
      request.operation === 'HeadObject' ? notFound(request, forward) : forward(),
    )
    expect(await codeOf(backend.head('a.age'))).not.toBe('no failure')
    proxy.meet(async (request) =>
      request.operation === 'HeadObject' ? s3Error(404, '') : s3Error(404, 'NoSuchBucket'),
    )
    expect(await codeOf(backend.head('a.age'))).toBe('store/bucket-not-found')
    proxy.meet(null)
    expect(await backend.head('b.age')).toBeNull()
  })

  it('pauses where credentials expired or the clock is wrong, after one more try', async () => {
    await putObject(direct, 'a.age', testBytes(10))
    for (const [code, status, failure] of [
      ['ExpiredToken', 400, 'store/credentials-expired'],
      ['RequestTimeTooSkewed', 403, 'store/clock-skew'],
    ] as const) {
      const met = meetFirst('GetObject', 1, answering(status, code))
      expect((await backend.read('a.age', { offset: 0, lengthBytes: 3 })).length).toBe(3)
      expect(met()).toBe(1)
      meetFirst('GetObject', 99, answering(status, code))
      expect(await codeOf(backend.read('a.age', { offset: 0, lengthBytes: 3 }))).toBe(failure)
    }
  })

  it('names the region that a redirect names, and follows it nowhere', async () => {
    const elsewhere: Meet = async () => {
      const reply = s3Error(301, 'PermanentRedirect', '<Endpoint>http://example.invalid</Endpoint>')
      return {
        ...reply,
        headers: {
          ...reply.headers,
          location: 'http://example.invalid/',
          'x-amz-bucket-region': 'eu-west-3',
        },
      }
    }
    proxy.meet(elsewhere)
    const error = await backend.list('', null).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ failure: { code: 'store/wrong-region', region: 'eu-west-3' } })
    expect(await codeOf(backend.head('a.age'))).toBe('store/wrong-region')
  })
})
