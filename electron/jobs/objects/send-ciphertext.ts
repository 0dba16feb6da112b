/** Sends ciphertext as the parts of a write, in parallel and with bounded memory. Every byte was compared with its pin
 * before it is sent; a part that the store has already is not sent again. */
import { crc32Text } from '../../storage/checksum.ts'
import type { PartBody, PartInfo, StorageBackend, WriteId } from '../../storage/backend.ts'
import { createPartMemory, mostHeldPartBytes, partsAtOnce } from '../upload/held-parts.ts'
import { createInFlight } from '../upload/in-flight.ts'
import { createPartAssembler, type AssembledPart } from '../upload/part-assembler.ts'
import {
  leavesOfParts,
  partNumbers,
  payloadOfPart,
  rangeOfPart,
  type UploadPlan,
} from '../upload/upload-plan.ts'
import { verifiedLeaves, type Ciphertext } from './verified-leaves.ts'

export type Sending = {
  backend: StorageBackend
  writeId: WriteId
  plan: UploadPlan
  ciphertext: Ciphertext
  /** What the store has of the write. */
  stored: ReadonlyMap<number, PartInfo>
  /** What the journal says that it acknowledged, with its checksum. */
  acknowledged: ReadonlyMap<number, string | null>
  signal: AbortSignal
  /** Durable when it resolves. */
  journal: (step: 'part-done', facts: { part: number; checksum: string | null }) => Promise<void>
  /** Bytes of the object that the store has. */
  onProgress: (doneBytes: number) => void
  /** The largest part that is held in memory, where tests want another. */
  mostHeldPartBytes?: number
}

/** @throws WeightlockError `verify/altered`, `store/…`; the signal's reason */
export async function sendCiphertext(sending: Sending): Promise<void> {
  const { plan } = sending
  const missing = partNumbers(plan).filter((part) => !isStored(sending, part))
  const missingBytes = missing.reduce((total, part) => total + rangeOfPart(plan, part).lengthBytes, 0)
  const progress = { doneBytes: plan.objectBytes - missingBytes }
  sending.onProgress(progress.doneBytes)
  if (missing.length === 0) return
  const isHeld = plan.partBytes <= (sending.mostHeldPartBytes ?? mostHeldPartBytes)
  await (isHeld ? sendHeld(sending, missing, progress) : sendStreamed(sending, missing, progress))
}

/** Ciphertext is what it is: a part that was acknowledged is this very part, unless the store says otherwise of it. */
function isStored({ plan, stored, acknowledged }: Sending, part: number): boolean {
  const there = stored.get(part)
  const sent = acknowledged.get(part)
  if (there?.sizeBytes !== rangeOfPart(plan, part).lengthBytes || sent === undefined) return false
  return there.checksum === null || sent === null || there.checksum === sent
}

type Progress = { doneBytes: number }

async function sendHeld(sending: Sending, parts: readonly number[], progress: Progress): Promise<void> {
  const { backend, writeId, plan, ciphertext } = sending
  const failed = new AbortController()
  const signal = AbortSignal.any([sending.signal, failed.signal])
  const inFlight = createInFlight(partsAtOnce(plan), (error) => failed.abort(error))
  const memory = createPartMemory(plan)
  const assembler = createPartAssembler(plan, parts, ciphertext.start, memory.take)
  const send = async ({ part, bytes, crc32 }: AssembledPart) => {
    await backend.writePart(writeId, part, bytes, { signal, crc32 })
    await sending.journal('part-done', { part, checksum: crc32Text(crc32) })
    memory.giveBack(bytes)
    progress.doneBytes += bytes.length
    sending.onProgress(progress.doneBytes)
  }
  try {
    for await (const leaf of verifiedLeaves(ciphertext, leavesOfParts(plan, parts), signal))
      for (const whole of assembler.take(leaf.bytes, leaf.offset)) await inFlight.add(() => send(whole))
    await inFlight.settled()
  } catch (error) {
    failed.abort(error)
    await inFlight.settled().catch(() => undefined)
    throw error
  }
}

async function sendStreamed(sending: Sending, parts: readonly number[], progress: Progress): Promise<void> {
  const { backend, writeId, plan, signal } = sending
  for (const part of parts) {
    const { lengthBytes: sizeBytes } = rangeOfPart(plan, part)
    const body: PartBody = { sizeBytes, crc32: null, chunks: () => chunksOfPart(sending, part) }
    await backend.writePart(writeId, part, body, { signal })
    await sending.journal('part-done', { part, checksum: null })
    progress.doneBytes += sizeBytes
    sending.onProgress(progress.doneBytes)
  }
}

/** How much is handed to the network at once. */
const sliceBytes = 2 ** 20

async function* chunksOfPart(
  { plan, ciphertext, signal }: Sending,
  part: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (part === 1) yield ciphertext.start
  const piece = payloadOfPart(plan, part)
  for await (const { bytes, offset } of verifiedLeaves(ciphertext, leavesOfParts(plan, [part]), signal)) {
    const from = Math.max(0, piece.offset - offset)
    const to = Math.min(bytes.length, piece.offset + piece.lengthBytes - offset)
    // Copied: who takes a slice may still hold it when the leaf's memory is filled anew.
    for (let at = from; at < to; at += sliceBytes)
      yield Buffer.from(bytes.subarray(at, Math.min(at + sliceBytes, to)))
  }
}
