/** Small age files, whole in memory: recovery kits. Models go through the payload pool. */
import { generateFileKey, randomSecret } from './file-key.ts'
import { headerBytes } from './header.ts'
import { encryptBlock, plaintextViews } from './payload-block.ts'
import { payloadKey } from './payload-key.ts'
import { ciphertextSizeBytes, payloadNonceBytes } from './payload-size.ts'
import type { Recipient } from './stanza.ts'

/** One age file for one recipient.
 * @param plaintext owned by the caller
 * @returns header, nonce and payload */
export async function encryptForRecipient(recipient: Recipient, plaintext: Uint8Array): Promise<Uint8Array> {
  const fileKey = generateFileKey()
  try {
    const header = headerBytes([await recipient.wrapFileKey(fileKey)], fileKey)
    return encryptSmallFile(header, fileKey, randomSecret(payloadNonceBytes), plaintext)
  } finally {
    fileKey.fill(0)
  }
}

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
  const key = payloadKey(fileKey, payloadNonce)
  encryptBlock({
    payloadKey: key,
    firstChunk: 0,
    endsPayload: true,
    leaf: null,
    buffer,
    plaintextBytes: plaintext.length,
  })
  key.fill(0)
  return new Uint8Array(Buffer.concat([header, payloadNonce, buffer]))
}
