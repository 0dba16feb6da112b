/** The payload of an object whose store takes parts. */
import type { PartInfo, WriteId } from '../../../storage/backend.ts'
import type { JobContext } from '../../job-kind.ts'
import type { OpenStore, Services } from '../../services.ts'
import type { PlaintextSource } from '../../source/open-source.ts'
import type { PartFacts } from '../../upload/part-digest.ts'
import { uploadParts } from '../../upload/upload-parts.ts'
import { planUpload } from '../../upload/upload-plan.ts'

export type PartsToSend = {
  store: OpenStore
  source: PlaintextSource
  name: string
  writeId: WriteId
  partBytes: number
  /** Header and payload nonce. */
  start: Uint8Array
  fileKey: Uint8Array
  payloadNonce: Uint8Array
  /** Of an upload that goes on: what the journal and the store know of its parts. */
  before: {
    journaled: Map<number, PartFacts>
    acknowledged: ReadonlySet<number>
    stored: ReadonlyMap<number, PartInfo>
  }
}

/** @returns leaf digests of the payload, 32 bytes each; null where the source is not what was journaled
 * @throws WeightlockError `file/…`, `store/…`; the signal's reason */
export function sendParts(
  services: Services,
  context: JobContext,
  parts: PartsToSend,
): Promise<Uint8Array | null> {
  const { store, source, start, before } = parts
  const plan = planUpload(start.length, source.sizeBytes, parts.partBytes)
  const share = (doneBytes: number) => Math.round((doneBytes / plan.objectBytes) * source.sizeBytes)
  const there = new Set(before.stored.keys())
  return uploadParts({
    backend: store.backend,
    writeId: parts.writeId,
    plan,
    start,
    ...before,
    payloads: services.payloads,
    run: {
      source: { kind: 'segments', segments: source.segments },
      name: parts.name,
      fileKey: parts.fileKey,
      payloadNonce: parts.payloadNonce,
      plaintextBytes: source.sizeBytes,
      ...(services.bytesPerSecond === undefined ? {} : { bytesPerSecond: services.bytesPerSecond }),
    },
    signal: context.signal,
    journal: (step, facts) => context.journal(step, facts),
    onProgress: (doneBytes, part) => {
      const sent = { sent: there.add(part).size, of: plan.parts, before: before.stored.size }
      context.report('uploading', share(doneBytes), source.sizeBytes, sent)
    },
  })
}
