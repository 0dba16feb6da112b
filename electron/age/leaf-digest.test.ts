import { expect, it } from 'vitest'
import { createLeafHasher, leafDigestAt, leafDigestsMatch, rootDigest } from './leaf-digest.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
/** The first vectors of BLAKE3: its input repeats 0, 1, … 250. */
const input = (sizeBytes: number) => Uint8Array.from({ length: sizeBytes }, (_, n) => n % 251)
const ofNothing = 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262'
const of1025 = 'd00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444'

it('a leaf digest is BLAKE3, however the leaf is cut into blocks', () => {
  const hasher = createLeafHasher()
  expect(hex(hasher.finish())).toBe(ofNothing)
  hasher.update(input(1025).subarray(0, 1000))
  hasher.update(input(1025).subarray(1000))
  expect(hex(hasher.finish())).toBe(of1025)
})

it('a hasher that was reset forgets', () => {
  const hasher = createLeafHasher()
  hasher.update(input(10))
  hasher.reset()
  expect(hex(hasher.finish())).toBe(ofNothing)
})

it('the root is BLAKE3 over the leaf digests', () => {
  expect(rootDigest(new Uint8Array(0))).toBe(ofNothing)
  expect(rootDigest(input(1025))).toBe(of1025)
})

it('leaf digests are found by their number and compared as a whole', () => {
  const digests = input(96)
  expect(leafDigestAt(digests, 1)).toEqual(digests.subarray(32, 64))
  expect(leafDigestsMatch(leafDigestAt(digests, 1), digests.slice(32, 64))).toBe(true)
  expect(leafDigestsMatch(leafDigestAt(digests, 1), leafDigestAt(digests, 2))).toBe(false)
  expect(leafDigestsMatch(leafDigestAt(digests, 3), leafDigestAt(digests, 3))).toBe(false)
})
