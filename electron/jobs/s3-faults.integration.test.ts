/** Faults of networks and servers, met by whole jobs: each ends in success, or in a failure of its own after which the
 * store is as it was and an honest try succeeds. Never a wrong file, a lost key, or something listed that does not open. */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openBucketHouse, type BucketHouse } from '../../scripts/test/faults/bucket-house.ts'
import { decrypt, type Ended, encrypt, settled, stored } from '../../scripts/test/faults/house.ts'
import { expectSound } from '../../scripts/test/faults/soundness.ts'
import { s3Error, type Meet, type S3Operation } from '../../scripts/test/s3-proxy.ts'
import { hasS3Server } from '../../scripts/test/s3-server.ts'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'

/** Three parts. */
const plaintext = randomBytes(33 * 2 ** 20)

const wrongTag = `"${'0'.repeat(32)}"`

type Fault = [name: string, operation: S3Operation, how: Meet, code: string | null]

const answer =
  (status: number, code: string): Meet =>
  async () =>
    s3Error(status, code)
const denied = (operation: S3Operation, permission: string): Fault => [
  `${operation} denied`,
  operation,
  answer(403, 'AccessDenied'),
  `store/permission-missing ${permission}`,
]
const saying =
  (name: string, value: string): Meet =>
  async (_, forward) => {
    const reply = await forward()
    return { ...reply, headers: { ...reply.headers, [name]: value } }
  }
const redirect: Meet = async () => {
  const reply = s3Error(301, 'PermanentRedirect')
  return { ...reply, headers: { ...reply.headers, 'x-amz-bucket-region': 'eu-west-3' } }
}
/** Says that it has it, and has not. */
const losePart: Meet = async ({ headers }) => {
  const checksum = headers['x-amz-checksum-crc32']
  const attested = checksum === undefined ? {} : { 'x-amz-checksum-crc32': checksum }
  return { status: 200, headers: { etag: wrongTag, ...attested }, body: Buffer.alloc(0) }
}
const flipBit: Meet = async (_, forward) => {
  const reply = await forward()
  const body = Buffer.from(reply.body)
  body.writeUInt8(body.readUInt8(90_000) ^ 1, 90_000)
  return { ...reply, body }
}
const cutShort: Meet = async (_, forward) => ({ ...(await forward()), cutAfterBytes: 90_000 })
const endEarly: Meet = async (_, forward) => {
  const reply = await forward()
  return { ...reply, body: reply.body.subarray(0, 90_000) }
}

describe.runIf(await hasS3Server())('a job in a bucket that meets', () => {
  let here: BucketHouse
  let model: ArtifactRow
  let made = 0
  beforeAll(async () => {
    here = await openBucketHouse()
    model = await stored(here.house, here.house.input('model.bin', plaintext))
  })
  afterAll(() => here.stop())
  afterEach(async () => {
    here.proxy.meet(null)
    await expectSound(here.house)
    await expectNoUploads()
  })
  const expectNoUploads = async () => expect(await here.openUploads()).toEqual([])

  /** Meets the first such request that moves much, where the operation is one that moves anything. */
  const meet = (meant: S3Operation, how: Meet) => {
    let met = 0
    here.proxy.meet((request, forward) => {
      const [, from = 0, to = 0] = (/^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []).map(Number)
      // Of parts the second: nothing of it is read back at once.
      const part = request.query.get('partNumber')
      const isMeant =
        request.operation === meant &&
        (part ?? '2') === '2' &&
        (meant !== 'GetObject' || to - from > 1_000_000)
      if (!isMeant || met > 0) return forward()
      met += 1
      return how(request, forward)
    })
    return () => met
  }
  const told = ({ failure }: Ended): string | null =>
    failure === null
      ? null
      : [failure.code, ...('permission' in failure ? [failure.permission] : [])].join(' ')

  /** What did not end well does once nothing is in its way. @returns its artifact */
  const honest = async ({ job }: Ended) => {
    here.proxy.meet(null)
    if (job === null) throw new Error('there is no job')
    if (job.state !== 'done') await here.house.call('jobs:resume', { jobIds: [job.jobId] })
    const again = await settled(here.house, job.jobId)
    expect(again.job?.state).toBe('done')
    return again.job?.artifactId ?? null
  }
  const expectOpens = async (artifact: Pick<ArtifactRow, 'artifactId'>) => {
    const out = here.house.at('out')
    expect((await decrypt(here.house, artifact, out)).job?.state).toBe('done')
    expect(readFileSync(out).equals(plaintext)).toBe(true)
    rmSync(out)
  }

  it.each<Fault>([
    ['a reset in the middle of a part', 'UploadPart', async () => 'cut', null],
    ['a wrong ETag of a part', 'UploadPart', saying('etag', wrongTag), null],
    [
      'a wrong checksum of a part',
      'UploadPart',
      saying('x-amz-checksum-crc32', 'AAAAAA=='),
      'store/corrupted-on-the-way',
    ],
    ['a wrong checksum of the whole', 'HeadObject', saying('x-amz-checksum-crc32', 'AAAAAA=='), null],
    ['a part that the server lost', 'UploadPart', losePart, 'store/parts-missing'],
    ['503 to a part', 'UploadPart', answer(503, 'SlowDown'), null],
    ['a part that timed out', 'UploadPart', answer(400, 'RequestTimeout'), null],
    ['a 200 with an error to its completion', 'CompleteMultipartUpload', answer(200, 'InternalError'), null],
    [
      '409 to its completion',
      'CompleteMultipartUpload',
      answer(409, 'ConditionalRequestConflict'),
      'store/conflict',
    ],
    ['a redirect', 'UploadPart', redirect, 'store/wrong-region'],
    denied('CreateMultipartUpload', 's3:PutObject'),
    denied('UploadPart', 's3:PutObject'),
    denied('ListParts', 's3:ListMultipartUploadParts'),
    denied('CompleteMultipartUpload', 's3:PutObject'),
    ['HeadObject denied once', 'HeadObject', answer(403, 'AccessDenied'), null],
  ])('%s: an upload', async (_, operation, how, code) => {
    const met = meet(operation, how)
    const ended = await encrypt(here.house, here.house.input(`upload-${(made += 1)}.bin`, plaintext))
    expect(met()).toBe(1)
    expect(told(ended)).toBe(code)
    const artifact = await honest(ended)
    if (artifact === null) throw new Error('nothing was stored')
    await expectOpens({ artifactId: artifact })
  })

  it.each<Fault>([
    ['a reset in the middle', 'GetObject', cutShort, null],
    ['an end that comes too early', 'GetObject', endEarly, 'store/precondition-failed'],
    ['a flipped bit', 'GetObject', flipBit, 'verify/altered'],
    ['a wrong ETag', 'GetObject', saying('etag', wrongTag), 'store/precondition-failed'],
    ['503', 'GetObject', answer(503, 'SlowDown'), null],
    ['a redirect', 'GetObject', redirect, 'store/wrong-region'],
    denied('GetObject', 's3:GetObject'),
    ['HeadObject denied once', 'HeadObject', answer(403, 'AccessDenied'), null],
  ])('%s: a download', async (_, operation, how, code) => {
    const met = meet(operation, how)
    const out = here.house.at('downloaded')
    const ended = await decrypt(here.house, model, out)
    expect(met()).toBe(1)
    expect(told(ended)).toBe(code)
    if (code !== null) expect(existsSync(out)).toBe(false)
    await honest(ended)
    expect(readFileSync(out).equals(plaintext)).toBe(true)
    rmSync(out)
  })
})
