/** What networks do to uploads in parts. Every case ends as if nothing had happened, or in a failure of its own with the
 * store as it was. */
import { describe, expect, it } from 'vitest'
import { s3Error, type S3Operation } from '../../../scripts/test/s3-proxy.ts'
import { hasS3Server } from '../../../scripts/test/s3-server.ts'
import { codeOf, putObject, testBytes } from '../testing/conformance.ts'
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
      const { direct, meetFirst, upload, expectWhole } = current()
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
    const { meetFirst, upload, expectWhole } = current()
    const met = meetFirst('CompleteMultipartUpload', 2, async () => ({ ...s3Error(200, 'InternalError') }))
    await upload('a.age')
    expect(met()).toBe(2)
    await expectWhole('a.age')
  })

  it('is whole after such an error though the completion took effect', async () => {
    const { proxy, meetFirst, upload, expectWhole } = current()
    meetFirst('CompleteMultipartUpload', 1, async (_, forward) => {
      await forward()
      return s3Error(200, 'InternalError')
    })
    expect((await upload('a.age')).sizeBytes).toBe(whole.length)
    await expectWhole('a.age')
    expect(proxy.requests.filter(({ operation }) => operation === 'CompleteMultipartUpload')).toHaveLength(1)
  })

  it('that replaces a revision is settled by reading once the reply is lost', async () => {
    const { direct, meetFirst, upload, expectWhole } = current()
    const { revision } = await putObject(direct, 'a.age', testBytes(10))
    meetFirst('CompleteMultipartUpload', 1, loseReply)
    const replaced = await upload('a.age', { kind: 'revision', revision })
    expect(replaced.revision).not.toBe(revision)
    await expectWhole('a.age')
  })

  it('never takes another’s object for its own', async () => {
    const { direct, meetFirst, upload } = current()
    meetFirst('CompleteMultipartUpload', 1, async () => {
      await putObject(direct, 'a.age', testBytes(whole.length, 2))
      return 'cut'
    })
    expect(await codeOf(upload('a.age'))).toBe('store/object-exists')
    const there = await direct.read('a.age', { offset: 0, lengthBytes: whole.length })
    expect(Buffer.compare(there, testBytes(whole.length, 2))).toBe(0)
  })

  it('says that the outcome is unknown where it is: nothing can be read any more', async () => {
    const { proxy, upload, expectWhole } = current()
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
    const { backend, direct, expectWhole } = current()
    const write = wholeWrite()
    const id = await backend.beginWrite('a.age', write)
    for (const part of [1, 3]) await backend.writePart(id, part, partOfWhole(part))
    expect(await codeOf(backend.completeWrite(id))).toBe('store/parts-missing')
    expect(await direct.head('a.age')).toBeNull()
    await backend.writePart(id, 2, partOfWhole(2))
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
    const { direct, meetFirst, upload } = current()
    const met = meetFirst('CompleteMultipartUpload', 9, answering(status, code))
    expect(await codeOf(upload('a.age'))).toBe(failure)
    expect(met()).toBe(1)
    expect(await direct.head('a.age')).toBeNull()
  })
})
