import { timingSafeEqual } from 'node:crypto'
import { Blake3Hasher } from '@napi-rs/blake-hash'

/** Name of the digest, stored beside every leaf digest and root. */
export const leafDigestAlgorithm = 'BLAKE3/256x64KiB'

export const leafDigestBytes = 32

/** Takes a leaf's ciphertext in order and gives its digest. One hasher serves leaf after leaf. */
export type LeafHasher = {
  update(ciphertext: Uint8Array): void
  /** The digest of all that came since the last one, 32 bytes. */
  finish(): Uint8Array
  /** Forgets what came since the last digest. */
  reset(): void
}

/** A hasher for leaves: BLAKE3 of the ciphertext of 256 chunks, counted from after the nonce.
 * @see cryptography.md, section 2 */
export function createLeafHasher(): LeafHasher {
  const hasher = new Blake3Hasher()
  return {
    update: (ciphertext) => void hasher.update(asBuffer(ciphertext)),
    finish: () => {
      const digest = new Uint8Array(Buffer.from(hasher.digest('hex'), 'hex'))
      hasher.reset()
      return digest
    },
    reset: () => hasher.reset(),
  }
}

/** BLAKE3 over the leaf digests, which a rewrap does not change.
 * @param leafDigests 32 bytes each, one after the other
 * @returns 64 lower-case hexadecimal digits, as `b3sum` prints them */
export const rootDigest = (leafDigests: Uint8Array): string =>
  new Blake3Hasher().update(asBuffer(leafDigests)).digest('hex')

/** The digest of one leaf among many.
 * @param leaf counted from 0 */
export const leafDigestAt = (leafDigests: Uint8Array, leaf: number): Uint8Array =>
  leafDigests.subarray(leaf * leafDigestBytes, (leaf + 1) * leafDigestBytes)

/** True where both are the same 32 bytes. */
export const leafDigestsMatch = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === leafDigestBytes && other.length === leafDigestBytes && timingSafeEqual(one, other)

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
