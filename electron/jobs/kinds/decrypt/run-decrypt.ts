/** The one way from an opened age file to plaintext: decrypt, check, then let it appear. */
import { openPlaintext } from '../../../age/payload-range.ts'
import type { AgeFile } from '../../../age/age-file.ts'
import { fail, failureOf } from '../../../../shared/failure.ts'
import type { JobContext } from '../../job-kind.ts'
import type { Services } from '../../services.ts'
import type { PayloadResult, PayloadSource } from '../../workers/payload-run.ts'
import {
  discardLeft,
  fileTarget,
  folderTarget,
  outputTarget,
  resolveTarget,
  temporaryOf,
  type PlaintextTarget,
} from './plaintext-target.ts'
import type { DecryptTarget } from './decrypt-spec.ts'

export type Opened = {
  name: string
  file: AgeFile
  fileKey: Uint8Array
  source: PayloadSource
  /** Null where the file is not pinned. */
  pinnedLeafDigests: Uint8Array | null
}

/** Decrypts everything to the target. The first and the last chunk are proved before a byte goes anywhere.
 * @returns where it is, and what the payload's digests are
 * @throws WeightlockError `age/payload-…`, `verify/altered`, `file/…`, `archive/…`; the signal's reason */
export async function runDecrypt(
  services: Services,
  context: JobContext,
  opened: Opened,
  target: DecryptTarget,
  /** Called when all has verified and before the result appears. */
  beforeCommit: (result: PayloadResult) => Promise<void> = async () => undefined,
): Promise<{ location: string; result: PayloadResult }> {
  const { file, fileKey, name } = opened
  const proof = await openPlaintext(file, fileKey)
  proof.close()
  const { sink, commit, discard, location } = await openTarget(
    services,
    context,
    file.plaintextBytes,
    name,
    target,
  )
  try {
    const result = await services.payloads.decrypt({
      source: opened.source,
      name,
      signal: context.signal,
      onProgress: (done) =>
        context.report('decrypting', Math.min(done, file.plaintextBytes), file.plaintextBytes),
      ...(services.bytesPerSecond === undefined ? {} : { bytesPerSecond: services.bytesPerSecond }),
      fileKey,
      payloadNonce: file.payloadNonce,
      payloadBytes: file.payload.sizeBytes,
      pinnedLeafDigests: opened.pinnedLeafDigests,
      sink,
    })
    context.signal.throwIfAborted()
    await beforeCommit(result)
    context.report('finalising', file.plaintextBytes, file.plaintextBytes)
    await context.journal('complete-attempted', { location })
    await commit()
    return { location, result }
  } catch (error) {
    await discard()
    return failAt(location, temporaryOf(location, context.jobId), error)
  }
}

/** People are told of the place that they named, not of the temporary beside it. */
function failAt(location: string, temporary: string, error: unknown): never {
  const failure = failureOf(error)
  if (failure !== null && 'path' in failure && failure.path.startsWith(temporary))
    return fail({ ...failure, path: `${location}${failure.path.slice(temporary.length)}` }, error)
  throw error
}

async function openTarget(
  { files }: Services,
  context: JobContext,
  sizeBytes: number,
  name: string,
  target: DecryptTarget,
): Promise<PlaintextTarget & { location: string }> {
  if ('stdout' in target) {
    const output =
      context.output ??
      fail({ code: 'job/not-resumable', jobId: context.jobId, state: 'without its terminal' })
    return { ...outputTarget(output), location: 'standard output' }
  }
  const location = await resolveTarget(target.path, name)
  await context.journal('target', { location })
  await discardLeft(files, location, context.jobId)
  const open = target.unpack ? folderTarget : fileTarget
  try {
    return { ...(await open(files, location, context.jobId, sizeBytes)), location }
  } catch (error) {
    return failAt(location, temporaryOf(location, context.jobId), error)
  }
}

/** Takes back what an earlier attempt left.
 * @returns whether the result had appeared */
export async function takeBackTarget({ files }: Services, context: JobContext): Promise<void> {
  const locations = (await context.steps()).flatMap(({ step, facts }) =>
    step === 'target' && typeof facts['location'] === 'string' ? [facts['location']] : [],
  )
  for (const location of new Set(locations)) await discardLeft(files, location, context.jobId)
}
