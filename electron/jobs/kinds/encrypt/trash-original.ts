/** Moves the original to the system's trash, once the store has shown or attested every byte and a second pass over the
 * source has given the same ciphertext. */
import { fail, failureOf, type Failure } from '../../../../shared/failure.ts'
import type { ArtifactId } from '../../../../shared/ids.ts'
import { leafDigestsMatch } from '../../../age/leaf-digest.ts'
import type { JobContext } from '../../job-kind.ts'
import type { Services } from '../../services.ts'
import type { PlaintextSource } from '../../source/open-source.ts'
import type { PayloadSource } from '../../workers/payload-run.ts'
import type { WrittenObject } from './write-object.ts'

type Original = {
  paths: readonly string[]
  name: string
  artifactId: ArtifactId
  source: PlaintextSource
  /** Read back; null where the store attested every part by a checksum that was compared. */
  stored: PayloadSource | null
  payloadBytes: number
  written: WrittenObject
}

/** @returns how many of the paths were moved, and why not the next
 * @throws WeightlockError `verify/altered`, `file/changed-while-reading`, `file/…`, `host/unsupported`: nothing was
 * moved then */
export async function trashOriginal(
  services: Services,
  context: JobContext,
  original: Original,
): Promise<{ moved: number; failure: Failure | null }> {
  const { source, name, written, paths } = original
  const { payloads, catalog, trash } = services
  const onProgress = (done: number) => context.report('verifying', done, source.sizeBytes)
  const run = { name, signal: context.signal, onProgress }
  if (original.stored !== null)
    await payloads.digest({
      ...run,
      source: original.stored,
      payloadBytes: original.payloadBytes,
      pinnedLeafDigests: written.leafDigests,
    })
  const again = await payloads.encrypt({
    ...run,
    source: { kind: 'segments', segments: source.segments },
    fileKey: written.fileKey,
    payloadNonce: written.payloadNonce,
    plaintextBytes: source.sizeBytes,
    sink: { kind: 'nowhere' },
  })
  if (again.leafDigests === null || !sameDigests(again.leafDigests, written.leafDigests))
    return fail({ code: 'file/changed-while-reading', path: paths[0] ?? name })
  await source.checkUnchanged()
  await source.checkNothingCame()
  for (const [moved, path] of paths.entries()) {
    try {
      await trash(path)
    } catch (error) {
      const failure = failureOf(error)
      if (failure === null || moved === 0) throw error
      return { moved, failure }
    }
    await catalog.recordEvent({
      event: 'original-trashed',
      on: name,
      artifactId: original.artifactId,
      keyId: null,
      jobId: context.jobId,
      facts: { path },
      by: context.by,
    })
  }
  return { moved: paths.length, failure: null }
}

function sameDigests(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false
  for (let at = 0; at < one.length; at += 32)
    if (!leafDigestsMatch(one.subarray(at, at + 32), other.subarray(at, at + 32))) return false
  return true
}
