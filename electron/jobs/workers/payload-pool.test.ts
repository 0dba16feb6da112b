import { createHash, randomBytes } from 'node:crypto'
import {
  appendFileSync,
  linkSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf } from '../../../shared/failure.ts'
import { readAgeFileStart } from '../../age/age-file.ts'
import { leafDigestAt, rootDigest } from '../../age/leaf-digest.ts'
import { openHeader } from '../../age/open-header.ts'
import {
  chunkPlaintextBytes,
  ciphertextSizeBytes,
  leafCiphertextBytes,
  leafChunks,
} from '../../age/payload-size.ts'
import { bytesReader } from '../../age/range-reader.ts'
import { cctvVectors, classOf } from '../../age/testing/cctv-vectors.ts'
import { createPayloadPool, type PayloadPool } from './payload-pool.ts'
import { fileSource, type PayloadSource } from './payload-run.ts'

const leafPlaintextBytes = leafChunks * chunkPlaintextBytes
const workerUrl = new URL('../../payload-worker.ts', import.meta.url)
let folder: string
let pool: PayloadPool
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weightlock-pool-'))
  pool = createPayloadPool({ workerUrl, workers: 2 })
})
afterAll(async () => {
  await pool.close()
  rmSync(folder, { recursive: true, force: true })
})

const keys = { fileKey: randomBytes(16), payloadNonce: randomBytes(16) }
let files = 0
const newFile = (bytes: Uint8Array) => {
  const path = join(folder, `file-${files++}`)
  writeFileSync(path, bytes)
  return path
}
const memory = (bytes: Uint8Array, offset: number, lengthBytes: number) =>
  Uint8Array.from(bytes.subarray(offset, offset + lengthBytes))
const memorySource = (bytes: Uint8Array): PayloadSource => ({
  kind: 'reader',
  read: async (offset, lengthBytes) => memory(bytes, offset, lengthBytes),
})
const rejection = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: unknown) => failureOf(error) ?? error,
  )

/** Encrypts in memory: all the ciphertext, in the order in which it was released. */
async function encryptedInOrder(plaintext: Uint8Array, source = memorySource(plaintext)) {
  const parts: Uint8Array[] = []
  const result = await pool.encrypt({
    ...keys,
    plaintextBytes: plaintext.length,
    source,
    name: 'model',
    tags: true,
    sink: {
      kind: 'receive',
      receive: async (bytes, offset) => {
        expect(offset).toBe(parts.reduce((sum, part) => sum + part.length, 0))
        parts.push(Uint8Array.from(bytes))
      },
    },
  })
  return { ciphertext: Buffer.concat(parts), result }
}

async function decryptedInOrder(ciphertext: Uint8Array, pinnedLeafDigests: Uint8Array | null = null) {
  const parts: Uint8Array[] = []
  const result = await pool.decrypt({
    ...keys,
    payloadBytes: ciphertext.length,
    source: memorySource(ciphertext),
    name: 'model',
    pinnedLeafDigests,
    sink: { kind: 'receive', receive: async (bytes) => void parts.push(Uint8Array.from(bytes)) },
  })
  return { plaintext: Buffer.concat(parts), result }
}

const sizes = [0, 1, 65_535, 65_536, 65_537, 5 * 65_536, leafPlaintextBytes, 2 * leafPlaintextBytes + 70_000]

