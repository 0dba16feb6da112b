import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failureOf } from '../../shared/failure.ts'
import {
  chunkCiphertextBytes,
  chunkCount,
  chunkPlaintextBytes,
  chunksOfPlaintext,
  ciphertextSizeBytes,
  leafChunks,
  leafCiphertextBytes,
  leafCount,
  leafRun,
  plaintextSizeBytes,
} from './payload-size.ts'

const leafPlaintextBytes = leafChunks * chunkPlaintextBytes
/** Sizes up to 50 TiB, half of them within a few bytes of the end of a chunk. */
const size = fc.oneof(
  fc.nat({ max: 50 * 2 ** 40 }),
  fc
    .tuple(fc.nat({ max: 2 ** 20 }), fc.integer({ min: -17, max: 17 }))
    .map(([chunks, delta]) => Math.max(0, chunks * chunkPlaintextBytes + delta)),
)

describe('sizes', () => {
  for (const [plaintextBytes, ciphertextBytes] of [
    [0, 16],
    [1, 17],
    [65_535, 65_551],
    [65_536, 65_552],
    [65_537, 65_569],
    [131_072, 131_104],
    [leafPlaintextBytes, 16_781_312],
  ] as const)
    it(`${plaintextBytes} bytes become ${ciphertextBytes} and back`, () => {
      expect(ciphertextSizeBytes(plaintextBytes)).toBe(ciphertextBytes)
      expect(plaintextSizeBytes(ciphertextBytes)).toBe(plaintextBytes)
    })

  it('of any plaintext come back from its ciphertext', () => {
    fc.assert(
      fc.property(size, (bytes) => {
        expect(plaintextSizeBytes(ciphertextSizeBytes(bytes))).toBe(bytes)
      }),
    )
  })

  it('that no payload has are refused as truncated', () => {
    const impossible = [0, 1, 15, chunkCiphertextBytes + 1, chunkCiphertextBytes + 16]
    for (const bytes of impossible)
      try {
        expect.unreachable(String(plaintextSizeBytes(bytes)))
      } catch (error) {
        expect(failureOf(error)).toEqual({ code: 'age/payload-truncated' })
      }
  })

  it('that are none are bugs', () => {
    for (const bytes of [-1, 0.5, 2 ** 53, Number.NaN])
      expect(() => ciphertextSizeBytes(bytes)).toThrow(RangeError)
  })
})

describe('leaves', () => {
  it('lie one behind the other, in plaintext and ciphertext, and only the last ends the payload', () => {
    fc.assert(
      fc.property(fc.nat({ max: 20 * leafPlaintextBytes }), (bytes) => {
        const runs = Array.from({ length: leafCount(bytes) }, (_, leaf) => leafRun(bytes, leaf))
        let [plaintext, ciphertext, chunks] = [0, 0, 0]
        for (const [leaf, run] of runs.entries()) {
          expect(run.plaintext.offset).toBe(plaintext)
          expect(run.ciphertext.offset).toBe(ciphertext)
          expect(run.firstChunk).toBe(chunks)
          expect(run.endsPayload).toBe(leaf === runs.length - 1)
          if (!run.endsPayload) expect(run.ciphertext.lengthBytes).toBe(leafCiphertextBytes)
          plaintext += run.plaintext.lengthBytes
          ciphertext += run.ciphertext.lengthBytes
          chunks += run.chunks
        }
        expect([plaintext, ciphertext, chunks]).toEqual([
          bytes,
          ciphertextSizeBytes(bytes),
          chunkCount(bytes),
        ])
      }),
    )
  })
})

describe('chunks of a range', () => {
  it('hold all of the range and no chunk more', () => {
    fc.assert(
      fc.property(
        size.filter((bytes) => bytes > 0),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (bytes, from, howMuch) => {
          const offset = Math.min(bytes - 1, Math.floor(from * bytes))
          const lengthBytes = Math.max(1, Math.floor(howMuch * (bytes - offset)))
          const stride = chunkPlaintextBytes
          const { plaintext: held } = chunksOfPlaintext(bytes, { offset, lengthBytes })
          expect(held.offset).toBeLessThanOrEqual(offset)
          expect(offset - held.offset).toBeLessThan(stride)
          const end = offset + lengthBytes
          expect(held.offset + held.lengthBytes).toBeGreaterThanOrEqual(end)
          expect(held.offset + held.lengthBytes - end).toBeLessThan(stride)
        },
      ),
    )
  })
})
