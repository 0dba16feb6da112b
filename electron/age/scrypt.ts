import { randomBytes } from 'node:crypto'
import { scryptAsync } from '@noble/hashes/scrypt.js'
import { base64nopad } from '@scure/base'
import { fail } from '../../shared/failure.ts'
import { unwrapFileKey, wrapFileKey } from './file-key.ts'
import { parseNativeStanza, type Identity, type Recipient, type Stanza } from './stanza.ts'

const stanzaType = 'scrypt'
const saltBytes = 16
const label = Buffer.from('age-encryption.org/v1/scrypt')

/** Largest base-two logarithm of a work factor that is read: 2^20 takes 1 GiB and some seconds. */
export const workFactorLimit = 20

/** What `age` writes: 2^18. */
export const workFactorDefault = 18

/** Wraps for a passphrase. Its stanza must stand alone in a header.
 * @param passphrase UTF-8, owned by the caller
 * @param workFactor base-two logarithm
 * @see age spec, "scrypt recipient stanza" */
export const scryptRecipient = (passphrase: Uint8Array, workFactor = workFactorDefault): Recipient => ({
  wrapFileKey: async (fileKey) => {
    const salt = new Uint8Array(randomBytes(saltBytes))
    const wrapKey = await deriveWrapKey(passphrase, salt, workFactor)
    const body = wrapFileKey(wrapKey, fileKey)
    wrapKey.fill(0)
    return { type: stanzaType, args: [base64nopad.encode(salt), String(workFactor)], body }
  },
})

/** Opens `scrypt` stanzas.
 * @param passphrase UTF-8, owned by the caller */
export const scryptIdentity = (passphrase: Uint8Array): Identity => ({
  isPassphrase: true,
  unwrapFileKey: async (stanzas) => {
    const stanza = stanzas.find(({ type }) => type === stanzaType)
    if (stanza === undefined) return null
    const salt = parseNativeStanza(stanza, 2, saltBytes)
    const wrapKey = await deriveWrapKey(passphrase, salt, parseWorkFactor(stanza))
    const fileKey = unwrapFileKey(wrapKey, stanza.body)
    wrapKey.fill(0)
    return fileKey
  },
})

/** True where a header asks for a passphrase.
 * @throws WeightlockError `age/header-malformed` where such a stanza is not alone */
export function needsPassphrase(stanzas: readonly Stanza[]): boolean {
  if (!stanzas.some(({ type }) => type === stanzaType)) return false
  if (stanzas.length > 1)
    return fail({ code: 'age/header-malformed', detail: 'a scrypt stanza is not the only one' })
  return true
}

function parseWorkFactor(stanza: Stanza): number {
  const text = stanza.args[1] ?? ''
  if (!/^[1-9][0-9]*$/.test(text))
    return fail({ code: 'age/header-malformed', detail: 'a scrypt stanza has an invalid work factor' })
  const workFactor = Number(text)
  if (workFactor > workFactorLimit)
    return fail({ code: 'age/work-factor-too-high', workFactor, limit: workFactorLimit })
  return workFactor
}

function deriveWrapKey(passphrase: Uint8Array, salt: Uint8Array, workFactor: number): Promise<Uint8Array> {
  const parameters = { N: 2 ** workFactor, r: 8, p: 1, dkLen: 32, maxmem: 2 ** 30 + 2 ** 20 }
  return scryptAsync(passphrase, Buffer.concat([label, salt]), parameters)
}
