import { randomBytes } from 'node:crypto'
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'

/** Length of a file key. */
export const fileKeyBytes = 16

/** A new file key: 16 random bytes, which the caller zeroes.
 * @see age spec, "File key" */
export const generateFileKey = (): Uint8Array => randomSecret(fileKeyBytes)

/** Random bytes in a buffer of their own, so that zeroing them reaches the only copy. */
export function randomSecret(sizeBytes: number): Uint8Array {
  const pooled = randomBytes(sizeBytes)
  const own = Uint8Array.from(pooled)
  pooled.fill(0)
  return own
}

const zeroNonce: Uint8Array = new Uint8Array(12)

/** Wraps a file key under a key that is used once.
 * @param nonce 12 bytes; zeroes for `X25519` and `scrypt` */
export function wrapFileKey(wrapKey: Uint8Array, fileKey: Uint8Array, nonce = zeroNonce): Uint8Array {
  if (fileKey.length !== fileKeyBytes) throw new RangeError('a file key has 16 bytes')
  return chacha20poly1305(wrapKey, nonce).encrypt(fileKey)
}

/** Unwraps a file key.
 * @param body 32 bytes; the length is checked before, against partitioning oracles
 * @returns null where the tag does not match: the stanza is for another identity */
export function unwrapFileKey(wrapKey: Uint8Array, body: Uint8Array, nonce = zeroNonce): Uint8Array | null {
  try {
    return chacha20poly1305(wrapKey, nonce).decrypt(body)
  } catch {
    return null
  }
}
