import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failureOf } from '../../shared/failure.ts'
import { openAgeFile, readAgeFileStart } from './age-file.ts'
import { parseHeader } from './header.ts'
import { openHeader } from './open-header.ts'
import { decryptBlock, encryptBlock, plaintextViews } from './payload-block.ts'
import { openPlaintext } from './payload-range.ts'
import { chunkCiphertextBytes, chunkCount, chunkPlaintextBytes, chunkRun } from './payload-size.ts'
import { bytesReader } from './range-reader.ts'
import { stanzaText } from './stanza.ts'
import { payloadKey } from './payload-key.ts'
import { cctvVectors, classOf, type Vector } from './testing/cctv-vectors.ts'
import { armorText } from './testing/write-age-file.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

const open = async (vector: Vector) => {
  const file = await openAgeFile(bytesReader(vector.file))
  expect(file.isArmored).toBe(vector.isArmored)
  const fileKey = await openHeader(file.header, vector.identities)
  return { file, fileKey, plaintext: await openPlaintext(file, fileKey) }
}

const openedAndRead = async (vector: Vector) => {
  const { plaintext } = await open(vector)
  return plaintext.read(0, plaintext.sizeBytes)
}

it('has all the vectors of the package', () => {
  expect(cctvVectors.length).toBeGreaterThanOrEqual(143)
})

describe('a vector read whole', () => {
  for (const vector of cctvVectors)
    it(`${vector.name}: ${vector.expect}`, async () => {
      if (vector.expect === 'success') {
        expect(sha256(await openedAndRead(vector))).toBe(vector.payloadSha256)
        return
      }
      const failure = failureOf(
        await openedAndRead(vector).then(
          () => null,
          (error: unknown) => error,
        ),
      )
      expect(failure && classOf(failure)).toBe(vector.expect)
    })
})

describe('a vector read over random ranges', () => {
  for (const vector of cctvVectors.filter(({ expect }) => expect === 'success'))
    it(`${vector.name}: ${vector.expect}`, async () => {
      const { plaintext } = await open(vector)
      const whole = await plaintext.read(0, plaintext.sizeBytes)
      await fc.assert(
        fc.asyncProperty(rangeWithin(plaintext.sizeBytes), async ([offset, lengthBytes]) => {
          const part = await plaintext.read(offset, lengthBytes)
          expect(Buffer.compare(part, whole.subarray(offset, offset + lengthBytes))).toBe(0)
        }),
        { numRuns: 20 },
      )
    })

  for (const vector of cctvVectors.filter(({ expect }) => expect === 'payload failure'))
    it(`${vector.name}: ${vector.expect}, or bytes of chunks that verify at their place`, async () => {
      const { file, key } = await openStart(vector)
      const verified = verifiedChunks(file, key, 'all')
      await fc.assert(
        fc.asyncProperty(rangeWithin(file.payload.sizeBytes + 1), async ([offset, lengthBytes]) => {
          const read = open(vector).then(({ plaintext }) => plaintext.read(offset, lengthBytes))
          const outcome = await read.then(
            (bytes) => bytes,
            (error: unknown) => failureOf(error),
          )
          if (outcome instanceof Uint8Array)
            expect(Buffer.compare(outcome, verified.subarray(offset, offset + outcome.length))).toBe(0)
          else expect(outcome && classOf(outcome)).toBe('payload failure')
        }),
        { numRuns: 20 },
      )
    })
})

describe('what verifies of a broken payload', () => {
  for (const vector of cctvVectors.filter(({ expect }) => expect === 'payload failure'))
    it(`${vector.name}: ${vector.expect}`, async () => {
      const { file, key } = await openStart(vector)
      expect(sha256(verifiedChunks(file, key, 'until the first failure'))).toBe(vector.payloadSha256)
    })
})

