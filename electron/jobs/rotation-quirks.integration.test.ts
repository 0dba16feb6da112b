/** Rotations where a store lacks what they like best, and where a rename's answer is lost. */
import { randomBytes } from 'node:crypto'
import { linkSync, readFileSync } from 'node:fs'
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bucketPrefix, openBucketHouse, type BucketHouse } from '../../scripts/test/faults/bucket-house.ts'
import { decrypt, type House, openHouse, settled, stored } from '../../scripts/test/faults/house.ts'
import { expectSound } from '../../scripts/test/faults/soundness.ts'
import { s3Error, type Meet } from '../../scripts/test/s3-proxy.ts'
import { copiesNoParts, ignoresConditions, refusesConditions } from '../../scripts/test/s3-quirks.ts'
import { hasS3Server } from '../../scripts/test/s3-server.ts'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import type { RotationMethod } from '../../shared/domain/rotation.ts'
import type { KeyId } from '../../shared/ids.ts'

const MiB = 2 ** 20

async function rotate(house: House, keyId: KeyId, method: RotationMethod) {
  const asked = { keyIds: [keyId], method, reason: 'policy' as const, note: '' }
  const { jobIds, refused } = await house.call('keys:rotate', asked)
  const [jobId] = jobIds
  if (jobId === undefined) throw new Error(`refused: ${JSON.stringify(refused)}`)
  return { jobId, ...(await settled(house, jobId)) }
}
const stateOf = async (house: House, keyId: KeyId) => (await house.call('keys:show', { keyId })).key.state
async function expectOpens(house: House, artifact: ArtifactRow, plain: Buffer, out: string) {
  expect((await decrypt(house, artifact, house.at(out))).job?.state).toBe('done')
  expect(readFileSync(house.at(out)).equals(plain)).toBe(true)
}

describe.runIf(await hasS3Server())('a bucket', () => {
  let here: BucketHouse
  afterEach(async () => {
    here.house.onStep = () => undefined
    await expectSound(here.house)
    await expectNoUploads()
  })
  const expectNoUploads = async () => expect(await here.openUploads()).toEqual([])
  const named = ({ objectName }: ArtifactRow) => ({
    Bucket: here.bucket,
    Key: `${bucketPrefix}/${objectName}`,
  })

  describe('that copies no parts', () => {
    beforeAll(async () => {
      here = await openBucketHouse()
      here.proxy.meet(copiesNoParts)
    })
    afterAll(() => here.stop())

    it('is sent the whole object, which is compared with its pins as it passes', async () => {
      const { house, proxy } = here
      const plain = randomBytes(20 * MiB)
      const artifact = await stored(house, house.input('large.bin', plain))
      proxy.requests.length = 0
      const { job } = await rotate(house, artifact.keyId, 'rewrap')
      expect(job?.state).toBe('done')
      expect(here.count('UploadPartCopy')).toBe(0)
      expect(here.count('UploadPart')).toBe(2)
      await expectOpens(house, artifact, plain, 'out')
      expect(await stateOf(house, artifact.keyId)).toBe('deactivated')
    })
  })

  const unconditional: [name: string, meet: Meet][] = [
    ['ignores conditions', ignoresConditions],
    ['refuses conditions', refusesConditions],
  ]
  describe.each(unconditional)('that %s', (_, meet) => {
    beforeAll(async () => {
      here = await openBucketHouse()
      here.proxy.meet(meet)
    })
    afterAll(() => here.stop())

    it.each(['rewrap', 're-encrypt'] as const)('is read and compared right before: %s', async (method) => {
      const { house } = here
      const plain = randomBytes(100_000)
      const artifact = await stored(house, house.input(`${method}.bin`, plain))
      const { job } = await rotate(house, artifact.keyId, method)
      expect(job?.state).toBe('done')
      expect(job?.report.join('\n')).toContain('the store does not compare as it replaces')
      await expectOpens(house, artifact, plain, `out-${method}`)
    })

    it('overwrites nothing that another wrote before that', async () => {
      const { house, server } = here
      const artifact = await stored(house, house.input('raced.bin', 'weights'))
      const foreign = Buffer.from('of somebody else')
      house.onStep = async (step, when) => {
        if (step === 'complete-attempted' && when === 'before')
          await server.client.send(new PutObjectCommand({ ...named(artifact), Body: foreign }))
      }
      const { failure } = await rotate(house, artifact.keyId, 'rewrap')
      expect(failure?.code).toBe('store/precondition-failed')
      const { Body: now } = await server.client.send(new GetObjectCommand(named(artifact)))
      expect(Buffer.from((await now?.transformToByteArray()) ?? []).equals(foreign)).toBe(true)
      expect(await stateOf(house, artifact.keyId)).toBe('active')
    })
  })

  describe('that has storage classes and keys of its own', () => {
    beforeAll(async () => {
      here = await openBucketHouse()
      await stored(here.house, here.house.input('first.bin', 'first'))
    })
    afterAll(() => here.stop())

    it.each([
      ['PutObject', 100_000],
      ['CreateMultipartUpload', 20 * MiB],
    ] as const)('is told them again: %s', async (operation, sizeBytes) => {
      const { house, proxy } = here
      const artifact = await stored(house, house.input(`${operation}.bin`, randomBytes(sizeBytes)))
      const kept = {
        'x-amz-storage-class': 'STANDARD_IA',
        'x-amz-server-side-encryption': 'aws:kms',
        'x-amz-server-side-encryption-aws-kms-key-id': 'arn:aws:kms:key/1',
        'cache-control': 'no-store',
      }
      const told: Record<string, unknown>[] = []
      proxy.meet(async (request, forward) => {
        if (!request.url.includes(artifact.objectName)) return forward()
        if (request.operation === 'HeadObject') {
          const reply = await forward()
          return { ...reply, headers: { ...reply.headers, ...kept } }
        }
        if (request.operation !== operation) return forward()
        told.push(request.headers)
        // The server here knows neither.
        const rest = Object.entries(request.headers).filter(([name]) => !(name in kept))
        return forward({ headers: Object.fromEntries(rest) })
      })
      const { job } = await rotate(house, artifact.keyId, 'rewrap')
      expect(job?.state).toBe('done')
      proxy.meet(null)
      expect(told).toMatchObject([kept])
    })

    it.each([
      ['rewrap', true],
      ['rewrap', false],
      ['re-encrypt', true],
      ['re-encrypt', false],
    ] as const)(
      'tells nothing more after its complete: both keys stay until it does (%s, took effect: %s)',
      async (method, took) => {
        const { house, proxy } = here
        const plain = randomBytes(3 * MiB)
        const artifact = await stored(house, house.input(`silent-${method}-${took}.bin`, plain))
        let isSilent = false
        proxy.meet(async (request, forward) => {
          if (isSilent) return s3Error(400, 'ExpiredToken')
          if (request.operation !== 'CompleteMultipartUpload') return forward()
          isSilent = true
          if (took) await forward()
          return 'cut'
        })
        const { job, jobId } = await rotate(house, artifact.keyId, method)
        expect([isSilent, job?.state]).toEqual([true, 'paused'])
        await house.call('jobs:cancel', { jobIds: [jobId] })
        expect((await settled(house, jobId)).job?.state).not.toBe('cancelled')
        const { keys } = await house.call('artifacts:show', { artifactId: artifact.artifactId })
        expect(keys.filter(({ keyId }) => house.keychain.items.has(`Weightlock/${keyId}`))).toHaveLength(2)
        proxy.meet(null)
        await house.reopen()
        // What is not known of it is found out by itself.
        expect((await settled(house, jobId)).job?.state).toBe('done')
        await expectOpens(house, artifact, plain, `out-silent-${method}-${took}`)
        expect(await stateOf(house, artifact.keyId)).toBe('deactivated')
      },
    )
  })
})