describe('a payload', () => {
  for (const sizeBytes of sizes) {
    const plaintext = randomBytes(sizeBytes)

    it(`of ${sizeBytes} bytes is the same from memory and from a file, into memory and into a file`, async () => {
      const { ciphertext, result } = await encryptedInOrder(plaintext)
      expect(ciphertext.length).toBe(ciphertextSizeBytes(sizeBytes))
      const fromFile = await encryptedInOrder(plaintext, fileSource(newFile(plaintext), sizeBytes))
      expect(fromFile.ciphertext.equals(ciphertext)).toBe(true)
      expect(fromFile.result).toEqual(result)

      const target = newFile(Buffer.from('header'))
      const written = await pool.encrypt({
        ...keys,
        plaintextBytes: sizeBytes,
        source: fileSource(newFile(plaintext), sizeBytes),
        name: 'model',
        tags: true,
        sink: { kind: 'file', path: target, fileOffset: 6 },
      })
      expect(written).toEqual(result)
      expect(readFileSync(target).equals(Buffer.concat([Buffer.from('header'), ciphertext]))).toBe(true)

      const opened = newFile(Buffer.alloc(0))
      const decrypted = await pool.decrypt({
        ...keys,
        payloadBytes: ciphertext.length,
        source: fileSource(target, ciphertext.length, { fileOffset: 6 }),
        name: 'model',
        pinnedLeafDigests: result.leafDigests,
        sink: { kind: 'file', path: opened, fileOffset: 0 },
      })
      expect(readFileSync(opened).equals(plaintext)).toBe(true)
      expect(decrypted.rootDigest).toBe(result.rootDigest)
      expect((await decryptedInOrder(ciphertext, result.leafDigests)).plaintext.equals(plaintext)).toBe(true)
    })
  }

  it('has the digests of its leaves, with and without the key, and the tags of its chunks', async () => {
    const plaintext = randomBytes(leafPlaintextBytes + 3 * chunkPlaintextBytes + 5)
    const { ciphertext, result } = await encryptedInOrder(plaintext)
    const path = newFile(ciphertext)
    const digests = await pool.digest({
      payloadBytes: ciphertext.length,
      source: fileSource(path, ciphertext.length),
      name: 'model',
      pinnedLeafDigests: result.leafDigests,
    })
    expect(digests.leafDigests).toEqual(result.leafDigests)
    expect(result.leafDigests?.length).toBe(64)
    expect(result.rootDigest).toBe(rootDigest(result.leafDigests ?? new Uint8Array(0)))
    expect(result.tags?.length).toBe(16 * 260)
    expect(
      Buffer.from(result.tags ?? [])
        .subarray(0, 16)
        .equals(ciphertext.subarray(65_536, 65_552)),
    ).toBe(true)
    expect(
      Buffer.from(result.tags ?? [])
        .subarray(-16)
        .equals(ciphertext.subarray(-16)),
    ).toBe(true)
  })

  it('is done in part where only some leaves are asked for', async () => {
    const plaintext = randomBytes(3 * leafPlaintextBytes + 1)
    const { ciphertext, result } = await encryptedInOrder(plaintext)
    const released: [number, Uint8Array][] = []
    const part = await pool.encrypt({
      ...keys,
      plaintextBytes: plaintext.length,
      source: memorySource(plaintext),
      name: 'model',
      leaves: [3, 1],
      sink: {
        kind: 'receive',
        receive: async (bytes, offset) => void released.push([offset, Uint8Array.from(bytes)]),
      },
    })
    expect(released.map(([offset]) => offset)).toEqual([3 * leafCiphertextBytes, leafCiphertextBytes])
    for (const [offset, bytes] of released)
      expect(ciphertext.subarray(offset, offset + bytes.length).equals(bytes)).toBe(true)
    const whole = result.leafDigests ?? new Uint8Array(0)
    expect(part.rootDigest).toBeNull()
    expect(
      Buffer.from(part.leafDigests ?? []).equals(
        Buffer.concat([leafDigestAt(whole, 3), leafDigestAt(whole, 1)]),
      ),
    ).toBe(true)
  })

  it('of segments is that of their bytes, however they are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.boolean(), fc.constantFrom(0, 1, 511, 512, 65_536, 100_000, 600_000)), {
          maxLength: 12,
        }),
        async (shape) => {
          const pieces = shape.map(([isFile, sizeBytes]) => ({ isFile, bytes: randomBytes(sizeBytes) }))
          const plaintext = Buffer.concat(pieces.map(({ bytes }) => bytes))
          const source: PayloadSource = {
            kind: 'segments',
            segments: pieces.map(({ isFile, bytes }) =>
              isFile
                ? {
                    kind: 'file' as const,
                    path: Buffer.from(newFile(bytes)),
                    fileOffset: 0,
                    lengthBytes: bytes.length,
                    identity: null,
                  }
                : { kind: 'bytes' as const, bytes },
            ),
          }
          const one = await encryptedInOrder(plaintext, source)
          const other = await encryptedInOrder(plaintext)
          expect(one.ciphertext.equals(other.ciphertext)).toBe(true)
        },
      ),
      { numRuns: 15 },
    )
  })

  it('is done for several runs at once', async () => {
    const plaintexts = [1, 2, 3, 4].map((n) => randomBytes(n * 9_000_000))
    const runs = plaintexts.map(async (plaintext) => {
      const { ciphertext } = await encryptedInOrder(plaintext)
      return (await decryptedInOrder(ciphertext)).plaintext.equals(plaintext)
    })
    expect(await Promise.all(runs)).toEqual([true, true, true, true])
  })
})

