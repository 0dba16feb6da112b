/** The one way from an opened age file to plaintext: decrypt, check, then let it appear. */
import { dirname } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { openPlaintext } from '../../../age/payload-range.ts'
import type { AgeFile } from '../../../age/age-file.ts'
import { leafCount, leafRun } from '../../../age/payload-size.ts'
import { fail, failureOf } from '../../../../shared/failure.ts'
import { failureText } from '../../../../shared/failure-text.ts'
import type { JobContext, JobOutcome } from '../../job-kind.ts'
import type { Services } from '../../services.ts'
import type { PayloadSource } from '../../workers/payload-run.ts'
import {
  discardLeft,
  diskIdentity,
  fileTarget,
  folderTarget,
  outputTarget,
  requireFree,
  resolveTarget,
  temporaryOf,
  type DiskIdentity,
  type PlaintextTarget,
} from './plaintext-target.ts'
import { arrivedLeaves, trackArrival, type Arrival } from './arrival.ts'
import type { DecryptTarget } from './decrypt-spec.ts'

export type Opened = {
  name: string
  file: AgeFile
  fileKey: Uint8Array
  source: PayloadSource
  /** Null where the file is not pinned. */
  pinnedLeafDigests: Uint8Array | null
  /** How it will have ended, for the history. */
  outcome: string
}

/** What a payload was that was read from its first to its last leaf. */
export type WholePayload = { leafDigests: Uint8Array; root: string }

/** Decrypts everything to the target. The first and the last chunk are proved before a byte goes anywhere.
 * @returns how it ended
 * @throws WeightlockError `age/payload-…`, `verify/altered`, `file/…`, `archive/…`; the signal's reason */
export async function runDecrypt(
  services: Services,
  context: JobContext,
  opened: Opened,
  target: DecryptTarget,
  /** Called when all has verified and before the result appears: what is recorded of it. */
  beforeCommit: (location: string, whole: WholePayload | null) => Promise<void>,
): Promise<JobOutcome> {
  const { file, fileKey, name, outcome } = opened
  const proof = await openPlaintext(file, fileKey)
  proof.close()
  const { location, from, ...opening } = await openTarget(services, context, opened, target)
  const { sink, identity, commit, discard, partial } = opening
  const leaves = leafCount(file.plaintextBytes)
  const before = from < leaves ? leafRun(file.plaintextBytes, from).plaintext.offset : file.plaintextBytes
  let attempted: DiskIdentity | null = null
  let arrival: Arrival | null = null
  try {
    const temporary = goesOn(opened, target) ? await identity() : null
    if (temporary !== null && partial !== undefined) {
      const facts = { location, fingerprint: file.fingerprint, temporary }
      const every = services.smallSteps?.arrivedLeaves
      arrival = trackArrival(context, from, facts, partial.makeDurable, every)
    }
    const { leafDigests, rootDigest } = await services.payloads.decrypt({
      source: opened.source,
      name,
      leaves: Array.from({ length: leaves - from }, (_, n) => from + n),
      signal: context.signal,
      onLeaf: (leaf) => arrival?.done(leaf),
      onProgress: (done) =>
        context.report('decrypting', Math.min(before + done, file.plaintextBytes), file.plaintextBytes),
      ...(services.bytesPerSecond === undefined ? {} : { bytesPerSecond: services.bytesPerSecond }),
      fileKey,
      payloadNonce: file.payloadNonce,
      payloadBytes: file.payload.sizeBytes,
      pinnedLeafDigests: opened.pinnedLeafDigests,
      sink,
    })
    await arrival?.settled()
    context.signal.throwIfAborted()
    const isWhole = leafDigests !== null && rootDigest !== null
    await beforeCommit(location, isWhole ? { leafDigests, root: rootDigest } : null)
    context.report('finalising', file.plaintextBytes, file.plaintextBytes)
    const made = await identity()
    await context.journal('complete-attempted', { location, outcome, made })
    attempted = made
    await commit()
    return { outcome }
  } catch (error) {
    if (attempted !== null && isDeepStrictEqual(await diskIdentity(location), attempted))
      return appeared(services, { location, outcome }, error)
    await arrival?.settled().catch(() => undefined)
    if (arrival !== null && partial !== undefined && isPassing(context, error)) await partial.close()
    else await discard()
    return failAt(location, temporaryOf(location, context.jobId), error)
  }
}