describe('in a folder', () => {
  let house: House
  beforeEach(async () => {
    house = await openHouse()
  })
  afterEach(() => house.stop())

  /** What is answered once instead of what happened. */
  const lost = () => Object.assign(new Error('lost'), { code: 'EIO' })
  const plain = randomBytes(100_000)
  const expectEndsWell = async (method: RotationMethod, artifact: ArtifactRow, took: boolean) => {
    const { job, jobId } = await rotate(house, artifact.keyId, method)
    await expectOpens(house, artifact, plain, 'out-before')
    if (job?.state !== 'done') {
      expect(took).toBe(false)
      await house.call('jobs:resume', { jobIds: [jobId] })
      expect((await settled(house, jobId)).job?.state).toBe('done')
    }
    expect(await stateOf(house, artifact.keyId)).toBe('deactivated')
    await expectOpens(house, artifact, plain, 'out')
    await expectSound(house)
  }

  it.each([
    ['re-encrypt', true],
    ['re-encrypt', false],
    // A file with another name is not written in place.
    ['rewrap', true],
    ['rewrap', false],
  ] as const)(
    'a rotation ends well where the answer of the rename is lost: %s (took effect: %s)',
    async (method, took) => {
      const artifact = await stored(house, house.input('model.bin', plain))
      if (method === 'rewrap') linkSync(artifact.location, house.at('other-name.age'))
      const { rename } = house.files
      let asked = 0
      house.files.rename = async (from, to) => {
        if (to !== artifact.location || (asked += 1) > 1) return rename(from, to)
        if (took) await rename(from, to)
        throw lost()
      }
      await expectEndsWell(method, artifact, took)
      expect(asked).toBeGreaterThan(0)
    },
  )

  it.each([true, false])(
    'a rewrap ends well where the answer of its write is lost (took effect: %s)',
    async (took) => {
      const artifact = await stored(house, house.input('model.bin', plain))
      const { openExisting } = house.files
      let asked = 0
      house.files.openExisting = async (path) => {
        const file = await openExisting(path)
        const write = async (bytes: Uint8Array, offset: number) => {
          if (path !== artifact.location || (asked += 1) > 1) return file.write(bytes, offset)
          if (took) await file.write(bytes, offset)
          throw lost()
        }
        return { ...file, write }
      }
      await expectEndsWell('rewrap', artifact, false)
      expect(asked).toBeGreaterThan(0)
    },
  )
})