describe('a payload that is not what it was', () => {
  const plaintext = randomBytes(2 * leafPlaintextBytes + 100)
  const damaged = (ciphertext: Uint8Array, at: number) => {
    const bytes = Buffer.from(ciphertext)
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
    return bytes
  }

  it('is refused at the chunk that was altered', async () => {
    const { ciphertext } = await encryptedInOrder(plaintext)
    const failure = await rejection(decryptedInOrder(damaged(ciphertext, leafCiphertextBytes + 65_552 + 1)))
    expect(failure).toEqual({ code: 'age/payload-altered', chunkIndex: 257 })
  })

  it('is refused as altered where it is pinned', async () => {
    const { ciphertext, result } = await encryptedInOrder(plaintext)
    const broken = damaged(ciphertext, leafCiphertextBytes + 1)
    const failure = { code: 'verify/altered', name: 'model' }
    expect(await rejection(decryptedInOrder(broken, result.leafDigests))).toEqual(failure)
    const digest = pool.digest({
      payloadBytes: broken.length,
      source: memorySource(broken),
      name: 'model',
      pinnedLeafDigests: result.leafDigests,
    })
    expect(await rejection(digest)).toEqual(failure)
  })

  it('is refused where it verifies but is not the pinned one: forged by a holder of the file key', async () => {
    const { ciphertext } = await encryptedInOrder(plaintext)
    const { result } = await encryptedInOrder(randomBytes(plaintext.length))
    const failure = await rejection(decryptedInOrder(ciphertext, result.leafDigests))
    expect(failure).toEqual({ code: 'verify/altered', name: 'model' })
  })

  it('is refused where the pin has another number of leaves', async () => {
    const { ciphertext, result } = await encryptedInOrder(plaintext)
    const shorter = result.leafDigests?.subarray(32) ?? null
    expect(await rejection(decryptedInOrder(ciphertext, shorter))).toEqual({
      code: 'verify/altered',
      name: 'model',
    })
  })

  it('releases the leaves before the broken one and none behind it', async () => {
    const { ciphertext } = await encryptedInOrder(plaintext)
    const released: number[] = []
    const run = pool.decrypt({
      ...keys,
      payloadBytes: ciphertext.length,
      source: memorySource(damaged(ciphertext, leafCiphertextBytes + 1)),
      name: 'model',
      sink: { kind: 'receive', receive: async (_, offset) => void released.push(offset) },
    })
    expect(await rejection(run)).toEqual({ code: 'age/payload-altered', chunkIndex: 256 })
    expect([[], [0]]).toContainEqual(released)
  })

  it('is refused when it was cut at a chunk, and when it goes on', async () => {
    const { ciphertext } = await encryptedInOrder(plaintext)
    const cut = ciphertext.subarray(0, leafCiphertextBytes)
    expect(await rejection(decryptedInOrder(cut))).toEqual({ code: 'age/payload-truncated' })
    const { ciphertext: short } = await encryptedInOrder(plaintext.subarray(0, 65_536))
    const extended = Buffer.concat([short, randomBytes(50)])
    expect(await rejection(decryptedInOrder(extended))).toEqual({ code: 'age/payload-trailing-data' })
  })
})

describe('a vector through the workers', () => {
  for (const vector of cctvVectors.filter(
    ({ expect }) => expect === 'success' || expect === 'payload failure',
  ))
    it(`${vector.name}: ${vector.expect}`, async () => {
      const outcome = await decryptVector(vector).then((bytes) => bytes, failureOf)
      if (outcome instanceof Uint8Array) {
        expect(vector.expect).toBe('success')
        expect(createHash('sha256').update(outcome).digest('hex')).toBe(vector.payloadSha256)
      } else expect(outcome && classOf(outcome)).toBe(vector.expect)
    })

  const decryptVector = async (vector: (typeof cctvVectors)[number]) => {
    const file = await readAgeFileStart(bytesReader(vector.file))
    const fileKey = await openHeader(file.header, vector.identities)
    const parts: Uint8Array[] = []
    await pool.decrypt({
      fileKey,
      payloadNonce: file.payloadNonce,
      payloadBytes: file.payload.sizeBytes,
      source: { kind: 'reader', read: (offset, lengthBytes) => file.payload.read(offset, lengthBytes) },
      name: vector.name,
      sink: { kind: 'receive', receive: async (bytes) => void parts.push(Uint8Array.from(bytes)) },
    })
    return Buffer.concat(parts)
  }
})

