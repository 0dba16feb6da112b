/** What networks do to small objects, copies and reads. */
import { describe, expect, it } from 'vitest'
import { s3Error, type Meet } from '../../../scripts/test/s3-proxy.ts'
import { hasS3Server } from '../../../scripts/test/s3-server.ts'
import { JobId, newId } from '../../../shared/ids.ts'
import { codeOf, putObject, testBytes } from '../testing/conformance.ts'
import { answering, passing, useS3BehindProxy } from '../testing/s3-behind-proxy.ts'
import { s3UnderTest } from '../testing/s3-under-test.ts'

const hasServer = await hasS3Server()
const current = useS3BehindProxy(hasServer)

describe.runIf(hasServer)('a small object', () => {
  it.each(passing)('is put once and whole after %s', async (_, how) => {
    const { backend, direct, meetFirst } = current()
    const met = meetFirst('PutObject', 2, how)
    const info = await putObject(backend, 'a.age', testBytes(1000))
    expect(met()).toBeGreaterThan(0)
    expect(await direct.head('a.age')).toEqual(info)
  })

  it('of another is not overwritten, and not taken for its own', async () => {
    const { backend, direct, meetFirst } = current()
    meetFirst('PutObject', 1, async () => {
      await putObject(direct, 'a.age', testBytes(1000, 2))
      return 'cut'
    })
    expect(await codeOf(putObject(backend, 'a.age', testBytes(1000)))).toBe('store/object-exists')
    expect(await direct.read('a.age', { offset: 0, lengthBytes: 5 })).toEqual(Buffer.from(testBytes(5, 2)))
  })

  it('of another is not overwritten by a second try, where the server compares no conditions', async () => {
    const { proxy, findings, direct, meetFirst, root, bucket } = current()
    const backend = s3UnderTest(
      { endpoint: proxy.endpoint, bucket, credentials: root },
      { findings: findings === null ? null : { ...findings, conditionalPut: false } },
    )
    meetFirst('PutObject', 1, async () => {
      await putObject(direct, 'a.age', testBytes(1000, 2))
      return 'cut'
    })
    expect(await codeOf(putObject(backend, 'a.age', testBytes(1000)))).toBe('store/object-exists')
    expect(await direct.read('a.age', { offset: 0, lengthBytes: 5 })).toEqual(Buffer.from(testBytes(5, 2)))
  })

  it.each(passing)('is copied once after %s', async (_, how) => {
    const { proxy, findings, direct, meetFirst, root, bucket } = current()
    await putObject(direct, 'a.age', testBytes(1000))
    const copies = s3UnderTest(
      { endpoint: proxy.endpoint, bucket: bucket, credentials: root },
      { findings: findings === null ? null : { ...findings, conditionalComplete: false } },
    )
    const met = meetFirst('CopyObject', 2, how)
    const info = await copies.copy('a.age', 'b.age', { jobId: newId(JobId) })
    expect(met()).toBeGreaterThan(0)
    expect(await direct.head('b.age')).toEqual(info)
  })
})

describe.runIf(hasServer)('metadata that is replaced', () => {
  const jobId = newId(JobId)
  const metadata = { owner: 'ours' }

  it.each([
    ['PutObject', 1000],
    ['UploadPartCopy', 3_000_000],
    ['CompleteMultipartUpload', 3_000_000],
  ] as const)('does not replace what a colleague writes just before %s', async (operation, sizeBytes) => {
    const { backend, direct, meetFirst } = current()
    const { revision } = await putObject(direct, 'a.age', testBytes(sizeBytes))
    const met = meetFirst(operation, 1, async (_, forward) => {
      const { revision: seen = '' } = (await direct.head('a.age')) ?? {}
      await direct.delete('a.age', { revision: seen })
      await putObject(direct, 'a.age', testBytes(sizeBytes, 2))
      return forward()
    })
    const replacing = backend.replaceMetadata?.('a.age', metadata, { revision, jobId })
    expect(await codeOf(replacing ?? Promise.resolve())).toBe('store/precondition-failed')
    expect(met()).toBe(1)
    expect((await direct.head('a.age'))?.metadata['owner']).toBeUndefined()
    expect(await direct.read('a.age', { offset: 0, lengthBytes: 5 })).toEqual(Buffer.from(testBytes(5, 2)))
    expect(await direct.listWrites()).toEqual([])
  })

  it('asks a server that puts nothing together of parts to compare both ends of its copy', async () => {
    const { proxy, findings, direct, root, bucket } = current()
    const { revision } = await putObject(direct, 'a.age', testBytes(1000))
    const copies = s3UnderTest(
      { endpoint: proxy.endpoint, bucket, credentials: root },
      { findings: findings === null ? null : { ...findings, copyParts: false } },
    )
    await copies.replaceMetadata?.('a.age', metadata, { revision, jobId })
    const copy = proxy.requests.find(({ operation }) => operation === 'CopyObject')
    expect(copy?.headers).toMatchObject({
      'if-match': `"${revision}"`,
      'x-amz-copy-source-if-match': `"${revision}"`,
    })
    expect((await direct.head('a.age'))?.metadata).toEqual(metadata)
  })
})

describe.runIf(hasServer)('reading', () => {
  const range = { offset: 1000, lengthBytes: 70_000 }
  const expected = Buffer.from(testBytes(100_000).subarray(1000, 71_000))

  it.each(passing)('gives the bytes after %s', async (_, how) => {
    const { backend, direct, meetFirst } = current()
    await putObject(direct, 'a.age', testBytes(100_000))
    meetFirst('GetObject', 2, how)
    expect(await backend.read('a.age', range)).toEqual(expected)
  })

  it('reads again what was cut off, and gives up where it always is', async () => {
    const { backend, direct, meetFirst } = current()
    await putObject(direct, 'a.age', testBytes(100_000))
    const cut: Meet = async (_, forward) => ({ ...(await forward()), cutAfterBytes: 50_000 })
    meetFirst('GetObject', 2, cut)
    expect(await backend.read('a.age', range)).toEqual(expected)
    meetFirst('GetObject', 99, cut)
    expect(await codeOf(backend.read('a.age', range))).toBe('store/unreachable')
  })

  it('never gives fewer bytes, or another range', async () => {
    const { backend, direct, meetFirst } = current()
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
    const { proxy, backend, direct } = current()
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
    const { backend, direct, meetFirst } = current()
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
    const { proxy, backend } = current()
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
