import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createLeafHasher } from '../../age/leaf-digest.ts'
import { ciphertextSizeBytes, leafCount, leafRun } from '../../age/payload-size.ts'
import type { PartBody, StorageBackend } from '../../storage/backend.ts'
import { memoryStore } from '../../storage/backends/memory.ts'
import { planUpload } from '../upload/upload-plan.ts'
import { sendCiphertext, type Sending } from './send-ciphertext.ts'
import type { Ciphertext } from './verified-leaves.ts'

const MiB = 2 ** 20
/** Two whole leaves and some. */
const plaintextBytes = 40 * MiB
const payload = randomBytes(ciphertextSizeBytes(plaintextBytes))
const start = randomBytes(261)
const whole = Buffer.concat([start, payload])

function digestsOf(bytes: Buffer): Uint8Array {
  const hasher = createLeafHasher()
  const all: Uint8Array[] = []
  for (let leaf = 0; leaf < leafCount(plaintextBytes); leaf++) {
    const { offset, lengthBytes } = leafRun(plaintextBytes, leaf).ciphertext
    hasher.update(bytes.subarray(offset, offset + lengthBytes))
    all.push(hasher.finish())
  }
  return Buffer.concat(all)
}
const pinnedLeafDigests = digestsOf(payload)

const ciphertextOf = (bytes: Buffer): Ciphertext => ({
  name: 'model.bin',
  start,
  plaintextBytes,
  pinnedLeafDigests,
  read: async ({ offset, lengthBytes }, _, into) => {
    into.set(bytes.subarray(offset, offset + lengthBytes))
    return into.subarray(0, lengthBytes)
  },
})

async function begin(partBytes: number) {
  const backend = memoryStore()
  const plan = planUpload(start.length, plaintextBytes, partBytes)
  const sizeBytes = plan.objectBytes
  const condition = { kind: 'absent' as const }
  const write = { sizeBytes, partBytes, metadata: {}, condition, jobId: 'job' }
  const writeId = await backend.beginWrite('copy.age', write)
  const sent: number[] = []
  const counting: StorageBackend = {
    ...backend,
    writePart: async (id, part, body: PartBody, options) => {
      sent.push(part)
      await backend.writePart(id, part, body, options)
    },
  }
  const done = new Map<number, string | null>()
  const sending = (bytes: Buffer): Sending => ({
    backend: counting,
    writeId,
    plan,
    ciphertext: ciphertextOf(bytes),
    stored: new Map(),
    acknowledged: new Map(),
    signal: new AbortController().signal,
    journal: async (_, { part, checksum }) => void done.set(part, checksum),
    onProgress: () => undefined,
  })
  const completed = async () => {
    await backend.completeWrite(writeId)
    return Buffer.from(await backend.read('copy.age', { offset: 0, lengthBytes: sizeBytes }))
  }
  return { backend, writeId, sending, sent, done, completed }
}

describe('ciphertext that is sent', () => {
  it.each([
    ['held', 5 * MiB, 64 * MiB],
    ['held, larger than a leaf', 17 * MiB, 64 * MiB],
    ['streamed', 5 * MiB, MiB],
    ['streamed, larger than a leaf', 17 * MiB, MiB],
  ])('arrives byte for byte in parts that are %s', async (_, partBytes, mostHeldPartBytes) => {
    const { sending, completed } = await begin(partBytes)
    await sendCiphertext({ ...sending(payload), mostHeldPartBytes })
    expect((await completed()).equals(whole)).toBe(true)
  })

  it.each([64 * MiB, MiB])(
    'is refused where a leaf differs, before a byte of that leaf left',
    async (held) => {
      const { sending, sent, backend, writeId } = await begin(5 * MiB)
      const altered = Buffer.from(payload)
      altered[20 * MiB] = (altered[20 * MiB] ?? 0) ^ 1
      await expect(sendCiphertext({ ...sending(altered), mostHeldPartBytes: held })).rejects.toMatchObject({
        failure: { code: 'verify/altered', name: 'model.bin' },
      })
      // The leaf begins in part 4.
      const stored = (await backend.listParts(writeId)).map(({ part }) => part)
      expect(Math.max(0, ...stored)).toBeLessThanOrEqual(3)
      expect(sent.length).toBeGreaterThan(0)
    },
  )

  it('leaves out the parts that the store acknowledged and still has as they were', async () => {
    const { sending, sent, done, backend, writeId, completed } = await begin(5 * MiB)
    await sendCiphertext(sending(payload))
    const all = sent.length
    const stored = new Map((await backend.listParts(writeId)).map((info) => [info.part, info]))
    const second = stored.get(2)
    if (second === undefined) throw new Error('part 2 is missing')
    stored.set(2, { ...second, checksum: 'AAAAAA==' })
    stored.delete(5)
    done.delete(7)
    sent.length = 0
    await sendCiphertext({ ...sending(payload), stored, acknowledged: new Map(done) })
    expect(new Set(sent)).toEqual(new Set([2, 5, 7]))
    expect(all).toBe(9)
    expect((await completed()).equals(whole)).toBe(true)
  })

  it('holds no more at once than it may', async () => {
    const { sending, backend } = await begin(16 * MiB)
    let [under, most] = [0, 0]
    const slow: StorageBackend = {
      ...backend,
      writePart: async (...call) => {
        most = Math.max(most, ++under)
        await new Promise(setImmediate)
        await backend.writePart(...call)
        under -= 1
      },
    }
    await sendCiphertext({ ...sending(payload), backend: slow })
    expect(most).toBeLessThanOrEqual(8)
  })
})