describe('a source file', () => {
  const encryptFile = (
    path: string,
    plaintextBytes: number,
    options: Parameters<typeof fileSource>[2] = {},
  ) =>
    pool.encrypt({
      ...keys,
      plaintextBytes,
      source: fileSource(path, plaintextBytes, options),
      name: path,
      sink: { kind: 'nowhere' },
    })

  it('that is missing is named', async () => {
    const path = join(folder, 'missing')
    expect(await rejection(encryptFile(path, 10))).toEqual({ code: 'file/not-found', path })
  })

  for (const [what, change] of [
    ['shrank', (path: string) => truncateSync(path, 99_999)],
    ['grew', (path: string) => appendFileSync(path, 'x')],
  ] as const)
    it(`that ${what} since it was looked at is refused, though nothing tells of it but its bytes`, async () => {
      const path = newFile(randomBytes(100_000))
      change(path)
      expect(await rejection(encryptFile(path, 100_000))).toEqual({
        code: 'file/changed-while-reading',
        path,
      })
    })

  it('that is another than the one that was looked at is refused', async () => {
    const path = newFile(randomBytes(1000))
    const identity = { device: '0', inode: '0', sizeBytes: 1000, mtimeNs: '0', ctimeNs: '0' }
    const failure = await rejection(encryptFile(path, 1000, { identity }))
    expect(failure).toEqual({ code: 'file/changed-while-reading', path })
  })

  for (const [what, change] of [
    ['grows', (path: string) => appendFileSync(path, 'x')],
    ['is touched', (path: string) => utimesSync(path, 1, 1)],
    ['gets another name', (path: string) => linkSync(path, `${path}-link`)],
  ] as const)
    it(`that ${what} while it is read is refused`, async () => {
      const path = newFile(randomBytes(3 * leafPlaintextBytes))
      const run = pool.encrypt({
        ...keys,
        plaintextBytes: 3 * leafPlaintextBytes,
        source: fileSource(path, 3 * leafPlaintextBytes),
        name: path,
        sink: { kind: 'receive', receive: async (_, offset) => (offset === 0 ? change(path) : undefined) },
      })
      expect(await rejection(run)).toEqual({ code: 'file/changed-while-reading', path })
    })

  it('that changed in a way that nothing tells is found by a second pass', async () => {
    const bytes = randomBytes(leafPlaintextBytes + 1000)
    const { result } = await encryptedInOrder(bytes)
    const secondPass = (path: string) =>
      pool.encrypt({
        ...keys,
        plaintextBytes: bytes.length,
        source: fileSource(path, bytes.length),
        name: path,
        sink: { kind: 'nowhere' },
        pinnedLeafDigests: result.leafDigests,
      })
    expect((await secondPass(newFile(bytes))).rootDigest).toBe(result.rootDigest)
    bytes.writeUInt8(bytes.readUInt8(5) ^ 1, 5)
    const path = newFile(bytes)
    expect(await rejection(secondPass(path))).toEqual({ code: 'file/changed-while-reading', path })
  })

  it('of a callback that gives too little is refused', async () => {
    const run = pool.encrypt({
      ...keys,
      plaintextBytes: 1000,
      source: memorySource(randomBytes(999)),
      name: 'model',
      sink: { kind: 'nowhere' },
    })
    expect(await rejection(run)).toEqual({ code: 'file/changed-while-reading', path: 'model' })
  })
})

