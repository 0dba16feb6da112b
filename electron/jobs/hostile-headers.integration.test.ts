/** Other headers around a payload: too large, with stanzas that nobody knows, wrapped anew by somebody else, forged. */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import { KeyId, newId } from '../../shared/ids.ts'
import {
  decrypt,
  decryptFile,
  openHouse,
  settled,
  stored,
  type House,
} from '../../scripts/test/faults/house.ts'
import { failureIn, expectSound } from '../../scripts/test/faults/soundness.ts'
import { generateFileKey } from '../age/file-key.ts'
import { headerBytes, parseHeader } from '../age/header.ts'
import { generateIdentity, identityText, parseIdentity } from '../age/identity.ts'
import { openHeader } from '../age/open-header.ts'
import { encryptSmallFile } from '../age/small-file.ts'
import { keyHeader } from '../age/rewrap.ts'
import { weightlockStanza } from '../age/weightlock-stanza.ts'

const plaintext = randomBytes(200_000)
let house: House
let model: ArtifactRow
let good: Buffer
let count = 0

beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.stop())
beforeEach(async () => {
  count += 1
  model = await stored(house, house.input(`model-${count}.bin`, plaintext))
  good = readFileSync(model.location)
})
afterEach(() => expectSound(house))

const secretOf = (keyId: string): string => house.keychain.items.get(`Weightlock/${keyId}`) ?? ''
const hintOf = ({ keyId, artifactId }: ArtifactRow) => ({ keyId: KeyId.parse(keyId), artifactId })

/** What somebody knows who holds the identity. */
async function insider() {
  const header = parseHeader(good)
  const identity = parseIdentity(secretOf(model.keyId))
  const fileKey = await openHeader(header, [identity])
  const end = header.bytes.length
  return { header, identity, fileKey, nonce: good.subarray(end, end + 16), rest: good.subarray(end) }
}

const put = (...parts: Uint8Array[]) => writeFileSync(model.location, Buffer.concat(parts))

/** @returns how decrypting ended: `done` only with the right plaintext */
async function opened(): Promise<string | undefined> {
  const { job } = await decrypt(house, model, house.at('out'))
  if (job?.state !== 'done') return job?.failure?.code
  const isRight = readFileSync(house.at('out')).equals(plaintext)
  rmSync(house.at('out'))
  return isRight ? 'done' : 'another plaintext'
}

async function verified(level: 'quick' | 'full') {
  const { artifactId } = model
  const { jobId } = await house.call('artifacts:verify', { artifactIds: [artifactId], storeId: null, level })
  return settled(house, jobId)
}
const noteOf = async () => {
  const { versions } = await house.call('artifacts:show', { artifactId: model.artifactId })
  return versions[0]?.note ?? null
}

describe('a header', () => {
  it('of 10 MB is not read to its end, in the store and anywhere else', async () => {
    const { header, fileKey, rest } = await insider()
    const filler = { type: 'filler', args: ['x'.repeat(990)], body: new Uint8Array(0) }
    const huge = headerBytes([...header.stanzas, ...Array.from({ length: 10_000 }, () => filler)], fileKey)
    expect(huge.length).toBeGreaterThan(10_000_000)
    put(huge, rest)
    const limit = { limitBytes: 65_536 }
    expect(failureIn(await decrypt(house, model, house.at('out')))).toMatchObject({
      code: 'age/header-too-large',
      ...limit,
    })
    const path = house.input('huge.age', Buffer.concat([huge, rest]))
    expect(failureIn(await decryptFile(house, path, house.at('out')))).toMatchObject({
      code: 'age/header-too-large',
      ...limit,
    })
    const oneLine = house.input(
      'line.age',
      Buffer.concat([good.subarray(0, 22), Buffer.alloc(10_000_000, 'a')]),
    )
    expect(failureIn(await decryptFile(house, oneLine, house.at('out')))).toMatchObject({
      code: 'age/header-too-large',
      ...limit,
    })
    expect(existsSync(house.at('out'))).toBe(false)
  })

  it('with stanzas that nobody knows opens where ours is among them', async () => {
    const { header, fileKey, rest } = await insider()
    const unknown = { type: 'example.org/quantum', args: ['a', 'b'], body: randomBytes(100) }
    const longer = headerBytes([unknown, ...header.stanzas, unknown], fileKey)
    const path = house.input('unknown.age', Buffer.concat([longer, rest]))
    expect((await decryptFile(house, path, house.at('out'))).job?.state).toBe('done')
    expect(readFileSync(house.at('out')).equals(plaintext)).toBe(true)
    rmSync(house.at('out'))
    put(longer, rest)
    expect(await opened()).toBe('done')
    expect(await noteOf()).toMatch(/wrapped elsewhere.* on \d{4}-\d\d-\d\d/)
  })

  it('with none but unknown stanzas opens with nothing, and says what they are', async () => {
    const unknown = { type: 'example.org/quantum', args: [], body: randomBytes(100) }
    const header = headerBytes([unknown], generateFileKey())
    const path = house.input('nobody.age', Buffer.concat([header, randomBytes(16 + 32)]))
    expect(failureIn(await decryptFile(house, path, house.at('out')))).toMatchObject({
      code: 'age/no-identity-match',
      stanzaTypes: ['example.org/quantum'],
    })
    expect(existsSync(house.at('out'))).toBe(false)
  })
})

