import { fail } from '../../shared/failure.ts'

/** Plaintext of every chunk but the last. */
export const chunkPlaintextBytes = 65_536
export const tagBytes = 16
/** Ciphertext of every chunk but the last. */
export const chunkCiphertextBytes = chunkPlaintextBytes + tagBytes
export const payloadNonceBytes = 16

/** A leaf is 256 chunks: the unit of digests and of parallel work. */
export const leafChunks = 256
export const leafCiphertextBytes = leafChunks * chunkCiphertextBytes

/** The end of the leaf in which the payload's byte before `payloadBytes` lies. */
export const leafEndBytes = (payloadBytes: number): number =>
  Math.ceil(payloadBytes / leafCiphertextBytes) * leafCiphertextBytes

/** Offset and length in bytes. */
export type ByteRange = { offset: number; lengthBytes: number }

/** A run of chunks: where its plaintext and its ciphertext lie, counted from the start of each, and whether the
 * last of them is the last of the payload. */
export type ChunkRun = {
  firstChunk: number
  chunks: number
  endsPayload: boolean
  plaintext: ByteRange
  ciphertext: ByteRange
}

/** Number of chunks: at least one, since an empty payload is one empty chunk.
 * @throws RangeError if negative or unsafe */
export function chunkCount(plaintextBytes: number): number {
  if (!Number.isSafeInteger(plaintextBytes) || plaintextBytes < 0)
    throw new RangeError('plaintextBytes is not a size')
  return Math.max(1, Math.ceil(plaintextBytes / chunkPlaintextBytes))
}

/** Ciphertext size of a payload, excluding header and nonce.
 * @param plaintextBytes integer ≥ 0
 * @returns bytes: plaintext and 16 per chunk, at least one chunk
 * @throws RangeError if negative or unsafe
 * @see age spec, "Payload" */
export const ciphertextSizeBytes = (plaintextBytes: number): number =>
  plaintextBytes + tagBytes * chunkCount(plaintextBytes)

/** Plaintext size of a payload. Proved only once its last chunk has verified.
 * @param ciphertextBytes excluding header and nonce
 * @throws WeightlockError `age/payload-truncated` where no payload has this size */
export function plaintextSizeBytes(ciphertextBytes: number): number {
  const chunks = Math.ceil(ciphertextBytes / chunkCiphertextBytes)
  const lastChunkBytes = ciphertextBytes - (chunks - 1) * chunkCiphertextBytes
  const isEmptyPayload = ciphertextBytes === tagBytes
  if (!isEmptyPayload && (chunks === 0 || lastChunkBytes <= tagBytes))
    return fail({ code: 'age/payload-truncated' })
  return ciphertextBytes - chunks * tagBytes
}

/** Number of leaves of a payload. */
export const leafCount = (plaintextBytes: number): number =>
  Math.ceil(chunkCount(plaintextBytes) / leafChunks)

/** Where a run of chunks lies.
 * @param firstChunk counted from 0
 * @param chunks cut off at the end of the payload
 * @throws RangeError where the run starts behind the payload */
export function chunkRun(plaintextBytes: number, firstChunk: number, chunks: number): ChunkRun {
  const total = chunkCount(plaintextBytes)
  if (firstChunk < 0 || firstChunk >= total || chunks < 1) throw new RangeError('no such chunks')
  const end = Math.min(firstChunk + chunks, total)
  const endsPayload = end === total
  const plaintextEnd = endsPayload ? plaintextBytes : end * chunkPlaintextBytes
  const plaintextOffset = firstChunk * chunkPlaintextBytes
  const ciphertextOffset = firstChunk * chunkCiphertextBytes
  return {
    firstChunk,
    chunks: end - firstChunk,
    endsPayload,
    plaintext: { offset: plaintextOffset, lengthBytes: plaintextEnd - plaintextOffset },
    ciphertext: {
      offset: ciphertextOffset,
      lengthBytes: plaintextEnd - plaintextOffset + (end - firstChunk) * tagBytes,
    },
  }
}

/** Where a leaf lies.
 * @param leaf counted from 0 */
export const leafRun = (plaintextBytes: number, leaf: number): ChunkRun =>
  chunkRun(plaintextBytes, leaf * leafChunks, leafChunks)

/** The chunks that hold a range of plaintext.
 * @param range of at least one byte, within the plaintext */
export function chunksOfPlaintext(plaintextBytes: number, range: ByteRange): ChunkRun {
  const end = range.offset + range.lengthBytes
  if (range.offset < 0 || range.lengthBytes < 1 || end > plaintextBytes)
    throw new RangeError('no such plaintext')
  const firstChunk = Math.floor(range.offset / chunkPlaintextBytes)
  return chunkRun(plaintextBytes, firstChunk, Math.ceil(end / chunkPlaintextBytes) - firstChunk)
}