describe('a run', () => {
  const plaintextBytes = 8 * leafPlaintextBytes
  let path: string
  beforeAll(() => {
    path = newFile(Buffer.alloc(0))
    truncateSync(path, plaintextBytes)
  })

  it('that is aborted rejects with the reason, and moves no byte afterwards', async () => {
    const stopper = new AbortController()
    const progress: number[] = []
    const run = pool.encrypt({
      ...keys,
      plaintextBytes,
      source: fileSource(path, plaintextBytes),
      name: path,
      sink: { kind: 'nowhere' },
      bytesPerSecond: 20_000_000,
      signal: stopper.signal,
      onProgress: (doneBytes) => {
        progress.push(doneBytes)
        if (doneBytes > 0) stopper.abort(new Error('paused'))
      },
    })
    const startedAt = performance.now()
    expect(await rejection(run)).toEqual(new Error('paused'))
    expect(performance.now() - startedAt).toBeLessThan(1000)
    expect(progress.at(-1)).toBeLessThan(plaintextBytes / 4)
  })

  it('that was aborted before it began does not begin', async () => {
    const run = pool.digest({
      payloadBytes: 16,
      source: memorySource(randomBytes(16)),
      name: 'model',
      signal: AbortSignal.abort(new Error('cancelled')),
    })
    expect(await rejection(run)).toEqual(new Error('cancelled'))
  })

  it('keeps to its throttle', async () => {
    const startedAt = performance.now()
    const bytes = randomBytes(3_000_000)
    await pool.encrypt({
      ...keys,
      plaintextBytes: bytes.length,
      source: memorySource(bytes),
      name: 'model',
      sink: { kind: 'nowhere' },
      bytesPerSecond: 5_000_000,
    })
    expect(performance.now() - startedAt).toBeGreaterThan(450)
  })

  it('reports its progress up to the end', async () => {
    const progress: number[] = []
    await pool.encrypt({
      ...keys,
      plaintextBytes,
      source: fileSource(path, plaintextBytes),
      name: path,
      sink: { kind: 'nowhere' },
      onProgress: (doneBytes) => void progress.push(doneBytes),
    })
    expect(progress.at(-1)).toBe(plaintextBytes)
    expect(progress).toEqual(progress.toSorted((one, other) => one - other))
  })

  it('whose receiver fails rejects with its error', async () => {
    const run = pool.encrypt({
      ...keys,
      plaintextBytes,
      source: fileSource(path, plaintextBytes),
      name: path,
      sink: { kind: 'receive', receive: () => Promise.reject(new Error('closed pipe')) },
    })
    expect(await rejection(run)).toEqual(new Error('closed pipe'))
  })

  it('holds few leaves for a receiver that is slow', async () => {
    let [reads, released, most] = [0, 0, 0]
    await pool.encrypt({
      ...keys,
      plaintextBytes,
      source: {
        kind: 'reader',
        read: async (_, lengthBytes) => {
          most = Math.max(most, ++reads - released)
          return new Uint8Array(lengthBytes)
        },
      },
      name: 'model',
      sink: {
        kind: 'receive',
        receive: async () => {
          await new Promise(setImmediate)
          released++
        },
      },
    })
    expect([reads, released]).toEqual([8, 8])
    expect(most).toBeLessThanOrEqual(5)
  })

  it('gives a reader the memory of earlier leaves to fill', async () => {
    const plaintext = randomBytes(plaintextBytes)
    let reads = 0
    const rooms = new Set<ArrayBufferLike>()
    const source: PayloadSource = {
      kind: 'reader',
      read: async (offset, lengthBytes, _, into) => {
        reads++
        rooms.add(into.buffer)
        into.set(plaintext.subarray(offset, offset + lengthBytes))
        return into
      },
    }
    const { ciphertext } = await encryptedInOrder(plaintext, source)
    expect(ciphertext.equals((await encryptedInOrder(plaintext)).ciphertext)).toBe(true)
    expect(reads).toBe(8)
    expect(rooms.size).toBeLessThanOrEqual(5)
  })

  it('without digests has none', async () => {
    const run = { payloadNonce: keys.payloadNonce, fileKey: keys.fileKey, plaintextBytes: 10, name: 'model' }
    const result = await pool.encrypt({
      ...run,
      source: memorySource(randomBytes(10)),
      sink: { kind: 'nowhere' },
      digests: false,
    })
    expect(result).toEqual({
      plaintextBytes: 10,
      payloadBytes: 26,
      leafDigests: null,
      rootDigest: null,
      tags: null,
    })
  })

  it('into a file that cannot be written names it', async () => {
    const target = join(folder, 'no-such-folder', 'target')
    const run = pool.encrypt({
      ...keys,
      plaintextBytes,
      source: fileSource(path, plaintextBytes),
      name: path,
      sink: { kind: 'file', path: target, fileOffset: 0 },
    })
    expect(await rejection(run)).toEqual({ code: 'file/not-found', path: target })
  })

  it('fails as a bug where the worker cannot start, and where the pool is closed under it', async () => {
    const broken = createPayloadPool({
      workerUrl: new URL('./no-such-worker.ts', import.meta.url),
      workers: 1,
    })
    const run = { payloadBytes: 16, source: memorySource(randomBytes(16)), name: 'model' }
    expect(await rejection(broken.digest(run))).toBeInstanceOf(Error)
    await broken.close()

    const closing = createPayloadPool({ workerUrl, workers: 1 })
    const slow = closing.digest({
      ...run,
      payloadBytes: 10_000_000,
      source: memorySource(randomBytes(10_000_000)),
      bytesPerSecond: 100_000,
    })
    const outcome = rejection(slow)
    await closing.close()
    expect(await outcome).toEqual(new Error('the payload pool was closed'))
    expect(await rejection(closing.digest(run))).toEqual(new Error('the payload pool is closed'))
  })
})
