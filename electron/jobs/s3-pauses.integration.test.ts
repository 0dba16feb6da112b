/** What passes when somebody signs in again, sets the clock or reconnects pauses a job; resumed, it transfers only what
 * is missing. */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openBucketHouse, type BucketHouse } from '../../scripts/test/faults/bucket-house.ts'
import { decrypt, encrypt, settled, startEncrypt, stored } from '../../scripts/test/faults/house.ts'
import { expectSound } from '../../scripts/test/faults/soundness.ts'
import { s3Error, type Meet, type ProxiedRequest } from '../../scripts/test/s3-proxy.ts'
import { hasS3Server } from '../../scripts/test/s3-server.ts'
import { stubHost } from '../../scripts/test/stub-host.ts'
import { leafCiphertextBytes, type ByteRange } from '../age/payload-size.ts'
import type { JobId } from '../../shared/ids.ts'

const MiB = 2 ** 20
/** Four parts of 16 MiB. */
const sizeBytes = 50 * MiB + 12_345

const reasons: [code: string, how: Meet][] = [
  ['store/credentials-expired', async () => s3Error(400, 'ExpiredToken')],
  ['store/clock-skew', async () => s3Error(403, 'RequestTimeTooSkewed')],
]

const done = { state: 'done', failure: null }

/** What of an object a request asks for. */
function rangeOf({ headers: { range } }: ProxiedRequest): ByteRange {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? []
  const offset = Number(from ?? 0)
  return { offset, lengthBytes: to === undefined ? 0 : Number(to) - offset + 1 }
}

