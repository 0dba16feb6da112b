/** Copies or moves an artifact's ciphertext to another store, without its key: what is sent is what was pinned. */
import { failureText } from '../../../../shared/failure-text.ts'
import { fail, failureOf, type Failure } from '../../../../shared/failure.ts'
import { formatCounted } from '../../../../shared/format.ts'
import { inTurn } from '../../../keys/in-turn.ts'
import type { JobContext, JobKindDefinition, JobOutcome } from '../../job-kind.ts'
import { isRefusal, recordRefusal } from '../../refusal.ts'
import type { OpenStore, Services } from '../../services.ts'
import { copyVersion } from './copy-version.ts'
import { CopySpec } from './copy-spec.ts'
import { removeSources } from './remove-sources.ts'
import { abortCopies, takeBackCopies } from './take-back.ts'

export const copyKind = (services: Services): JobKindDefinition<CopySpec> => ({
  kind: 'copy',
  spec: CopySpec,
  describe: ({ name, store, version, move, artifactId, sizeBytes }) => ({
    title: name,
    target: `${move ? 'moved to' : 'to'} ${store}${version === null ? '' : ` · v${version}`}`,
    artifactId,
    keyId: null,
    totalBytes: sizeBytes,
  }),
  canPause: true,
  stores: async ({ storeId, fromStoreId }) => (fromStoreId === null ? [storeId] : [storeId, fromStoreId]),
  canReveal: () => null,
  safe: ({ move }) =>
    move
      ? 'Nothing goes from where it lies before its copy is there and verified. No key was touched.'
      : 'The source is unchanged, and no key was touched. What was uploaded to a bucket waits for the retry, and is taken back by a cancel.',
  run: (spec, context) =>
    inTurn(spec.artifactId, () => copyArtifact(services, spec, context), context.signal),
  undo: (spec, context) =>
    inTurn(spec.artifactId, async () => {
      const isTakenBack = await takeBackCopies(services, spec, context)
      await services.catalog.releaseReservation(context.jobId)
      return isTakenBack ? null : { outcome: 'Stopped; the copies that were made stay' }
    }),
  // An upload in parts is kept: it goes on where it stopped.
  settle: async (spec, context) => {
    const target = await services.openStore(spec.storeId)
    if (target.backend.writeTarget !== undefined) await abortCopies(services, target, context)
  },
})

async function copyArtifact(services: Services, spec: CopySpec, context: JobContext): Promise<JobOutcome> {
  const target = await services.openStore(spec.storeId)
  const versions = await versionsMeant(services, spec)
  const totalBytes = versions.reduce((total, { sizeBytes }) => total + sizeBytes, 0)
  const report: string[] = []
  const problems: Failure[] = []
  let doneBytes = 0
  let isNew = false
  for (const { version, sizeBytes } of versions) {
    context.signal.throwIfAborted()
    const onProgress = (done: number) =>
      context.report('copying', Math.min(doneBytes + done, totalBytes), totalBytes)
    onProgress(0)
    try {
      const copied = await copyVersion(services, context, spec, target, version, onProgress)
      report.push(copied.line)
      isNew ||= copied.isNew
    } catch (error) {
      const failure = failureOf(error)
      if (failure === null || !isOfTheVersion(failure)) throw error
      await leaveOut(services, spec, context, target, version, failure)
      report.push(`Version ${version}: ${failureText(failure).title}`)
      problems.push(failure)
    }
    doneBytes += sizeBytes
  }
  const [first] = problems
  if (first !== undefined) {
    const copied = versions.length - problems.length
    const outcome = `${copied} of ${formatCounted(versions.length, 'version')} copied`
    return { outcome, report, failure: first }
  }
  if (!spec.move) return { outcome: isNew ? 'Copied and verified' : `Already in ${target.row.name}`, report }
  context.report('finalising', totalBytes, totalBytes)
  const numbers = versions.map(({ version }) => version)
  const more = await removeSources(services, context, spec, target, numbers)
  return { outcome: 'Moved and verified', report: [...report, ...more] }
}

async function versionsMeant({ catalog }: Services, { artifactId, version, name }: CopySpec) {
  const { artifact, versions } = await catalog.artifactDetails(artifactId)
  const named = versions.filter((each) => version === null || each.version === version)
  const meant = named.filter(({ status }) => status !== 'deleted' && status !== 'unresolved')
  if (meant.length === 0)
    fail(
      named.some(({ status }) => status === 'unresolved')
        ? { code: 'artifact/unresolved', name }
        : { code: 'artifact/ciphertext-deleted', name, version: version ?? artifact.version },
    )
  return meant
    .map((each) => ({ version: each.version, sizeBytes: each.ciphertextBytes }))
    .toSorted((one, other) => one.version - other.version)
}

/** Another version may be copied all the same. */
const isOfTheVersion = (failure: Failure): boolean =>
  isRefusal(failure) ||
  failure.code === 'store/object-not-found' ||
  failure.code === 'artifact/not-in-store' ||
  failure.code === 'artifact/unresolved'

/** Nothing of what was refused stays in the target. */
async function leaveOut(
  services: Services,
  { artifactId }: CopySpec,
  context: JobContext,
  target: OpenStore,
  version: number,
  failure: Failure,
): Promise<void> {
  await abortCopies(services, target, context)
  await services.catalog.releaseReservation(context.jobId)
  if (isRefusal(failure)) await recordRefusal(services, context, { artifactId, version }, failure)
}
