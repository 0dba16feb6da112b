/**
 * The one place where payload bytes meet the cipher. A block is a run of chunks of one leaf; a faster core
 * replaces these two functions and nothing else.
 */
import sodium from 'sodium-native'
import type { Failure } from '../../shared/failure.ts'
import type { LeafHasher } from './leaf-digest.ts'
import { chunkCiphertextBytes, chunkPlaintextBytes, tagBytes } from './payload-size.ts'
import { newChunkNonce, payloadKeyBytes, setChunkNonce } from './chunk-nonce.ts'

type BlockPlace = {
  /** 32 bytes */
  payloadKey: Uint8Array
  /** Index in the payload of the block's first chunk. */
  firstChunk: number
  /** True where the block's last chunk is the payload's last. Every other chunk is full. */
  endsPayload: boolean
  /** Takes the block's ciphertext, blocks of a leaf in order; null without digests. */
  leaf: LeafHasher | null
}

export type BlockToEncrypt = BlockPlace & {
  /** Plaintext of chunk n of the block lies at n × 65,552, where its ciphertext will be. */
  buffer: Uint8Array
  plaintextBytes: number
}

export type BlockToDecrypt = BlockPlace & {
  ciphertext: Uint8Array
  /** Room for the plaintext, contiguous. */
  plaintext: Uint8Array
}

const nonce = newChunkNonce()

/** Where a block's plaintext is to be put before it is encrypted in place.
 * @returns one view for each chunk, in order; a single empty one for an empty payload */
export function plaintextViews(buffer: Uint8Array, plaintextBytes: number): Uint8Array[] {
  const views: Uint8Array[] = []
  for (let done = 0, at = 0; done < plaintextBytes || done === 0; done += chunkPlaintextBytes) {
    views.push(buffer.subarray(at, at + Math.min(chunkPlaintextBytes, plaintextBytes - done)))
    at += chunkCiphertextBytes
  }
  return views
}

/** Encrypts a block in place.
 * @returns its ciphertext, a view of the block's buffer */
export function encryptBlock(block: BlockToEncrypt): Uint8Array {
  checkKey(block.payloadKey)
  const chunks = plaintextViews(block.buffer, block.plaintextBytes)
  let end = 0
  for (const [n, plaintext] of chunks.entries()) {
    const isLast = block.endsPayload && n === chunks.length - 1
    if (!isLast && plaintext.length !== chunkPlaintextBytes) throw new RangeError('a chunk is not full')
    const start = n * chunkCiphertextBytes
    end = start + plaintext.length + tagBytes
    setChunkNonce(nonce, block.firstChunk + n, isLast)
    sodium.crypto_aead_chacha20poly1305_ietf_encrypt(
      block.buffer.subarray(start, end),
      plaintext,
      null,
      null,
      nonce,
      block.payloadKey,
    )
  }
  const ciphertext = block.buffer.subarray(0, end)
  block.leaf?.update(ciphertext)
  return ciphertext
}

/** Decrypts a block.
 * @returns how much verified from its start, all there is to use, and what is wrong behind it: null, or
 * `age/payload-altered`, `age/payload-truncated`, `age/payload-trailing-data` */
export function decryptBlock(block: BlockToDecrypt): { plaintextBytes: number; failure: Failure | null } {
  checkKey(block.payloadKey)
  block.leaf?.update(block.ciphertext)
  const total = block.ciphertext.length
  let plaintextBytes = 0
  for (let n = 0, at = 0; at < total || n === 0; n++, at += chunkCiphertextBytes) {
    const chunk = block.ciphertext.subarray(at, at + chunkCiphertextBytes)
    const isLast = block.endsPayload && at + chunkCiphertextBytes >= total
    if (chunk.length < tagBytes || (!isLast && chunk.length < chunkCiphertextBytes))
      return { plaintextBytes, failure: { code: 'age/payload-truncated' } }
    const plaintext = block.plaintext.subarray(plaintextBytes, plaintextBytes + chunk.length - tagBytes)
    const index = block.firstChunk + n
    if (!openChunk(block.payloadKey, chunk, plaintext, index, isLast))
      return wrongEnd(block, chunk, plaintext, index, isLast, plaintextBytes)
    if (plaintext.length === 0 && index > 0)
      return { plaintextBytes, failure: { code: 'age/payload-altered', chunkIndex: index } }
    plaintextBytes += plaintext.length
  }
  return { plaintextBytes, failure: null }
}

/** Why a chunk did not open: with the other flag it opens where the payload ends too early or too late. */
function wrongEnd(
  block: BlockToDecrypt,
  chunk: Uint8Array,
  plaintext: Uint8Array,
  index: number,
  isLast: boolean,
  before: number,
): { plaintextBytes: number; failure: Failure } {
  if (!openChunk(block.payloadKey, chunk, plaintext, index, !isLast))
    return { plaintextBytes: before, failure: { code: 'age/payload-altered', chunkIndex: index } }
  const isFull = chunk.length === chunkCiphertextBytes
  return {
    plaintextBytes: isFull ? before + plaintext.length : before,
    failure: { code: isLast ? 'age/payload-truncated' : 'age/payload-trailing-data' },
  }
}

function openChunk(
  key: Uint8Array,
  chunk: Uint8Array,
  plaintext: Uint8Array,
  index: number,
  isLast: boolean,
): boolean {
  if (plaintext.length !== chunk.length - tagBytes) throw new RangeError('no room for the plaintext')
  setChunkNonce(nonce, index, isLast)
  try {
    sodium.crypto_aead_chacha20poly1305_ietf_decrypt(plaintext, null, chunk, null, nonce, key)
    return true
  } catch {
    return false
  }
}

function checkKey(key: Uint8Array): void {
  if (key.length !== payloadKeyBytes) throw new RangeError('a payload key has 32 bytes')
}
