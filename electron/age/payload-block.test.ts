import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { createLeafHasher } from './leaf-digest.ts'
import { decryptBlock, encryptBlock, plaintextViews } from './payload-block.ts'
import { chunkCiphertextBytes, ciphertextSizeBytes } from './payload-size.ts'
import { newChunkNonce, setChunkNonce } from './chunk-nonce.ts'
import { payloadKey } from './payload-key.ts'

const key = randomBytes(32)

const encrypted = (plaintext: Uint8Array, firstChunk: number, endsPayload: boolean) => {
  const buffer = new Uint8Array(ciphertextSizeBytes(plaintext.length))
  let done = 0
  for (const view of plaintextViews(buffer, plaintext.length)) {
    view.set(plaintext.subarray(done, done + view.length))
    done += view.length
  }
  const block = {
    payloadKey: key,
    firstChunk,
    endsPayload,
    leaf: null,
    buffer,
    plaintextBytes: plaintext.length,
  }
  return encryptBlock(block)
}

const decrypted = (ciphertext: Uint8Array, firstChunk: number, endsPayload: boolean) => {
  const plaintext = new Uint8Array(ciphertext.length)
  const result = decryptBlock({ payloadKey: key, firstChunk, endsPayload, leaf: null, ciphertext, plaintext })
  return { failure: result.failure, plaintext: plaintext.slice(0, result.plaintextBytes) }
}

it('the nonce of a chunk is its number in 11 big-endian bytes and the flag of the last', () => {
  const nonce = newChunkNonce()
  setChunkNonce(nonce, 0x1_2345_6789_ab, true)
  expect(Buffer.from(nonce).toString('hex')).toBe('000000000123456789ab01'.padStart(24, '0'))
  setChunkNonce(nonce, 7, false)
  expect(Buffer.from(nonce).toString('hex')).toBe('000000000000000000000700')
})

it('chunks far behind 2^32 are what another implementation gives', () => {
  const plaintext = randomBytes(65_536 + 100)
  const firstChunk = 2 ** 33 + 5
  const ciphertext = encrypted(plaintext, firstChunk, true)
  const nonce = newChunkNonce()
  setChunkNonce(nonce, firstChunk + 1, true)
  const last = chacha20poly1305(key, nonce).encrypt(plaintext.subarray(65_536))
  expect(Buffer.compare(ciphertext.subarray(chunkCiphertextBytes), last)).toBe(0)
  expect(decrypted(ciphertext, firstChunk, true)).toEqual({
    failure: null,
    plaintext: new Uint8Array(plaintext),
  })
})

it('names the chunk that was altered, and gives what verified before it', () => {
  const plaintext = randomBytes(3 * 65_536)
  const ciphertext = encrypted(plaintext, 10, false)
  ciphertext.fill(0, chunkCiphertextBytes + 5, chunkCiphertextBytes + 9)
  const result = decrypted(ciphertext, 10, false)
  expect(result.failure).toEqual({ code: 'age/payload-altered', chunkIndex: 11 })
  expect(result.plaintext).toEqual(new Uint8Array(plaintext.subarray(0, 65_536)))
})

it('refuses chunks that were reordered', () => {
  const ciphertext = encrypted(randomBytes(2 * 65_536), 0, false)
  const swapped = Buffer.concat([
    ciphertext.subarray(chunkCiphertextBytes),
    ciphertext.subarray(0, chunkCiphertextBytes),
  ])
  expect(decrypted(swapped, 0, false).failure).toEqual({ code: 'age/payload-altered', chunkIndex: 0 })
})

it('refuses a payload whose final chunk is missing', () => {
  const ciphertext = encrypted(randomBytes(2 * 65_536 + 1), 0, true)
  expect(decrypted(ciphertext.subarray(0, 2 * chunkCiphertextBytes), 0, true).failure).toEqual({
    code: 'age/payload-truncated',
  })
})

it('refuses a payload that goes on behind its final chunk', () => {
  const ciphertext = encrypted(randomBytes(65_536), 0, true)
  const extended = Buffer.concat([ciphertext, randomBytes(100)])
  expect(decrypted(extended, 0, true).failure).toEqual({ code: 'age/payload-trailing-data' })
})

it('gives the leaf hasher the ciphertext, encrypting and decrypting alike', () => {
  const plaintext = randomBytes(100_000)
  const reference = createLeafHasher()
  const ciphertext = encrypted(plaintext, 0, true)
  reference.update(ciphertext)
  const digest = reference.finish()
  const leaf = createLeafHasher()
  const room = new Uint8Array(plaintext.length)
  decryptBlock({ payloadKey: key, firstChunk: 0, endsPayload: true, leaf, ciphertext, plaintext: room })
  expect(leaf.finish()).toEqual(digest)
})

it('refuses a chunk that is not full anywhere but at the end', () => {
  expect(() => encrypted(randomBytes(100), 0, false)).toThrow(RangeError)
})

it('derives the payload key from file key and nonce', () => {
  const derived = payloadKey(new Uint8Array(16), new Uint8Array(16))
  expect(derived.length).toBe(32)
  expect(derived).not.toEqual(payloadKey(new Uint8Array(16), new Uint8Array(16).fill(1)))
})
