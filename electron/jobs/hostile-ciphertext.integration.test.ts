/** What lies in the store was changed by somebody: refused for what it is, nothing written, and as good as before once
 * the right file is back. */
import { randomBytes } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import type { Failure } from '../../shared/failure.ts'
import { announcedRandom } from '../../scripts/test/faults/announced-random.ts'
import {
  decrypt,
  type Ended,
  openHouse,
  settled,
  stored,
  type House,
} from '../../scripts/test/faults/house.ts'
import { failureIn, expectSound } from '../../scripts/test/faults/soundness.ts'
import { chunkCiphertextBytes } from '../age/payload-size.ts'

/** Of an X25519 header with our stanza, and of the nonce behind it. */
const payloadStart = 245 + 16
const below = announcedRandom('hostile ciphertext')

let house: House
let model: ArtifactRow
let other: ArtifactRow
let plaintext: Buffer
/** Versions 1 and 2 of `model.bin`, and `other.bin`, which has the size of version 2. */
let [oldPath, path, otherPath] = ['', '', '']
let good: Buffer

beforeAll(async () => {
  house = await openHouse()
  plaintext = randomBytes(5 * 65_536 + 1000)
  await stored(house, house.input('model.bin', randomBytes(70_000)))
  model = await stored(house, house.input('model.bin', plaintext))
  other = await stored(house, house.input('other.bin', randomBytes(plaintext.length)))
  oldPath = join(house.storeFolder, 'model.bin.age')
  path = model.location
  otherPath = other.location
  good = readFileSync(path)
})
afterAll(() => house.stop())
afterEach(() => expectGoodAgain())

/** With the right file back, everything is as before. */
async function expectGoodAgain(): Promise<void> {
  rmSync(path, { recursive: true, force: true })
  writeFileSync(path, good)
  expect((await decrypt(house, model, house.at('good'))).job?.state).toBe('done')
  expect(readFileSync(house.at('good')).equals(plaintext)).toBe(true)
  unlinkSync(house.at('good'))
  expect((await verified('quick')).job?.outcome).toMatch(/^All 2 versions match/)
  const { artifact } = await house.call('artifacts:show', { artifactId: model.artifactId })
  expect(artifact.status).toBe('stored')
  await expectSound(house)
}

async function verified(level: 'quick' | 'sample' | 'full') {
  const { artifactId } = model
  const { jobId } = await house.call('artifacts:verify', { artifactIds: [artifactId], storeId: null, level })
  return settled(house, jobId)
}

/** The entry of the audit log that tells of a job. */
async function audited({ job }: Ended) {
  const page = { query: '', category: 'all', since: null, offset: 0, limit: 10 } as const
  const { rows } = await house.call('audit:list', page)
  return rows.filter(({ jobId }) => jobId === job?.jobId).map(({ event, facts }) => ({ event, facts }))
}

/** Neither decrypted, nor verified, and both in the audit log; the file in the store is left as it is.
 * @returns why it is not decrypted */
async function refusal(level: 'quick' | 'full' = 'quick'): Promise<Failure | null> {
  const before = readFileSync(path)
  const ended = await decrypt(house, model, house.at('out'))
  const refused = failureIn(ended)
  const entry = { event: 'version-refused', facts: { version: 2, code: refused?.code } }
  expect(await audited(ended)).toEqual([entry])
  expect(existsSync(house.at('out'))).toBe(false)
  const checked = await verified(level)
  expect(failureIn(checked)).toMatchObject({ code: 'verify/not-verified', checked: 2, problems: 1 })
  expect(await audited(checked)).toMatchObject([{ event: 'version-refused', facts: { version: 2 } }])
  expect(checked.job?.report[0]).toMatch(/^model\.bin, version 2: \S/)
  expect(readFileSync(path).equals(before)).toBe(true)
  return refused
}

const changed = (change: (bytes: Buffer) => Buffer | void) => {
  const bytes = Buffer.from(good)
  writeFileSync(path, change(bytes) ?? bytes)
}
const flip = (bytes: Buffer, at: number, bit = below(8)) =>
  void bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at)

