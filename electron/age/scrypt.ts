import { scrypt } from 'node:crypto'
import { base64nopad } from '@scure/base'
import { fail } from '../../shared/failure.ts'
import { randomSecret, unwrapFileKey, wrapFileKey } from './file-key.ts'
import { parseNativeStanza, type Identity, type Recipient, type Stanza } from './stanza.ts'

const stanzaType = 'scrypt'
const saltBytes = 16
const wrapKeyBytes = 32
const label = Buffer.from('age-encryption.org/v1/scrypt')

/** Largest base-two logarithm of a work factor that is read: 2^20 takes 1 GiB and some seconds. */
export const workFactorLimit = 20

/** Base-two logarithm of the work factor that is written: about a second and 256 MiB here, as age itself writes. */
export const writtenWorkFactor = 18

/** Wraps for a passphrase. Its stanza must be the only one of the header.
 * @param passphrase UTF-8, owned by the caller
 * @param workFactor base-two logarithm
 * @see age spec, "scrypt recipient stanza" */
export const scryptRecipient = (
  passphrase: Uint8Array,
  workFactor: number = writtenWorkFactor,
): Recipient => ({
  wrapFileKey: async (fileKey) => {
    const salt = randomSecret(saltBytes)
    const wrapKey = await scryptWrapKey(passphrase, salt, workFactor)
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
    const wrapKey = await scryptWrapKey(passphrase, salt, parseWorkFactor(stanza))
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

/** The last in the queue. */
let tail: Promise<unknown> = Promise.resolve()

/** The key that wraps a file key under a passphrase. One at a time, in the thread pool: the largest takes 1 GiB, and two
 * at once would take the machine's memory. (Electron's BoringSSL has scrypt: its own tests run it.)
 * @param passphrase UTF-8, owned by the caller
 * @param salt 16 bytes
 * @param workFactor base-two logarithm
 * @see age spec, "scrypt recipient stanza" */
export function scryptWrapKey(
  passphrase: Uint8Array,
  salt: Uint8Array,
  workFactor: number,
): Promise<Uint8Array> {
  const mine = tail.then(() => derive(passphrase, Buffer.concat([label, salt]), workFactor))
  tail = mine.catch(() => undefined)
  return mine
}

/** Beside the table of 2^workFactor blocks: what the mixing itself needs. */
const besideTableBytes = 2 ** 20

async function derive(passphrase: Uint8Array, salt: Uint8Array, workFactor: number): Promise<Uint8Array> {
  const N = 2 ** workFactor
  const r = 8
  const parameters = { N, r, p: 1, maxmem: 128 * r * N + besideTableBytes }
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
  scrypt(passphrase, salt, wrapKeyBytes, parameters, (error, key) =>
    error === null ? resolve(key) : reject(error),
  )
  return promise
}
