/** What networks do to single parts and to aborts. */
import { describe, expect, it } from 'vitest'
import { hasS3Server } from '../../../scripts/test/s3-server.ts'
import { JobId, newId } from '../../../shared/ids.ts'
import { codeOf } from '../testing/conformance.ts'
import {
  answering,
  loseReply,
  partOfWhole,
  passing,
  useS3BehindProxy,
  whole,
  wholeWrite,
} from '../testing/s3-behind-proxy.ts'

const hasServer = await hasS3Server()
const current = useS3BehindProxy(hasServer)

describe.runIf(hasServer)('a part of an upload', () => {
  it('sends a part again that arrives damaged, and gives up where all do', async () => {
    const { meetFirst, upload, expectWhole } = current()
    const met = meetFirst('UploadPart', 2, answering(400, 'BadDigest'))
    await upload('a.age')
    expect(met()).toBe(2)
    await expectWhole('a.age')
    meetFirst('UploadPart', 99, answering(400, 'XAmzContentChecksumMismatch'))
    expect(await codeOf(upload('b.age'))).toBe('store/corrupted-on-the-way')
  })

  it('is refused by the real server where a byte is flipped on the way', async () => {
    const { proxy, upload, expectWhole } = current()
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
    const { backend, direct, meetFirst } = current()
    // Each loss is followed by a question in small, whose answer is lost too.
    const met = meetFirst('UploadPart', 4, loseReply)
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
    expect([met(), streams]).toEqual([4, 4])
    const { sizeBytes } = await backend.completeWrite(id)
    const bytes = await direct.read('a.age', { offset: 0, lengthBytes: sizeBytes })
    expect(Buffer.compare(bytes, Buffer.concat([whole, whole]))).toBe(0)
  })

  it('ends with what a stream throws, and lets go of it', async () => {
    const { backend, direct } = current()
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
    const { proxy, backend, direct } = current()
    const stop = new AbortController()
    const write = wholeWrite()
    const id = await backend.beginWrite('a.age', write)
    proxy.meet(async (_, forward) => {
      stop.abort(new Error('paused'))
      return forward()
    })
    const sending = backend.writePart(id, 1, partOfWhole(1), { signal: stop.signal })
    await expect(sending).rejects.toThrow('paused')
    proxy.meet(null)
    await backend.abortWrite(id)
    expect(await direct.listWrites()).toEqual([])
  })

  it.each(passing)('is taken back after %s', async (_, how) => {
    const { backend, direct, meetFirst } = current()
    const write = wholeWrite()
    const id = await backend.beginWrite('a.age', write)
    await backend.writePart(id, 1, partOfWhole(1))
    meetFirst('AbortMultipartUpload', 2, how)
    await backend.abortWrite(id)
    expect(await direct.listWrites()).toEqual([])
  })
})
