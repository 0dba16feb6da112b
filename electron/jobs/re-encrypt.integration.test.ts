/** Re-encryption through the whole app: another file key, nonce and ciphertext, in a folder and in a bucket. */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { bucketPrefix, openBucketHouse, type BucketHouse } from '../../scripts/test/faults/bucket-house.ts'
import { decrypt, openHouse, settled, stored, type House } from '../../scripts/test/faults/house.ts'
import { expectSound } from '../../scripts/test/faults/soundness.ts'
import { systemAge } from '../../scripts/test/peer-tools.ts'
import { requirePeer } from '../../scripts/test/require-peer.ts'
import { hasS3Server } from '../../scripts/test/s3-server.ts'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import type { KeyId } from '../../shared/ids.ts'

const peer = await systemAge()
const hasAge = requirePeer('age', peer.tools !== null, peer.tools === null ? peer.reason : '')
const MiB = 2 ** 20
const chunkBytes = 65_552
const startBytes = 261

async function reEncrypt(house: House, keyId: KeyId) {
  const asked = { keyIds: [keyId], method: 're-encrypt' as const, reason: 'compromise' as const, note: '' }
  const { jobIds, refused } = await house.call('keys:rotate', asked)
  const [jobId] = jobIds
  if (jobId === undefined) throw new Error(`refused: ${JSON.stringify(refused)}`)
  return { jobId, ...(await settled(house, jobId)) }
}
const showOf = (house: House, { artifactId }: ArtifactRow) => house.call('artifacts:show', { artifactId })
const stateOf = async (house: House, keyId: KeyId) => (await house.call('keys:show', { keyId })).key.state

/** No chunk of the one stands in the other. */
function expectOtherChunks(one: Buffer, other: Buffer): void {
  expect(other).toHaveLength(one.length)
  for (let at = startBytes; at < one.length; at += chunkBytes)
    expect(one.subarray(at, at + chunkBytes).equals(other.subarray(at, at + chunkBytes))).toBe(false)
  // The nonce before them too.
  expect(one.subarray(startBytes - 16, startBytes).equals(other.subarray(startBytes - 16, startBytes))).toBe(
    false,
  )
}

vi.setConfig({ testTimeout: 40_000 })

