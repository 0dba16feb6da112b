import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'

export const payloadKeyBytes = 32
const chunkNonceBytes = 12
const label = Buffer.from('payload')

/** The key of a payload's chunks.
 * @param fileKey 16 bytes
 * @param payloadNonce 16 bytes, the first of the payload
 * @returns 32 bytes, which the caller zeroes
 * @see age spec, "Payload" */
export const payloadKey = (fileKey: Uint8Array, payloadNonce: Uint8Array): Uint8Array =>
  hkdf(sha256, fileKey, payloadNonce, label, payloadKeyBytes)

/** A nonce to be filled by `setChunkNonce`. */
export const newChunkNonce = (): Uint8Array => new Uint8Array(chunkNonceBytes)

/** Writes the nonce of a chunk: 11 bytes of big-endian counter, then the flag of the last chunk. A chunk depends
 * on nothing but payload key and this, so that any run of chunks can be done alone.
 * @param index counted from 0, a safe integer */
export function setChunkNonce(nonce: Uint8Array, index: number, isLast: boolean): void {
  const view = new DataView(nonce.buffer, nonce.byteOffset, chunkNonceBytes)
  view.setUint32(3, Math.floor(index / 2 ** 32))
  view.setUint32(7, index % 2 ** 32)
  view.setUint8(11, isLast ? 1 : 0)
}
