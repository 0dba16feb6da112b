import { randomBytes, randomInt } from 'node:crypto'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId, JobId } from '../../../shared/ids.ts'
import { chunkCiphertextBytes, ciphertextSizeBytes, leafCiphertextBytes } from '../../age/payload-size.ts'
import { memoryStore } from '../../storage/backends/memory.ts'
import type { PartInfo, StorageBackend, WriteId } from '../../storage/backend.ts'
import { createPayloadPool, type PayloadPool } from '../workers/payload-pool.ts'
import { fileSource } from '../workers/payload-run.ts'
import { planUpload } from './upload-plan.ts'
import { uploadParts, type Upload } from './upload-parts.ts'

const workerUrl = new URL('../../payload-worker.ts', import.meta.url)
const MiB = 2 ** 20
let folder: string
let pool: PayloadPool
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weightlock-upload-'))
  pool = createPayloadPool({ workerUrl, workers: 2 })
})
afterAll(async () => {
  await pool.close()
  rmSync(folder, { recursive: true, force: true })
})

const keys = { fileKey: randomBytes(16), payloadNonce: randomBytes(16) }
const start = randomBytes(261)

/** The whole object, as one run gives it. */
async function objectOf(path: string, plaintextBytes: number) {
  const payload = Buffer.alloc(ciphertextSizeBytes(plaintextBytes))
  const { leafDigests } = await pool.encrypt({
    ...keys,
    source: fileSource(path, plaintextBytes),
    name: 'model',
    plaintextBytes,
    sink: { kind: 'receive', receive: async (bytes, offset) => payload.set(bytes, offset) },
  })
  return { object: Buffer.concat([start, payload]), leafDigests }
}

type Made = { upload: Upload; sent: Map<number, Buffer>; steps: { step: string; part: unknown }[] }

async function make(
  path: string,
  plaintextBytes: number,
  partBytes: number,
  before: Partial<Pick<Upload, 'stored' | 'journaled' | 'acknowledged' | 'signal'>> = {},
): Promise<Made> {
  const sent = new Map<number, Buffer>()
  const steps: Made['steps'] = []
  const store = memoryStore('memory')
  const plan = planUpload(start.length, plaintextBytes, partBytes)
  const known = new Set(before.journaled?.keys())
  const write = {
    sizeBytes: plan.objectBytes,
    partBytes,
    metadata: {},
    condition: { kind: 'absent' as const },
  }
  const writeId: WriteId = await store.beginWrite('model.age', { ...write, jobId: newId(JobId) })
  const backend: StorageBackend = {
    ...store,
    writePart: async (_, part, body) => {
      expect(steps.some((each) => each.step === 'part-digest' && each.part === part)).toBe(!known.has(part))
      const pieces: Uint8Array[] = []
      if (body instanceof Uint8Array) pieces.push(body)
      else for await (const chunk of body.chunks()) pieces.push(chunk)
      sent.set(part, Buffer.concat(pieces))
    },
  }
  return {
    sent,
    steps,
    upload: {
      backend,
      writeId,
      plan,
      start,
      stored: new Map(),
      journaled: new Map(),
      acknowledged: new Set(),
      payloads: pool,
      run: { ...keys, source: fileSource(path, plaintextBytes), name: 'model', plaintextBytes },
      signal: new AbortController().signal,
      journal: async (step, { part }) => void steps.push({ step, part }),
      onProgress: () => undefined,
      mostHeldPartBytes: 5.5 * MiB,
      ...before,
    },
  }
}

const fileOf = (bytes: Uint8Array) => {
  const path = join(folder, `file-${randomInt(2 ** 40)}`)
  writeFileSync(path, bytes)
  return path
}
const joined = (sent: Map<number, Buffer>) =>
  Buffer.concat([...sent].toSorted(([one], [other]) => one - other).map(([, bytes]) => bytes))

