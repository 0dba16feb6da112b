/** A part too large for memory: encrypted once for its digest, and once more while it is sent, leaf by leaf, each
 * released only where every tag is the one of the first pass. */
import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { crc32 } from 'node:zlib'
import { chunkCiphertextBytes, tagBytes, type ByteRange } from '../../age/payload-size.ts'
import { createPartDigester, type PartFacts } from './part-digest.ts'
import { SourceChanged } from './source-changed.ts'
import type { Upload } from './upload-parts.ts'
import { leavesOfParts, payloadOfPart, rangeOfPart } from './upload-plan.ts'

type Steps = {
  /** Durable when it resolves. @throws SourceChanged */
  announce: (facts: PartFacts) => Promise<void>
  isStored: (sizeBytes: number, checksum: number) => boolean
}

/** How much is handed to the network at once. */
const sliceBytes = 2 ** 18

/** One that is sent, and what keeps two workers going: one part at a time is on its way, however many cores there are. */
const leavesInMemory = 3

/** @returns leaf digests of the leaves that have a byte in the part
 * @throws SourceChanged; WeightlockError `file/…`, `store/…`; the signal's reason */
export async function sendLargePart(
  upload: Upload,
  part: number,
  { announce, isStored }: Steps,
): Promise<{ sizeBytes: number; leafDigests: Uint8Array | null }> {
  const { plan, start, payloads, run, signal } = upload
  const { lengthBytes: sizeBytes } = rangeOfPart(plan, part)
  const piece = payloadOfPart(plan, part)
  const leaves = leavesOfParts(plan, [part])
  const head = part === 1 ? start : new Uint8Array(0)

  const digester = createPartDigester(plan, part)
  const tags = new Map<number, Buffer>()
  let checksum = crc32(head)
  const { leafDigests } = await payloads.encrypt({
    ...run,
    leaves,
    leavesInMemory,
    signal,
    sink: {
      kind: 'receive',
      receive: async (leafBytes, offset) => {
        digester.update(leafBytes, offset)
        tags.set(offset, tagsOf(leafBytes))
        checksum = crc32(within(leafBytes, offset, piece), checksum)
      },
    },
  })
  await announce(digester.finish())
  if (isStored(sizeBytes, checksum)) return { sizeBytes, leafDigests }

  async function* chunks(): AsyncIterable<Uint8Array> {
    const pipe = new PassThrough({ highWaterMark: sliceBytes })
    const over = new AbortController()
    const both = AbortSignal.any([signal, over.signal])
    if (head.length > 0) pipe.write(head)
    const encrypting = payloads
      .encrypt({
        ...run,
        leaves,
        leavesInMemory,
        digests: false,
        signal: both,
        sink: {
          kind: 'receive',
          receive: async (leafBytes, offset) => {
            if (tags.get(offset)?.equals(tagsOf(leafBytes)) !== true) throw new SourceChanged()
            const bytes = within(leafBytes, offset, piece)
            for (let at = 0; at < bytes.length; at += sliceBytes) {
              // The leaf's memory is reused as soon as this returns; what the socket holds is not. Copied in slices, as
              // what was sent is freed late.
              const slice = Buffer.from(bytes.subarray(at, at + sliceBytes))
              if (!pipe.write(slice)) await once(pipe, 'drain', { signal: both })
            }
          },
        },
      })
      .then(
        () => pipe.end(),
        (error: unknown) => pipe.destroy(error instanceof Error ? error : new Error(String(error))),
      )
    try {
      yield* pipe
    } finally {
      over.abort()
      await encrypting
    }
  }
  const body = { sizeBytes, crc32: checksum, chunks }
  await upload.backend.writePart(upload.writeId, part, body, { signal })
  await upload.journal('part-done', { part })
  return { sizeBytes, leafDigests }
}

/** What of a leaf lies in a range of the payload. */
function within(leafBytes: Uint8Array, offset: number, range: ByteRange): Uint8Array {
  const end = range.offset + range.lengthBytes - offset
  return leafBytes.subarray(Math.max(0, range.offset - offset), Math.min(leafBytes.length, end))
}

/** The tags of all chunks of a leaf. */
function tagsOf(leafBytes: Uint8Array): Buffer {
  const tags: Uint8Array[] = []
  for (let at = 0; at < leafBytes.length; at += chunkCiphertextBytes) {
    const end = Math.min(at + chunkCiphertextBytes, leafBytes.length)
    tags.push(leafBytes.subarray(end - tagBytes, end))
  }
  return Buffer.concat(tags)
}