describe('a vector encrypted again', () => {
  for (const vector of cctvVectors.filter(({ expect }) => expect === 'success'))
    it(`${vector.name}: the same ciphertext over random runs of chunks`, async () => {
      const { file, fileKey, plaintext } = await open(vector)
      const { sizeBytes } = plaintext
      const key = payloadKey(fileKey, file.payloadNonce)
      await fc.assert(
        fc.asyncProperty(rangeWithin(chunkCount(sizeBytes)), async ([firstChunk, chunks]) => {
          const run = chunkRun(sizeBytes, firstChunk, Math.max(1, chunks))
          const original = await file.payload.read(run.ciphertext.offset, run.ciphertext.lengthBytes)
          const buffer = new Uint8Array(run.ciphertext.lengthBytes)
          let at = run.plaintext.offset
          for (const view of plaintextViews(buffer, run.plaintext.lengthBytes)) {
            view.set(await plaintext.read(at, view.length))
            at += view.length
          }
          const again = encryptBlock({
            payloadKey: key,
            firstChunk: run.firstChunk,
            endsPayload: run.endsPayload,
            plaintextBytes: run.plaintext.lengthBytes,
            buffer,
            leaf: null,
          })
          expect(Buffer.compare(again, original)).toBe(0)
        }),
        { numRuns: 10 },
      )
    })

  for (const vector of cctvVectors.filter(
    ({ expect, isArmored }) => expect !== 'header failure' && !isArmored,
  ))
    it(`${vector.name}: the same stanzas`, () => {
      const header = parseHeader(vector.file)
      const text = `age-encryption.org/v1\n${header.stanzas.map(stanzaText).join('')}---`
      expect(Buffer.from(header.bytes).toString('latin1').startsWith(text)).toBe(true)
    })

  for (const vector of cctvVectors.filter(({ expect, isArmored }) => expect === 'success' && isArmored))
    it(`${vector.name}: the same armor`, async () => {
      const { file } = await open(vector)
      const rest = await file.payload.read(0, file.payload.sizeBytes)
      const text = armorText(Buffer.concat([file.header.bytes, file.payloadNonce, rest]))
      expect(text).toBe(`${Buffer.from(vector.file).toString('latin1').replaceAll('\r\n', '\n').trim()}\n`)
    })
})

/** The file key of a vector whose payload is broken, through the same header code. */
async function openStart(vector: Vector) {
  const file = await readAgeFileStart(bytesReader(vector.file))
  const fileKey = await openHeader(file.header, vector.identities)
  const bytes = new Uint8Array(await file.payload.read(0, file.payload.sizeBytes))
  return { file: { ...file, bytes }, key: payloadKey(fileKey, file.payloadNonce) }
}

/** Plaintext that verifies, chunk by chunk; zeroes stand for what does not. */
function verifiedChunks(
  file: { bytes: Uint8Array },
  key: Uint8Array,
  which: 'all' | 'until the first failure',
): Uint8Array {
  const parts: Uint8Array[] = []
  const chunks = Math.max(1, Math.ceil(file.bytes.length / chunkCiphertextBytes))
  for (let index = 0; index < chunks; index++) {
    const start = index * chunkCiphertextBytes
    const ciphertext = file.bytes.subarray(start, start + chunkCiphertextBytes)
    const plaintext = new Uint8Array(chunkPlaintextBytes)
    const { plaintextBytes, failure } = decryptBlock({
      payloadKey: key,
      firstChunk: index,
      endsPayload: index === chunks - 1,
      ciphertext,
      plaintext,
      leaf: null,
    })
    if (which === 'all') parts.push(plaintext)
    else parts.push(plaintext.subarray(0, plaintextBytes))
    if (failure !== null && which !== 'all') break
  }
  return Buffer.concat(parts)
}

/** Offset and length within `sizeBytes`, with an eye on the edges of chunks. */
const rangeWithin = (sizeBytes: number) =>
  fc
    .tuple(
      fc.nat({ max: Math.max(0, sizeBytes - 1) }),
      fc.oneof(fc.nat({ max: sizeBytes }), fc.constantFrom(0, 1, chunkPlaintextBytes)),
      fc.boolean(),
    )
    .map(([offset, lengthBytes, atEdge]) => {
      const start = atEdge ? offset - (offset % chunkPlaintextBytes) : offset
      return [start, Math.min(lengthBytes, Math.max(0, sizeBytes - start))] as const
    })