describe('ciphertext in the store', () => {
  it.each([
    ['by a byte', () => good.length - 1],
    ['by its last chunk', () => payloadStart + 5 * chunkCiphertextBytes],
    ['anywhere in its payload', () => payloadStart + below(good.length - payloadStart)],
    ['behind its nonce', () => payloadStart],
    ['in its header', () => below(245)],
    ['to nothing', () => 0],
  ])('cut short %s', async (_, length) => {
    changed((bytes) => bytes.subarray(0, length()))
    expect(await refusal()).toEqual({ code: 'age/payload-truncated' })
  })

  it.each([
    ['a byte', () => Buffer.from('x')],
    ['its own last chunk', () => good.subarray(payloadStart + 5 * chunkCiphertextBytes)],
    ['another age file', () => readFileSync(otherPath)],
  ])('with %s behind its end', async (_, more) => {
    changed((bytes) => Buffer.concat([bytes, more()]))
    expect(await refusal()).toEqual({ code: 'age/payload-trailing-data' })
  })

  it('with a flipped bit in the payload', async () => {
    for (let n = 0; n < 6; n += 1) {
      const at = payloadStart + below(good.length - payloadStart)
      changed((bytes) => flip(bytes, at))
      const isInLast = at >= payloadStart + 5 * chunkCiphertextBytes
      expect({ at, failure: await refusal('full') }).toMatchObject({
        failure: isInLast
          ? { code: 'age/payload-altered', chunkIndex: 5 }
          : { code: 'verify/altered', name: 'model.bin' },
      })
    }
  })

  it('with a flipped bit in header or nonce', async () => {
    for (const at of [
      0,
      25,
      60,
      120,
      200,
      243,
      244,
      250,
      ...Array.from({ length: 8 }, () => below(payloadStart)),
    ]) {
      changed((bytes) => flip(bytes, at))
      const failure = await refusal()
      expect({ at, code: failure?.code }).toMatchObject({
        code: expect.stringMatching(
          /^(verify\/altered|age\/(not-an-age-file|header-malformed|header-mac-mismatch))$/,
        ) as string,
      })
    }
  })

  it('with chunks in another order', async () => {
    const chunk = (bytes: Buffer, n: number) =>
      bytes.subarray(payloadStart + n * chunkCiphertextBytes, payloadStart + (n + 1) * chunkCiphertextBytes)
    for (const [one, another] of [
      [1, 2],
      [0, 4],
    ] as const) {
      changed((bytes) => {
        chunk(good, one).copy(chunk(bytes, another))
        chunk(good, another).copy(chunk(bytes, one))
      })
      expect(await refusal('full')).toMatchObject({ code: 'verify/altered' })
    }
  })

  it('rolled back to the version before', async () => {
    copyFileSync(oldPath, path)
    expect(await refusal()).toEqual({
      code: 'verify/rolled-back',
      name: 'model.bin',
      foundVersion: 1,
      expectedVersion: 2,
    })
  })

  it('swapped with another artifact’s, of another size too', async () => {
    const small = await stored(house, house.input('small.bin', 'small'), {})
    copyFileSync(small.location, path)
    expect(await refusal()).toMatchObject({ code: 'verify/swapped', foundName: 'small.bin' })
    copyFileSync(otherPath, path)
    expect(await refusal()).toMatchObject({ code: 'verify/swapped', foundName: 'other.bin' })
    writeFileSync(otherPath, good)
    expect(failureIn(await decrypt(house, other, house.at('out')))).toMatchObject({
      code: 'verify/swapped',
      foundName: 'model.bin',
    })
    copyFileSync(path, otherPath)
    expect((await decrypt(house, other, house.at('out'))).job?.state).toBe('done')
    unlinkSync(house.at('out'))
  })

  it('replaced by something that is no age file', async () => {
    changed(() => randomBytes(good.length))
    expect(await refusal()).toEqual({ code: 'age/not-an-age-file' })
    changed(() => randomBytes(100))
    expect(await refusal()).toEqual({ code: 'age/not-an-age-file' })
  })

  it('replaced by a link or a folder, or gone', async () => {
    unlinkSync(path)
    symlinkSync(otherPath, path)
    expect(failureIn(await decrypt(house, model, house.at('out')))).toMatchObject({ code: 'file/is-special' })
    unlinkSync(path)
    expect(failureIn(await decrypt(house, model, house.at('out')))).toMatchObject({
      code: 'store/object-not-found',
    })
    expect(failureIn(await verified('full'))).toMatchObject({ code: 'verify/not-verified' })
    const { artifact } = await house.call('artifacts:show', { artifactId: model.artifactId })
    expect(artifact.status).toBe('missing')
    mkdirSync(path)
    expect(failureIn(await decrypt(house, model, house.at('out')))).toMatchObject({
      code: 'store/object-not-found',
    })
    rmdirSync(path)
  })

  it('renamed in its store is found again, wherever it went', async () => {
    mkdirSync(join(house.storeFolder, 'sorted'))
    for (const name of ['sorted/renamed.age', 'back \u202eagain']) {
      const { artifact } = await house.call('artifacts:show', { artifactId: model.artifactId })
      const moved = join(house.storeFolder, name)
      renameSync(artifact.location, moved)
      const { job } = await decrypt(house, model, house.at('out'))
      expect(job?.state).toBe('done')
      expect(readFileSync(house.at('out')).equals(plaintext)).toBe(true)
      unlinkSync(house.at('out'))
      const now = await house.call('artifacts:show', { artifactId: model.artifactId })
      expect(now.artifact.location).toBe(moved)
    }
    renameSync(join(house.storeFolder, 'back \u202eagain'), path)
    expect((await decrypt(house, model, house.at('out'))).job?.state).toBe('done')
    unlinkSync(house.at('out'))
  })
})