/** A download into a file goes on where it stopped; what is read from a disk begins again. */
const goesOn = ({ source }: Opened, target: DecryptTarget): boolean =>
  source.kind === 'reader' && 'path' in target && !target.unpack

/** A pause, the end of the program, a store out of reach: what has arrived is good. */
const isPassing = ({ signal }: JobContext, error: unknown): boolean =>
  signal.aborted || (failureOf(error)?.code.startsWith('store/') ?? false)

/** All of it is there: only that it outlives a power cut is not sure. */
async function appeared(
  { files }: Services,
  { location, outcome }: { location: string; outcome: string },
  error: unknown,
): Promise<JobOutcome> {
  const isDurable = await files.syncFolder(dirname(location)).then(
    () => true,
    () => false,
  )
  if (isDurable) return { outcome }
  const failure = failureOf(error)
  const title = failure === null ? 'The disk reported an error' : failureText(failure).title
  return { outcome, report: [`It is there, but may not outlive a power cut: ${title}`] }
}

const Attempt = z.object({
  location: z.string(),
  outcome: z.string(),
  made: z.object({ device: z.string(), inode: z.string(), bornNs: z.string() }),
})

/** Whether an earlier run of this job was stopped after its result had appeared.
 * @returns how it ended then, else null */
export async function finishedBefore(services: Services, context: JobContext): Promise<JobOutcome | null> {
  const steps = await context.steps()
  const last = steps.findLast(({ step }) => step === 'target' || step === 'complete-attempted')
  const attempt = last?.step === 'complete-attempted' ? Attempt.safeParse(last.facts) : null
  if (!attempt?.success) return null
  const { location, outcome, made } = attempt.data
  if (!isDeepStrictEqual(await diskIdentity(location), made)) return null
  return appeared(services, { location, outcome }, null)
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
  opened: Opened,
  target: DecryptTarget,
): Promise<PlaintextTarget & { location: string; from: number }> {
  const { name, file } = opened
  const sizeBytes = file.plaintextBytes
  if ('stdout' in target) {
    const output =
      context.output ??
      fail({ code: 'job/not-resumable', jobId: context.jobId, state: 'without its terminal' })
    return { ...outputTarget(output), location: 'standard output', from: 0 }
  }
  // Resolved once: what an earlier run made there must not become the folder of another.
  const before = (await locationsOf(context)).at(-1)
  const from =
    before !== undefined && goesOn(opened, target)
      ? await arrivedLeaves(context, before, file.fingerprint)
      : 0
  if (before !== undefined && from > 0)
    return { ...(await fileTarget(files, before, context.jobId, sizeBytes, true)), location: before, from }
  await takeBackTarget({ files }, context)
  if (before !== undefined) await requireFree(before)
  const location = before ?? (await resolveTarget(target.path, name))
  await context.journal('target', { location })
  await discardLeft(files, location, context.jobId)
  const open = target.unpack ? folderTarget : fileTarget
  try {
    return { ...(await open(files, location, context.jobId, sizeBytes)), location, from: 0 }
  } catch (error) {
    return failAt(location, temporaryOf(location, context.jobId), error)
  }
}

const locationsOf = async (context: JobContext): Promise<string[]> =>
  (await context.steps()).flatMap(({ step, facts }) =>
    step === 'target' && typeof facts['location'] === 'string' ? [facts['location']] : [],
  )

/** Takes back what an earlier attempt left, unless a later one can go on with it. */
export async function settleTarget(services: Services, context: JobContext): Promise<void> {
  if ((await context.steps()).some(({ step }) => step === 'arrived')) return
  await takeBackTarget(services, context)
}

/** Takes back what an earlier attempt left. */
export async function takeBackTarget({ files }: Pick<Services, 'files'>, context: JobContext): Promise<void> {
  for (const location of new Set(await locationsOf(context)))
    await discardLeft(files, location, context.jobId)
}