describe('a re-encryption in a folder', () => {
  let house: House
  beforeAll(async () => {
    house = await openHouse()
  })
  afterAll(() => house.stop())
  afterEach(() => {
    house.onStep = () => undefined
  })

  it('changes every chunk of every version and copy, and writes nothing readable', async () => {
    const secret = 'the secret weights of a model '
    const plain = Buffer.alloc(500_000, secret)
    const input = house.input('model.bin', plain)
    const artifact = await stored(house, input)
    writeFileSync(input, 'a second version')
    await stored(house, input)
    mkdirSync(house.at('nas'))
    const { storeId } = await house.call('stores:add', {
      name: 'nas',
      kind: 'local-folder',
      settings: {},
      paths: { path: { path: house.at('nas') } },
      secrets: {},
    })
    const { artifactId } = artifact
    const { jobIds } = await house.call('artifacts:copy', {
      items: [{ artifactId, fromStoreId: null }],
      storeId,
      version: null,
      move: false,
    })
    await house.call('jobs:wait', { jobIds })
    const before = readFileSync(artifact.location)
    const readable: string[] = []
    house.onStep = (step, when) => {
      if (step !== 'complete-attempted' && step !== 'payload') return
      const files = globSync('**/*', { cwd: house.folder }).map((name) => house.at(name))
      for (const path of files.filter((each) => statSync(each).isFile()))
        if (when === 'before' && readFileSync(path).includes(secret)) readable.push(path)
    }
    const { job } = await reEncrypt(house, artifact.keyId)
    expect(job).toMatchObject({ state: 'done', outcome: 'Re-encrypted and verified' })
    expect(readable).toEqual([])
    const after = readFileSync(artifact.location)
    expectOtherChunks(before, after)
    const { artifact: now, versions } = await showOf(house, artifact)
    expect(versions.map(({ keyIds }) => keyIds)).toEqual([[now.keyId], [now.keyId]])
    const copies = versions.flatMap(({ objects }) => objects).filter((object) => object.store === 'nas')
    expect(copies).toHaveLength(2)
    const copy = copies.find(({ objectName }) => objectName === artifact.objectName)
    expect(readFileSync(copy?.location ?? '').equals(after)).toBe(true)
    expect(await stateOf(house, artifact.keyId)).toBe('deactivated')
    const { jobId } = await house.call('artifacts:verify', {
      artifactIds: [artifactId],
      storeId: null,
      level: 'full',
    })
    expect((await settled(house, jobId)).job?.state).toBe('done')
    expect((await decrypt(house, artifact, house.at('out'), { version: 1 })).job?.state).toBe('done')
    expect(readFileSync(house.at('out')).equals(plain)).toBe(true)
    await expectSound(house, house.at('nas'))
    if (!hasAge || peer.tools === null) return
    const { age } = peer.tools
    const open = (keyId: KeyId) => {
      writeFileSync(house.at('identity'), `${house.keychain.items.get(`Weightlock/${keyId}`)}\n`)
      return execFileSync(age, ['-d', '-i', house.at('identity'), artifact.location], { stdio: 'pipe' })
    }
    expect(open(now.keyId).equals(plain)).toBe(true)
    expect(() => open(artifact.keyId)).toThrow(/no identity matched/)
  })

  it('opens at every step, and overwrites nothing that another wrote meanwhile', async () => {
    const artifact = await stored(house, house.input('steps.bin', 'weights'))
    const opened: (string | undefined)[] = []
    let isOpening = false
    house.onStep = async (step) => {
      if (isOpening || !['replacing', 'payload', 'complete-attempted', 'switched', 'end'].includes(step))
        return
      isOpening = true
      const { job, failure } = await decrypt(house, artifact, house.at(`at-${opened.length}`))
      opened.push(failure?.code ?? job?.state)
      isOpening = false
    }
    const first = await reEncrypt(house, artifact.keyId)
    expect(first.job?.state).toBe('done')
    expect(new Set(opened)).toEqual(new Set(['done']))
    expect(opened.length).toBeGreaterThan(6)
    const { keyId } = (await showOf(house, artifact)).artifact
    const foreign = Buffer.alloc(400, 'of somebody else')
    house.onStep = (step, when) => {
      if (step === 'complete-attempted' && when === 'after') writeFileSync(artifact.location, foreign)
    }
    const { job, failure } = await reEncrypt(house, keyId)
    expect([job?.state, failure?.code]).toEqual(['failed', 'store/precondition-failed'])
    expect(readFileSync(artifact.location).equals(foreign)).toBe(true)
    expect(await stateOf(house, keyId)).toBe('active')
  })

  it('refuses what was forged under the old file key: it is not laundered', async () => {
    const artifact = await stored(house, house.input('forged.bin', Buffer.alloc(200_000, 'x')))
    const bytes = readFileSync(artifact.location)
    bytes[1000] = (bytes[1000] ?? 0) ^ 1
    writeFileSync(artifact.location, bytes)
    const { failure } = await reEncrypt(house, artifact.keyId)
    expect(failure?.code).toBe('verify/altered')
    expect(readFileSync(artifact.location).equals(bytes)).toBe(true)
  })
})

