import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { systemAge } from '../../scripts/test/peer-tools.ts'
import { openAgeFile } from './age-file.ts'
import { generateIdentity, identityText } from './identity.ts'
import { openHeader } from './open-header.ts'
import { openPlaintext } from './payload-range.ts'
import { bytesReader } from './range-reader.ts'
import { scryptIdentity, scryptRecipient } from './scrypt.ts'
import { encryptForRecipient } from './small-file.ts'

const run = promisify(execFile)
const passphrase = new TextEncoder().encode('correct horse battery staple')
/** Small enough for a test that is no test of cost. */
const workFactor = 10

async function reopened(file: Uint8Array): Promise<Uint8Array> {
  const opened = await openAgeFile(bytesReader(file))
  const fileKey = await openHeader(opened.header, [scryptIdentity(passphrase)])
  const plaintext = await openPlaintext(opened, fileKey)
  return plaintext.read(0, plaintext.sizeBytes)
}

describe('a small file under a passphrase', () => {
  it.each([0, 1, 65_536, 200_000])('of %i bytes opens again', async (sizeBytes) => {
    const plaintext = new Uint8Array(randomBytes(sizeBytes))
    const file = await encryptForRecipient(scryptRecipient(passphrase, workFactor), plaintext)
    expect(await reopened(file)).toEqual(plaintext)
  })

  it('has one stanza, and another key and nonce each time', async () => {
    const recipient = scryptRecipient(passphrase, workFactor)
    const [one, other] = [
      await openAgeFile(bytesReader(await encryptForRecipient(recipient, new Uint8Array(3)))),
      await openAgeFile(bytesReader(await encryptForRecipient(recipient, new Uint8Array(3)))),
    ]
    expect(one.header.stanzas.map(({ type }) => type)).toEqual(['scrypt'])
    expect(one.payloadNonce).not.toEqual(other.payloadNonce)
    expect(one.header.stanzas[0]?.args[0]).not.toBe(other.header.stanzas[0]?.args[0])
  })
})

const { tools } = await systemAge()

// Without a passphrase prompt, stock age is asked for the payload alone: the same writer under a key it takes from a file.
describe.runIf(tools !== null)('a small file for a key', () => {
  it('opens with age', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'weightlock-small-'))
    try {
      const identity = generateIdentity('X25519')
      writeFileSync(join(folder, 'id.txt'), `${identityText(identity)}\n`, { mode: 0o600 })
      const plaintext = randomBytes(100_000)
      writeFileSync(join(folder, 'file.age'), await encryptForRecipient(identity.recipient(), plaintext))
      const { stdout } = await run(
        tools?.age ?? 'age',
        ['-d', '-i', join(folder, 'id.txt'), join(folder, 'file.age')],
        { encoding: 'buffer' },
      )
      expect(stdout.equals(plaintext)).toBe(true)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
