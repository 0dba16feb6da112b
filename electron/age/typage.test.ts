import { Decrypter, Encrypter, armor } from 'age-encryption'
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ArtifactId, KeyId, newId } from '../../shared/ids.ts'
import { openAgeFile } from './age-file.ts'
import { generateFileKey } from './file-key.ts'
import { generateIdentity, identityText } from './identity.ts'
import { openHeader } from './open-header.ts'
import { openPlaintext } from './payload-range.ts'
import { bytesReader } from './range-reader.ts'
import { keyHeader } from './rewrap.ts'
import { scryptIdentity, scryptRecipient } from './scrypt.ts'
import { encryptSmallFile } from './small-file.ts'
import { armorText, bareHeader } from './testing/write-age-file.ts'
import type { Identity } from './stanza.ts'

const sizes = [0, 1, 65_535, 65_536, 65_537, 3 * 65_536, 3 * 65_536 + 17]

const opened = async (bytes: Uint8Array, identity: Identity): Promise<Uint8Array> => {
  const file = await openAgeFile(bytesReader(bytes))
  const plaintext = await openPlaintext(file, await openHeader(file.header, [identity]))
  return plaintext.read(0, plaintext.sizeBytes)
}

const ours = async (algorithm: 'X25519' | 'mlkem768x25519', plaintext: Uint8Array) => {
  const identity = generateIdentity(algorithm)
  const fileKey = generateFileKey()
  const hint = { keyId: newId(KeyId), artifactId: newId(ArtifactId) }
  const header = await keyHeader(identity.recipient(), fileKey, hint)
  return { identity, file: encryptSmallFile(header, fileKey, randomBytes(16), plaintext) }
}

const same = (one: Uint8Array, other: Uint8Array) => Buffer.compare(one, other) === 0

for (const algorithm of ['X25519', 'mlkem768x25519'] as const)
  describe(`files for ${algorithm}`, () => {
    for (const sizeBytes of sizes) {
      const plaintext = randomBytes(sizeBytes)

      it(`of ${sizeBytes} bytes that we write are opened by typage`, async () => {
        const { identity, file } = await ours(algorithm, plaintext)
        const decrypter = new Decrypter()
        decrypter.addIdentity(identityText(identity))
        expect(same(await decrypter.decrypt(file), plaintext)).toBe(true)
      })

      it(`of ${sizeBytes} bytes that typage writes are opened by us`, async () => {
        const identity = generateIdentity(algorithm)
        const encrypter = new Encrypter()
        encrypter.addRecipient(identity.recipient().text)
        expect(same(await opened(await encrypter.encrypt(plaintext), identity), plaintext)).toBe(true)
      })
    }
  })

describe('passphrase files', () => {
  const plaintext = randomBytes(1000)
  const passphrase = 'pässphrase with spaces'

  it('that we write are opened by typage, armored too', async () => {
    const fileKey = generateFileKey()
    const header = await bareHeader(scryptRecipient(Buffer.from(passphrase), 12), fileKey)
    const file = encryptSmallFile(header, fileKey, randomBytes(16), plaintext)
    const decrypter = new Decrypter()
    decrypter.addPassphrase(passphrase)
    expect(same(await decrypter.decrypt(armor.decode(armorText(file))), plaintext)).toBe(true)
  })

  it('that typage writes are opened by us', async () => {
    const encrypter = new Encrypter()
    encrypter.setPassphrase(passphrase)
    encrypter.setScryptWorkFactor(12)
    const file = await encrypter.encrypt(plaintext)
    expect(same(await opened(file, scryptIdentity(Buffer.from(passphrase))), plaintext)).toBe(true)
  })
})

it('a file that typage wrote for several recipients is opened by each of them', async () => {
  const plaintext = randomBytes(100)
  const identities = [generateIdentity('X25519'), generateIdentity('X25519')]
  const encrypter = new Encrypter()
  for (const identity of identities) encrypter.addRecipient(identity.recipient().text)
  const file = await encrypter.encrypt(plaintext)
  for (const identity of identities) expect(same(await opened(file, identity), plaintext)).toBe(true)
})
