/** Commands that change where ciphertext lies: copy, move, delete. None of them needs or touches a key. */
import type { ArtifactDetails, ArtifactRow } from '../../shared/domain/artifact.ts'
import { fail } from '../../shared/failure.ts'
import { formatBytes } from '../../shared/format.ts'
import type { StoreId } from '../../shared/ids.ts'
import type { JobView } from '../../shared/job.ts'
import { safeText } from '../../shared/safe-text.ts'
import { ask, tell } from './calls.ts'
import type { Command, Context, Input, Outcome } from './command.ts'
import { findArtifact, findStore, findStoreIfNamed } from './find.ts'
import { failureOfJob, waitForJobs } from './wait-for-jobs.ts'

function versionOf(input: Input): number | null {
  const typed = input.text('artifact-version')
  if (typed === undefined) return null
  if (!/^[1-9]\d{0,8}$/.test(typed))
    return fail({ code: 'usage/invalid', detail: '--artifact-version is a number, 1 or higher' })
  return Number(typed)
}

/** The artifact as it is afterwards, each of its objects, and what the job said. */
async function outcomeOf(context: Context, artifact: ArtifactRow, job: JobView): Promise<Outcome> {
  const details = await ask(context, 'artifacts:show', { artifactId: artifact.artifactId })
  const { outcome, report } = job
  const failure = failureOfJob(job)
  return {
    value: { artifact: details.artifact, objects: objectsOf(details), outcome, report },
    lines: [...report, ...(outcome === null ? [] : [outcome])].map(safeText),
    ...(failure ? { failure } : {}),
  }
}

const objectsOf = ({ versions }: ArtifactDetails) =>
  versions
    .toSorted((one, other) => one.version - other.version)
    .flatMap(({ version, objects }) => objects.map((object) => ({ version, ...object })))

async function followOne(context: Context, artifact: ArtifactRow, jobIds: JobView['jobId'][]) {
  const { jobs } = await waitForJobs(context, jobIds)
  const job = jobs[0] ?? fail({ code: 'job/not-found', jobId: jobIds[0] ?? '' })
  return outcomeOf(context, artifact, job)
}

const copying = (move: boolean): Command => ({
  words: move ? 'move' : 'copy',
  operands: 'ARTIFACT',
  operandCount: { min: 1, max: 1 },
  summary: move
    ? 'move ciphertext to another store: the source goes once its copy has verified'
    : 'copy ciphertext to another store, without decrypting it',
  details: [
    'Every byte is compared with what was recorded when it was encrypted, before it leaves. No key is needed.',
    ...(move ? ['Object versions of what is moved out of a bucket that keeps them stay there.'] : []),
  ],
  options: {
    to: { value: 'STORE', help: 'where to, by name or id' },
    from: { value: 'STORE', help: 'where from, if it lies in several stores' },
    'artifact-version': { value: 'N', help: 'only this version; default: every version' },
  },
  needs: ['to'],
  run: async (input, context) => {
    const version = versionOf(input)
    const artifact = await findArtifact(context, input.operands[0] ?? '')
    const { storeId } = await findStore(context, input.text('to') ?? '')
    const fromStoreId = await findStoreIfNamed(context, input.text('from'))
    const items = [{ artifactId: artifact.artifactId, fromStoreId }]
    const { jobIds } = await tell(context, 'artifacts:copy', { items, storeId, version, move })
    return followOne(context, artifact, jobIds)
  },
})

/** The store that is meant where none is named: the only one.
 * @throws artifact/in-several-stores, artifact/ciphertext-deleted */
async function onlyStore(context: Context, artifact: ArtifactRow, version: number | null): Promise<StoreId> {
  const details = await ask(context, 'artifacts:show', { artifactId: artifact.artifactId })
  const meant = objectsOf(details).filter(
    (object) => object.state !== 'deleted' && (version === null || object.version === version),
  )
  const stores = new Map(meant.map(({ storeId, store }) => [storeId, store]))
  const { name } = artifact
  if (stores.size > 1) fail({ code: 'artifact/in-several-stores', name, stores: [...stores.values()] })
  return (
    [...stores.keys()][0] ??
    fail({ code: 'artifact/ciphertext-deleted', name, version: version ?? artifact.version })
  )
}

const deleting: Command = {
  words: 'delete',
  operands: 'ARTIFACT',
  operandCount: { min: 1, max: 1 },
  summary: 'delete ciphertext from a store; its key is not destroyed, and copies in other stores stay',
  details: [
    'Whoever has a copy and the key can still open it: `weightlock keys destroy` makes every copy unreadable.',
    'A bucket that keeps object versions keeps what is deleted from it, unless --object-versions is given.',
  ],
  options: {
    'confirm-name': { value: 'NAME', help: 'the artifact’s name, typed to confirm' },
    store: { value: 'S', help: 'from which store, if it lies in several' },
    'artifact-version': { value: 'N', help: 'only this version; default: every version' },
    'object-versions': { help: 'its object versions in the bucket as well' },
  },
  needs: ['confirm-name'],
  run: async (input, context) => {
    const version = versionOf(input)
    const artifact = await findArtifact(context, input.operands[0] ?? '')
    const { artifactId, name } = artifact
    const confirmName = input.text('confirm-name') ?? ''
    if (confirmName !== name) fail({ code: 'confirm/name-mismatch', expected: name })
    const named = await findStoreIfNamed(context, input.text('store'))
    const storeId = named ?? (await onlyStore(context, artifact, version))
    await sayWhatStays(context, { artifactId, storeId, version })
    const objectVersions = input.isSet('object-versions')
    const items = [{ artifactId, storeId }]
    const request = { items, version, objectVersions, confirmName }
    const { jobIds } = await tell(context, 'artifacts:delete', request)
    return followOne(context, artifact, jobIds)
  },
}

/** Before anything goes. */
async function sayWhatStays(
  context: Context,
  meant: { artifactId: ArtifactRow['artifactId']; storeId: StoreId; version: number | null },
): Promise<void> {
  const { objects, store } = await ask(context, 'artifacts:deletion', meant)
  if (context.json) return
  for (const { objectName, version, sizeBytes } of objects)
    context.note(
      `Deleting from ${safeText(store)}: ${safeText(objectName)} · v${version} · ${formatBytes(sizeBytes, context.locale)}`,
    )
}

export const objectCommands: readonly Command[] = [copying(false), copying(true), deleting]