describe('an upload in parts', () => {
  const sizes: [plaintextBytes: number, partBytes: number][] = [
    [0, 5 * MiB],
    [1, 5 * MiB],
    [12 * MiB, 5 * MiB],
    [17 * MiB + 17, 5.5 * MiB],
    [leafCiphertextBytes, leafCiphertextBytes / 4],
    [15 * MiB, chunkCiphertextBytes * 80 + start.length],
    [7 * MiB, 6 * MiB],
    [23 * MiB + 5, 6 * MiB],
  ]
  it.each(sizes)(
    'of %i bytes in parts of %i sends the object, and its leaf digests',
    async (size, partBytes) => {
      const path = fileOf(randomBytes(size))
      const { object, leafDigests } = await objectOf(path, size)
      const { upload, sent, steps } = await make(path, size, partBytes)
      const digests = await uploadParts(upload)
      expect(digests && Buffer.from(digests).equals(Buffer.from(leafDigests ?? []))).toBe(true)
      expect(joined(sent).equals(object)).toBe(true)
      expect(steps.filter(({ step }) => step === 'part-done')).toHaveLength(upload.plan.parts)
      expect(sent.size).toBe(upload.plan.parts)
    },
  )

  /** An upload that was stopped after some parts. */
  async function stopped(path: string, size: number, partBytes: number, keep: readonly number[]) {
    const { upload, sent } = await make(path, size, partBytes)
    await uploadParts(upload)
    const journaled = new Map([...upload.journaled].filter(([part]) => keep.includes(part)))
    const stored = new Map<number, PartInfo>(
      keep.map((part) => [part, { part, sizeBytes: sent.get(part)?.length ?? 0, checksum: null }]),
    )
    return { journaled, stored, acknowledged: new Set(keep), first: sent }
  }

  it.each([5 * MiB, 6 * MiB])('goes on with what is missing, in parts of %i', async (partBytes) => {
    const size = 3 * partBytes + 11
    const path = fileOf(randomBytes(size))
    const before = await stopped(path, size, partBytes, [1, 3])
    const { upload, sent } = await make(path, size, partBytes, before)
    const digests = await uploadParts(upload)
    const { leafDigests } = await objectOf(path, size)
    expect(digests && Buffer.from(digests).equals(Buffer.from(leafDigests ?? []))).toBe(true)
    expect(new Set(sent.keys())).toEqual(new Set([2, 4]))
    for (const [part, bytes] of sent) expect(before.first.get(part)?.equals(bytes)).toBe(true)
  })

  it('sends a part again that the store neither attests nor acknowledged', async () => {
    const size = 13 * MiB
    const path = fileOf(randomBytes(size))
    const before = await stopped(path, size, 5 * MiB, [1, 2])
    const { upload, sent } = await make(path, size, 5 * MiB, { ...before, acknowledged: new Set([2]) })
    await uploadParts(upload)
    expect(new Set(sent.keys())).toEqual(new Set([1, 3]))
  })

  it.each([5 * MiB, 6 * MiB])('starts over where a journaled part of %i changed', async (partBytes) => {
    const size = 2 * partBytes + 11
    const bytes = randomBytes(size)
    const path = fileOf(bytes)
    const before = await stopped(path, size, partBytes, [1])
    bytes[partBytes - 70_000] = (bytes[partBytes - 70_000] ?? 0) ^ 1
    writeFileSync(path, bytes)
    const { upload, sent } = await make(path, size, partBytes, before)
    expect(await uploadParts(upload)).toBeNull()
    expect(sent.size).toBe(0)
  })

  it('ends with the signal, and with what the store refuses', async () => {
    const size = 13 * MiB
    const path = fileOf(new Uint8Array(0))
    truncateSync(path, size)
    const control = new AbortController()
    const first = await make(path, size, 5 * MiB, { signal: control.signal })
    const run = uploadParts({ ...first.upload, journal: async () => control.abort(new Error('paused')) })
    await expect(run).rejects.toThrow('paused')
    const second = await make(path, size, 5 * MiB)
    const backend = { ...second.upload.backend, writePart: () => Promise.reject(new Error('no room')) }
    await expect(uploadParts({ ...second.upload, backend })).rejects.toThrow('no room')
  })
})