describe('the same payload wrapped elsewhere', () => {
  it('to the same key is recognised after a full read, and pinned anew with a dated note', async () => {
    const { identity, fileKey, rest } = await insider()
    put(await keyHeader(identity.recipient(), fileKey, hintOf(model)), rest)
    expect(failureIn(await verified('quick'))).toMatchObject({ code: 'verify/not-verified', problems: 1 })
    expect(await opened()).toBe('done')
    expect(await noteOf()).toMatch(/wrapped elsewhere.* on \d{4}-\d\d-\d\d/)
    expect((await verified('quick')).job?.outcome).toMatch(/^The only version matches/)
  })

  it('to another key that is held here, by a full verification too', async () => {
    const { fileKey, rest } = await insider()
    const identity = generateIdentity('X25519')
    const file = house.input('colleague.txt', identityText(identity))
    const { imported } = await house.call('keys:import', {
      source: { path: file },
      passphrase: null,
      reverseDestroyed: null,
    })
    const keyId = imported[0]?.keyId
    if (keyId === undefined) throw new Error('not imported')
    put(await keyHeader(identity.recipient(), fileKey, { ...hintOf(model), keyId }), rest)
    expect((await verified('full')).job?.outcome).toMatch(/^The only version matches/)
    expect(await noteOf()).toMatch(/wrapped elsewhere/)
    expect(await opened()).toBe('done')
  })

  it('to a key that is not held here is refused', async () => {
    const { fileKey, rest } = await insider()
    const stranger = generateIdentity('X25519').recipient()
    put(await keyHeader(stranger, fileKey, { ...hintOf(model), keyId: newId(KeyId) }), rest)
    expect(failureIn(await decrypt(house, model, house.at('out')))).toMatchObject({ code: 'verify/altered' })
    expect(failureIn(await verified('full'))).toMatchObject({ code: 'verify/not-verified', problems: 1 })
    expect(await noteOf()).toMatch(/Did not verify/)
    put(good)
    expect(await opened()).toBe('done')
  })
})

describe('a forged file', () => {
  it('by somebody who knows the recipient, with our nonce and our size', async () => {
    const { identity, nonce } = await insider()
    const fileKey = generateFileKey()
    const header = await keyHeader(identity.recipient(), fileKey, hintOf(model))
    put(encryptSmallFile(header, fileKey, nonce, randomBytes(plaintext.length)))
    expect(failureIn(await decrypt(house, model, house.at('out')))).toMatchObject({ code: 'verify/altered' })
    expect(existsSync(house.at('out'))).toBe(false)
    expect(failureIn(await verified('full'))).toMatchObject({ code: 'verify/not-verified' })
    put(encryptSmallFile(header, fileKey, randomBytes(16), plaintext))
    expect(failureIn(await decrypt(house, model, house.at('out')))).toMatchObject({ code: 'verify/altered' })
  })

  it('by somebody who held its file key: same header, same nonce, other contents', async () => {
    const { header, nonce, fileKey } = await insider()
    put(encryptSmallFile(header.bytes, fileKey, nonce, randomBytes(plaintext.length)))
    expect(failureIn(await decrypt(house, model, house.at('out')))).toMatchObject({ code: 'verify/altered' })
    expect(failureIn(await verified('full'))).toMatchObject({ code: 'verify/not-verified' })
    put(encryptSmallFile(header.bytes, fileKey, nonce, plaintext.subarray(0, 1000)))
    expect(failureIn(await decrypt(house, model, house.at('out')))).toMatchObject({
      code: 'age/payload-truncated',
    })
    put(encryptSmallFile(header.bytes, fileKey, nonce, Buffer.concat([plaintext, plaintext])))
    expect(failureIn(await decrypt(house, model, house.at('out')))).toMatchObject({
      code: 'age/payload-trailing-data',
    })
    expect(existsSync(house.at('out'))).toBe(false)
  })

  it('by somebody who knows the recipient: another file key around our own payload', async () => {
    const { identity, rest } = await insider()
    put(await keyHeader(identity.recipient(), generateFileKey(), hintOf(model)), rest)
    expect(failureIn(await verified('full'))).toMatchObject({ code: 'verify/not-verified', problems: 1 })
    expect(await noteOf()).toMatch(/Did not verify/)
    const forged = readFileSync(model.location)
    for (const method of ['rewrap', 're-encrypt'] as const) {
      const { jobIds } = await house.call('keys:rotate', {
        keyIds: [KeyId.parse(model.keyId)],
        method,
        reason: 'other',
        note: '',
      })
      const [jobId] = jobIds
      if (jobId === undefined) throw new Error('refused')
      expect((await settled(house, jobId)).failure).toMatchObject({ code: 'verify/altered' })
      await house.call('jobs:cancel', { jobIds: [jobId] })
      expect((await settled(house, jobId)).job?.state).toBe('cancelled')
    }
    expect(readFileSync(model.location).equals(forged)).toBe(true)
    expect(failureIn(await decrypt(house, model, house.at('out')))).toMatchObject({ code: 'verify/altered' })
    put(good)
    expect(await opened()).toBe('done')
  })

  it('that says it belongs to another key opens with its own', async () => {
    const { identity, fileKey, rest } = await insider()
    const other = await stored(house, house.input(`other-${count}.bin`, 'other'))
    const lying = [await identity.recipient().wrapFileKey(fileKey), weightlockStanza(hintOf(other))]
    put(headerBytes(lying, fileKey), rest)
    expect(await opened()).toBe('done')
  })
})