describe.runIf(await hasS3Server())('a job in a bucket is paused, not failed', () => {
  let here: BucketHouse
  beforeAll(async () => {
    here = await openBucketHouse()
  })
  afterAll(() => here.stop())
  afterEach(async () => {
    here.proxy.meet(null)
    await expectSound(here.house)
    await expectNoUploads()
  })
  const expectNoUploads = async () => expect(await here.openUploads()).toEqual([])

  /** Lets two parts of an object through; once their receipt was journaled, everything is met. */
  const meetAfterTwoParts = (name: string, how: Meet): void => {
    const { promise: bothDone, resolve } = Promise.withResolvers<void>()
    let [passed, done] = [0, 0]
    here.house.onStep = (step, when) => {
      if (step === 'part-done' && when === 'after' && ++done === 2) resolve()
    }
    here.proxy.meet(async (request, forward) => {
      if (passed < 2) {
        // The first write into a store tries parts of its own.
        if (request.operation === 'UploadPart' && request.url.includes(name)) passed++
        return forward()
      }
      await bothDone
      return how(request, forward)
    })
  }

  const resume = async (jobId: JobId) => {
    here.proxy.meet(null)
    here.proxy.requests.length = 0
    await here.house.call('jobs:resume', { jobIds: [jobId] })
    const { job } = await settled(here.house, jobId)
    return job
  }

  const expectPaused = async (jobId: JobId, failure: object) => {
    const { job } = await settled(here.house, jobId)
    expect(job).toMatchObject({ state: 'paused', failure, canResume: true, canCancel: true })
    expect(job?.safe).toMatch(/\.$/)
    expect(job?.pausedAt).not.toBeNull()
  }

  it.each(reasons)('an upload: %s in its middle', async (code, how) => {
    const plaintext = randomBytes(sizeBytes)
    const name = `${code.split('/')[1]}.bin`
    meetAfterTwoParts(name, how)
    const started = await startEncrypt(here.house, here.house.input(name, plaintext))
    if (!('jobId' in started)) throw new Error('not started')
    await expectPaused(started.jobId, { code, store: 'bucket' })
    expect(await here.openUploads()).toEqual([`models/${name}.age`])
    // Still out of order: paused again, and nothing of it lost.
    here.proxy.meet(how)
    await here.house.call('jobs:resume', { jobIds: [started.jobId] })
    await expectPaused(started.jobId, { code })

    const job = await resume(started.jobId)
    expect(job).toMatchObject(done)
    expect(here.count('UploadPart')).toBe(2)
    expect(here.count('CreateMultipartUpload')).toBe(0)
    if (!job?.artifactId) throw new Error('no artifact')
    const path = here.house.at(`${name}.opened`)
    expect((await decrypt(here.house, { artifactId: job.artifactId }, path)).job?.state).toBe('done')
    expect(readFileSync(path).equals(plaintext)).toBe(true)
  })

  it('an upload: the network is lost', async () => {
    meetAfterTwoParts('unplugged.bin', async () => 'cut')
    const path = here.house.input('unplugged.bin', randomBytes(sizeBytes))
    const started = await startEncrypt(here.house, path)
    if (!('jobId' in started)) throw new Error('not started')
    await expectPaused(started.jobId, { code: 'store/unreachable', detail: 'ECONNRESET' })
    expect(await resume(started.jobId)).toMatchObject(done)
    expect(here.count('UploadPart')).toBe(2)
  })

  it('before anything was sent', async () => {
    here.proxy.meet(reasons[0]?.[1] ?? null)
    const { job } = await encrypt(here.house, here.house.input('early.bin', 'early'))
    if (job === null) throw new Error('not started')
    await expectPaused(job.jobId, { code: 'store/credentials-expired' })
    expect(await resume(job.jobId)).toMatchObject(done)
  })

  it('and stays so over a restart', async () => {
    here.proxy.meet(reasons[0]?.[1] ?? null)
    const { job } = await encrypt(here.house, here.house.input('restarted.bin', 'restarted'))
    if (job === null) throw new Error('not started')
    await here.house.reopen()
    await expectPaused(job.jobId, { code: 'store/credentials-expired' })
    const cancelled = await here.house.call('jobs:cancel', { jobIds: [job.jobId] })
    expect(cancelled.jobs).toContainEqual(expect.objectContaining({ jobId: job.jobId, state: 'cancelled' }))
  })

  it.each(reasons)('a download: %s in its middle', async (code, how) => {
    const plaintext = randomBytes(100e6)
    const name = `down-${code.split('/')[1]}.bin`
    const { artifactId } = await stored(here.house, here.house.input(name, plaintext))
    const path = here.house.at(`${name}.opened`)
    const { promise: arrived, resolve } = Promise.withResolvers<void>()
    here.house.onStep = (step, when) => {
      if (step === 'arrived' && when === 'after') resolve()
    }
    here.proxy.meet(async (request, forward) => {
      const { offset, lengthBytes } = rangeOf(request)
      if (lengthBytes < MiB || offset < 4 * leafCiphertextBytes) return forward()
      await arrived
      return how(request, forward)
    })
    const target = { path }
    const { jobId } = await here.house.call('decrypt:start', {
      artifactId,
      version: null,
      target,
      unpack: false,
    })
    await expectPaused(jobId, { code, store: 'bucket' })
    expect(existsSync(path) && statSync(path).size > 0).toBe(false)
    here.house.onStep = () => undefined
    expect(await resume(jobId)).toMatchObject(done)
    const askedBytes = here.proxy.requests.reduce((sum, request) => sum + rangeOf(request).lengthBytes, 0)
    expect(askedBytes).toBeLessThan(plaintext.length - 3 * leafCiphertextBytes)
    expect(readFileSync(path).equals(plaintext)).toBe(true)
  })

  it('when the machine goes to sleep, in the bucket only', async () => {
    let sleeps: () => void = () => undefined
    const host = stubHost({
      onSuspend: (listener) => {
        sleeps = listener
        return () => undefined
      },
    })
    await here.house.reopen({ host })
    const local = await here.house.call('stores:list', {})
    const localId = local.stores.find(({ kind }) => kind === 'local-folder')?.storeId ?? null
    const { promise: reached, resolve } = Promise.withResolvers<void>()
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    let waiting = 0
    here.house.onStep = async (step, when) => {
      if (when === 'before' && (step === 'part-digest' || step === 'payload') && ++waiting >= 2) resolve()
      if (when === 'before' && (step === 'part-digest' || step === 'payload')) await released
    }
    const far = await startEncrypt(here.house, here.house.input('far.bin', randomBytes(MiB)))
    const near = await startEncrypt(here.house, here.house.input('near.bin', randomBytes(MiB)), {
      storeId: localId,
    })
    if (!('jobId' in far) || !('jobId' in near)) throw new Error('not started')
    await reached
    sleeps()
    await here.house.call('jobs:snapshot', {})
    release()
    expect((await settled(here.house, near.jobId)).job?.state).toBe('done')
    await expectPaused(far.jobId, { code: 'job/suspended' })
    here.house.onStep = () => undefined
    expect(await resume(far.jobId)).toMatchObject(done)
  })
})
