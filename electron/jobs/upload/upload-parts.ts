/**
 * Encrypts a payload and sends it as the parts of an upload: no temporary file, parts in parallel, memory bounded.
 * What a part is made of is journaled before a byte of it is sent, so that a resume under the same file key sends no
 * other bytes for it (cryptography.md, section 5).
 */
import { leafDigestAt, leafDigestBytes, leafDigestsMatch } from '../../age/leaf-digest.ts'
import { leafCount } from '../../age/payload-size.ts'
import type { PartInfo, StorageBackend, WriteId } from '../../storage/backend.ts'
import { crc32Text } from '../../storage/checksum.ts'
import type { EncryptRun } from '../workers/payload-run.ts'
import type { PayloadPool } from '../workers/payload-pool.ts'
import { createPartMemory, mostHeldPartBytes, partsAtOnce } from './held-parts.ts'
import { createInFlight } from './in-flight.ts'
import { createPartAssembler, type AssembledPart } from './part-assembler.ts'
import { edgesAgree, sameFacts, type PartFacts } from './part-digest.ts'
import { sendLargePart } from './send-large-part.ts'
import { SourceChanged } from './source-changed.ts'
import { leavesOfParts, partNumbers, type UploadPlan } from './upload-plan.ts'

export type Upload = {
  backend: StorageBackend
  writeId: WriteId
  plan: UploadPlan
  /** Header and payload nonce. */
  start: Uint8Array
  /** Parts that the store has. */
  stored: ReadonlyMap<number, PartInfo>
  /** What the journal says of parts; new ones are added. */
  journaled: Map<number, PartFacts>
  /** Parts of which the journal says that the store acknowledged them. */
  acknowledged: ReadonlySet<number>
  payloads: Pick<PayloadPool, 'encrypt'>
  run: Omit<EncryptRun, 'sink' | 'leaves' | 'digests' | 'tags' | 'signal' | 'onProgress'>
  signal: AbortSignal
  /** Durable when it resolves. */
  journal: (step: 'part-digest' | 'part-done', facts: Record<string, unknown>) => Promise<void>
  /** The largest part that is held in memory, where tests want another. */
  mostHeldPartBytes?: number
  /** Bytes of the object that the store has, and the part that came last. */
  onProgress: (doneBytes: number, part: number) => void
}

/** Sends every part that the store does not have. Parts that the journal knows are encrypted again first and must be
 * the same.
 * @returns leaf digests of the whole payload, 32 bytes each; null where the upload must start over under a new key
 * @throws WeightlockError `file/…`, `store/…`; the signal's reason */
export async function uploadParts(upload: Upload): Promise<Uint8Array | null> {
  const { plan, journaled } = upload
  const known = partNumbers(plan).filter((part) => journaled.has(part))
  const others = partNumbers(plan).filter((part) => !journaled.has(part))
  const digests = createLeafDigests(leafCount(plan.plaintextBytes))
  const progress = { doneBytes: 0 }
  try {
    for (const parts of [known, others])
      if (parts.length > 0) {
        const isHeld = plan.partBytes <= (upload.mostHeldPartBytes ?? mostHeldPartBytes)
        await (isHeld
          ? sendHeldParts(upload, parts, digests, progress)
          : sendLargeParts(upload, parts, digests, progress))
      }
    return digests.all
  } catch (error) {
    if (error instanceof SourceChanged) return null
    throw error
  }
}

type Progress = { doneBytes: number }

async function sendHeldParts(
  upload: Upload,
  parts: readonly number[],
  digests: LeafDigests,
  progress: Progress,
): Promise<void> {
  const { plan, payloads, run } = upload
  const failed = new AbortController()
  const signal = AbortSignal.any([upload.signal, failed.signal])
  const sending = createInFlight(partsAtOnce(plan), (error) => failed.abort(error))
  const memory = createPartMemory(plan)
  const assembler = createPartAssembler(plan, parts, upload.start, memory.take)
  const leaves = leavesOfParts(plan, parts)

  const send = async ({ part, bytes, crc32, facts }: AssembledPart) => {
    await announce(upload, facts)
    if (!isStored(upload, part, bytes.length, crc32)) {
      await upload.backend.writePart(upload.writeId, part, bytes, { signal, crc32 })
      await upload.journal('part-done', { part })
    }
    memory.giveBack(bytes)
    progress.doneBytes += bytes.length
    upload.onProgress(progress.doneBytes, part)
  }

  try {
    const { leafDigests } = await payloads.encrypt({
      ...run,
      leaves,
      signal,
      sink: {
        kind: 'receive',
        receive: async (leafBytes, offset) => {
          for (const part of assembler.take(leafBytes, offset)) await sending.add(() => send(part))
        },
      },
    })
    await sending.settled()
    digests.add(leaves, leafDigests)
  } catch (error) {
    failed.abort(error)
    await sending.settled().catch(() => undefined)
    throw error
  }
}

/** Each is encrypted twice: once for its digest, once while it is sent. */
async function sendLargeParts(
  upload: Upload,
  parts: readonly number[],
  digests: LeafDigests,
  progress: Progress,
): Promise<void> {
  for (const part of parts) {
    const leaves = leavesOfParts(upload.plan, [part])
    const { sizeBytes, leafDigests } = await sendLargePart(upload, part, {
      announce: (facts) => announce(upload, facts),
      isStored: (size, checksum) => isStored(upload, part, size, checksum),
    })
    digests.add(leaves, leafDigests)
    progress.doneBytes += sizeBytes
    upload.onProgress(progress.doneBytes, part)
  }
}

/** Compares a part with what the journal says of it and of its neighbours, and journals it where it is new. */
async function announce(upload: Upload, facts: PartFacts): Promise<void> {
  const { plan, journaled } = upload
  const before = journaled.get(facts.part)
  if (before !== undefined) {
    if (!sameFacts(before, facts)) throw new SourceChanged()
    return
  }
  if (!edgesAgree(plan, facts, journaled)) throw new SourceChanged()
  journaled.set(facts.part, facts)
  await upload.journal('part-digest', facts)
}

/** Whether the store has this very part: by its own checksum, else because it acknowledged it. */
function isStored(
  { stored, acknowledged }: Upload,
  part: number,
  sizeBytes: number,
  checksum: number,
): boolean {
  const there = stored.get(part)
  if (there?.sizeBytes !== sizeBytes) return false
  return there.checksum === null ? acknowledged.has(part) : there.checksum === crc32Text(checksum)
}

type LeafDigests = { all: Uint8Array; add: (leaves: readonly number[], digests: Uint8Array | null) => void }

/** Leaves that two passes share were read twice, and must be the same. */
function createLeafDigests(count: number): LeafDigests {
  const all = new Uint8Array(count * leafDigestBytes)
  const known = new Set<number>()
  return {
    all,
    add: (leaves, digests) => {
      if (digests === null) throw new Error('the payload has no digests')
      for (const [position, leaf] of leaves.entries()) {
        const digest = leafDigestAt(digests, position)
        if (known.has(leaf) && !leafDigestsMatch(digest, leafDigestAt(all, leaf))) throw new SourceChanged()
        all.set(digest, leaf * leafDigestBytes)
        known.add(leaf)
      }
    },
  }
}
