import { describe, expect, it } from 'vitest'
import { failureOf, type Failure } from '../../shared/failure.ts'
import { ArtifactId, KeyId, newId } from '../../shared/ids.ts'
import { generateFileKey } from './file-key.ts'
import { fingerprint } from './fingerprint.ts'
import { headerLimitBytes, headerMacMatches, parseHeader } from './header.ts'
import { generateIdentity } from './identity.ts'
import { openHeader } from './open-header.ts'
import { keyHeader } from './rewrap.ts'
import { scryptIdentity, scryptRecipient } from './scrypt.ts'
import { bareHeader } from './testing/write-age-file.ts'
import { readKeyHint } from './weightlock-stanza.ts'

const failureFrom = (run: () => unknown): Failure | null => {
  try {
    run()
    return null
  } catch (error) {
    return failureOf(error)
  }
}
const rejection = async (promise: Promise<unknown>): Promise<Failure | null> =>
  promise.then(() => null, failureOf)

const newHint = () => ({ keyId: newId(KeyId), artifactId: newId(ArtifactId) })

describe('the header of an artifact', () => {
  for (const [algorithm, sizeBytes] of [
    ['X25519', 245],
    ['mlkem768x25519', 1704],
  ] as const) {
    it(`has ${sizeBytes} bytes for ${algorithm}, carries the hint and opens with its identity`, async () => {
      const identity = generateIdentity(algorithm)
      const fileKey = generateFileKey()
      const hint = newHint()
      const header = parseHeader(await keyHeader(identity.recipient(), fileKey, hint))
      expect(header.bytes.length).toBe(sizeBytes)
      expect(header.stanzas.map(({ type }) => type)).toEqual([algorithm, 'weightlock.dev/key'])
      expect(readKeyHint(header.stanzas)).toEqual(hint)
      expect(await openHeader(header, [identity])).toEqual(fileKey)
    })

    it(`is rewrapped for ${algorithm} in the same room around the same file key`, async () => {
      const [oldIdentity, newIdentity] = [generateIdentity(algorithm), generateIdentity(algorithm)]
      const fileKey = generateFileKey()
      const old = parseHeader(await keyHeader(oldIdentity.recipient(), fileKey, newHint()))
      const opened = await openHeader(old, [oldIdentity])
      const rewrapped = parseHeader(await keyHeader(newIdentity.recipient(), opened, newHint()))
      expect(rewrapped.bytes.length).toBe(old.bytes.length)
      expect(await openHeader(rewrapped, [oldIdentity, newIdentity])).toEqual(fileKey)
      const failure = await rejection(openHeader(rewrapped, [oldIdentity]))
      expect(failure).toEqual({
        code: 'age/no-identity-match',
        stanzaTypes: [algorithm, 'weightlock.dev/key'],
      })
    })
  }

  it('gives no hint where the ids are not ids', async () => {
    const header = parseHeader(
      Buffer.from(`age-encryption.org/v1\n-> weightlock.dev/key UPPER lower\n\n--- ${'A'.repeat(43)}\n`),
    )
    expect(readKeyHint(header.stanzas)).toBeNull()
  })

  it('is refused once a byte of it has changed', async () => {
    const identity = generateIdentity('X25519')
    const bytes = await keyHeader(identity.recipient(), generateFileKey(), newHint())
    const at = Buffer.from(bytes).indexOf('weightlock.dev')
    bytes[at] = 'x'.charCodeAt(0)
    expect(await rejection(openHeader(parseHeader(bytes), [identity]))).toEqual({
      code: 'age/header-mac-mismatch',
    })
  })
})

