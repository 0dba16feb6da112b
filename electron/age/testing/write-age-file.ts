/** Writers of small age files, for tests of the reading side: models go through the payload pool, under a key's header. */
import { randomBytes } from 'node:crypto'
import { base64, base64nopad } from '@scure/base'
import { wrapFileKey } from '../file-key.ts'
import { headerBytes } from '../header.ts'
import { encryptBlock, plaintextViews } from '../payload-block.ts'
import { payloadKey } from '../payload-key.ts'
import { ciphertextSizeBytes, payloadNonceBytes } from '../payload-size.ts'
import { scryptWrapKey } from '../scrypt.ts'
import type { Recipient } from '../stanza.ts'

/** The header of a file for one recipient alone, without our hint. */
export const bareHeader = async (recipient: Recipient, fileKey: Uint8Array): Promise<Uint8Array> =>
  headerBytes([await recipient.wrapFileKey(fileKey)], fileKey)

/** Wraps for a passphrase.
 * @param workFactor base-two logarithm
 * @see age spec, "scrypt recipient stanza" */
export const scryptRecipient = (passphrase: Uint8Array, workFactor: number): Recipient => ({
  wrapFileKey: async (fileKey) => {
    const salt = new Uint8Array(randomBytes(16))
    const body = wrapFileKey(await scryptWrapKey(passphrase, salt, workFactor), fileKey)
    return { type: 'scrypt', args: [base64nopad.encode(salt), String(workFactor)], body }
  },
})

/** @param header around the same file key
 * @param payloadNonce 16 bytes
 * @returns header, nonce and payload */
export function encryptSmallFile(
  header: Uint8Array,
  fileKey: Uint8Array,
  payloadNonce: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array {
  if (payloadNonce.length !== payloadNonceBytes) throw new RangeError('a payload nonce has 16 bytes')
  const buffer = new Uint8Array(ciphertextSizeBytes(plaintext.length))
  let done = 0
  for (const view of plaintextViews(buffer, plaintext.length)) {
    view.set(plaintext.subarray(done, done + view.length))
    done += view.length
  }
  encryptBlock({
    payloadKey: payloadKey(fileKey, payloadNonce),
    firstChunk: 0,
    endsPayload: true,
    leaf: null,
    buffer,
    plaintextBytes: plaintext.length,
  })
  return new Uint8Array(Buffer.concat([header, payloadNonce, buffer]))
}

/** A file in ASCII armor, lines ending in line feeds. */
export function armorText(file: Uint8Array): string {
  const lines = base64.encode(file).match(/.{1,64}/g) ?? []
  return ['-----BEGIN AGE ENCRYPTED FILE-----', ...lines, '-----END AGE ENCRYPTED FILE-----', ''].join('\n')
}