describe.runIf(await hasS3Server())('a re-encryption in a bucket', () => {
  let here: BucketHouse
  beforeAll(async () => {
    here = await openBucketHouse()
    await stored(here.house, here.house.input('first.bin', 'first'))
  })
  afterAll(() => here.stop())
  afterEach(async () => {
    here.proxy.meet(null)
    here.house.onStep = () => undefined
    await expectSound(here.house)
    await expectNoUploads()
  })
  const expectNoUploads = async () => expect(await here.openUploads()).toEqual([])
  const named = ({ objectName }: ArtifactRow) => ({
    Bucket: here.bucket,
    Key: `${bucketPrefix}/${objectName}`,
  })
  const bytesOf = async (artifact: ArtifactRow): Promise<Buffer> => {
    const { Body } = await here.server.client.send(new GetObjectCommand(named(artifact)))
    return Buffer.from((await Body?.transformToByteArray()) ?? [])
  }

  it('goes on under the same file key where it was stopped, and changes every chunk', async () => {
    const { house } = here
    const artifact = await stored(house, house.input('large.bin', randomBytes(40 * MiB)))
    const before = await bytesOf(artifact)
    let parts = 0
    house.onStep = (step, when) => {
      if (step === 'part-done' && when === 'after' && (parts += 1) === 2) throw new Error('stopped here')
    }
    const { jobId, job } = await reEncrypt(house, artifact.keyId)
    expect(job?.state).toBe('failed')
    house.onStep = () => undefined
    await house.reopen()
    here.proxy.requests.length = 0
    await house.call('jobs:resume', { jobIds: [jobId] })
    expect((await settled(house, jobId)).job?.state).toBe('done')
    expect(here.count('CreateMultipartUpload')).toBe(0)
    expect(here.count('UploadPart')).toBeLessThan(3)
    expectOtherChunks(before, await bytesOf(artifact))
    expect((await decrypt(house, artifact, house.at('out-large'))).job?.state).toBe('done')
  })

  it.each([
    ['CompleteMultipartUpload', 3 * MiB, true],
    ['CompleteMultipartUpload', 3 * MiB, false],
    ['UploadPart', 3 * MiB, true],
    ['PutObject', 1000, true],
    ['PutObject', 1000, false],
  ] as const)(
    'ends well where the answer of %s is lost (%i bytes, took effect: %s)',
    async (operation, size, took) => {
      const { house } = here
      const plain = randomBytes(size)
      const artifact = await stored(house, house.input(`lost-${operation}-${took}.bin`, plain))
      let lost = 0
      here.proxy.meet(async (request, forward) => {
        if (request.operation !== operation || (lost += 1) > 1) return forward()
        if (took) await forward()
        return 'cut'
      })
      const { job, jobId } = await reEncrypt(house, artifact.keyId)
      here.proxy.meet(null)
      if (job?.state !== 'done') {
        await house.call('jobs:resume', { jobIds: [jobId] })
        expect((await settled(house, jobId)).job?.state).toBe('done')
      }
      expect(lost).toBeGreaterThan(0)
      const out = house.at(`out-${operation}-${took}`)
      expect((await decrypt(house, artifact, out)).job?.state).toBe('done')
      expect(readFileSync(out).equals(plain)).toBe(true)
      expect(await stateOf(house, artifact.keyId)).toBe('deactivated')
    },
  )

  it('overwrites nothing that another wrote meanwhile', async () => {
    const { house } = here
    const artifact = await stored(house, house.input('raced.bin', 'weights'))
    const mine = await bytesOf(artifact)
    const foreign = Buffer.from('of somebody else')
    house.onStep = async (step, when) => {
      if (step === 'complete-attempted' && when === 'after')
        await here.server.client.send(new PutObjectCommand({ ...named(artifact), Body: foreign }))
    }
    const { job, jobId, failure } = await reEncrypt(house, artifact.keyId)
    expect([job?.state, failure?.code]).toEqual(['failed', 'store/precondition-failed'])
    expect((await bytesOf(artifact)).equals(foreign)).toBe(true)
    house.onStep = () => undefined
    await house.call('jobs:cancel', { jobIds: [jobId] })
    expect((await settled(house, jobId)).job?.state).toBe('cancelled')
    expect(await stateOf(house, artifact.keyId)).toBe('active')
    const Metadata = { format: '1', artifact: artifact.artifactId, key: artifact.keyId }
    await here.server.client.send(new PutObjectCommand({ ...named(artifact), Body: mine, Metadata }))
    expect((await decrypt(house, artifact, house.at('out-raced'))).job?.state).toBe('done')
  })
})