describe('a passphrase file', () => {
  it('opens with its passphrase, and says whether one is needed or wrong', async () => {
    const passphrase = Buffer.from('correct horse')
    const fileKey = generateFileKey()
    const header = parseHeader(await bareHeader(scryptRecipient(passphrase, 10), fileKey))
    expect(await openHeader(header, [scryptIdentity(passphrase)])).toEqual(fileKey)
    expect(await rejection(openHeader(header, []))).toEqual({ code: 'age/passphrase-needed' })
    expect(await rejection(openHeader(header, [generateIdentity('X25519')]))).toEqual({
      code: 'age/passphrase-needed',
    })
    expect(await rejection(openHeader(header, [scryptIdentity(Buffer.from('wrong'))]))).toEqual({
      code: 'age/passphrase-wrong',
    })
  })

  it('is refused above a work factor of 2^20, before any work', async () => {
    const header = parseHeader(await bareHeader(scryptRecipient(Buffer.from('p'), 2), generateFileKey()))
    const stanzas = header.stanzas.map((stanza) => ({ ...stanza, args: [...stanza.args.slice(0, 1), '21'] }))
    expect(await rejection(openHeader({ ...header, stanzas }, [scryptIdentity(Buffer.from('p'))]))).toEqual({
      code: 'age/work-factor-too-high',
      workFactor: 21,
      limit: 20,
    })
  })
})

describe('parsing a header', () => {
  it('stops at 64 KiB of a header of 10 MB', () => {
    const stanza = `-> example.com/padding ${'a'.repeat(1000)}\n\n`
    const huge = Buffer.from(`age-encryption.org/v1\n${stanza.repeat(10_000)}--- ${'A'.repeat(43)}\n`)
    expect(failureFrom(() => parseHeader(huge))).toEqual({
      code: 'age/header-too-large',
      limitBytes: headerLimitBytes,
    })
  })

  it('stops at 64 KiB of a single line of 10 MB', () => {
    const huge = Buffer.from(`age-encryption.org/v1\n-> example.com/padding ${'a'.repeat(10_000_000)}\n`)
    expect(failureFrom(() => parseHeader(huge))?.code).toBe('age/header-too-large')
  })

  it('reads a header of exactly 64 KiB', () => {
    const frame = `age-encryption.org/v1\n-> example.com/padding \n\n--- ${'A'.repeat(43)}\n`.length
    const padding = 'a'.repeat(headerLimitBytes - frame)
    const text = `age-encryption.org/v1\n-> example.com/padding ${padding}\n\n--- ${'A'.repeat(43)}\n`
    expect(parseHeader(Buffer.from(`${text}nonce and payload`)).bytes.length).toBe(headerLimitBytes)
  })

  it('skips a stanza of an unknown type', () => {
    const text = `age-encryption.org/v1\n-> example.com/unknown a b\nAAAA\n--- ${'A'.repeat(43)}\n`
    expect(parseHeader(Buffer.from(text)).stanzas).toMatchObject([
      { type: 'example.com/unknown', args: ['a', 'b'] },
    ])
  })

  for (const [what, bytes, code] of [
    ['an empty file', '', 'age/not-an-age-file'],
    ['a pickle', '\x80\x04\x95', 'age/not-an-age-file'],
    ['another version of the format', 'age-encryption.org/v2\n', 'age/header-malformed'],
    ['a header without stanza', `age-encryption.org/v1\n--- ${'A'.repeat(43)}\n`, 'age/header-malformed'],
    ['a header that ends early', 'age-encryption.org/v1\n-> X25519 abc', 'age/header-malformed'],
  ] as const)
    it(`refuses ${what}: ${code}`, () => {
      expect(failureFrom(() => parseHeader(Buffer.from(bytes, 'latin1')))?.code).toBe(code)
    })
})

it('a fingerprint is SHA-256 over header and payload nonce', async () => {
  const header = Buffer.from('header\n')
  const nonce = Buffer.alloc(16, 1)
  expect(fingerprint(header, nonce)).toBe('819b2cc9a9df04e079b97fa0632b1704405581b95ce1f706c5023b0c8f48263a')
})

it('a MAC matches only under the file key that wrote it', async () => {
  const fileKey = generateFileKey()
  const header = parseHeader(await keyHeader(generateIdentity('X25519').recipient(), fileKey, newHint()))
  expect(headerMacMatches(header, fileKey)).toBe(true)
  expect(headerMacMatches(header, generateFileKey())).toBe(false)
})
