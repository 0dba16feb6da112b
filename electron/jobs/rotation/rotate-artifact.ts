/** The frame of both rotations of one artifact: a new key, every object switched and read back, one transaction. */
import { fail } from '../../../shared/failure.ts'
import { formatCounted } from '../../../shared/format.ts'
import type { RotationMethod } from '../../../shared/domain/rotation.ts'
import { safeText } from '../../../shared/safe-text.ts'
import type { JobContext, JobOutcome } from '../job-kind.ts'
import { newKey, takeBackKey, type ArtifactKey } from '../new-key.ts'
import type { FoundVersion } from '../open-version.ts'
import type { Services } from '../services.ts'
import type { StoredFile } from '../objects/settle-object.ts'
import { abortReplacing } from './replace-object.ts'
import { findCovered, type CoveredVersion } from './found-objects.ts'
import { endWithNothing } from './gone-objects.ts'
import { proveSwitched } from './prove-switched.ts'
import { healHeads } from './replace-head.ts'
import { oldVersionsLine } from './old-versions-line.ts'
import { isAnythingSwitched } from './is-anything-switched.ts'
import { isSamePlace, readRotationJournal } from './rotation-journal.ts'
import { reasonText, type RotationSpec } from './rotation-spec.ts'

/** What a method does to a version. */
export type Rotation = {
  method: RotationMethod
  outcome: string
  /** @throws WeightlockError where it cannot be done to these objects; nothing has changed then */
  check: (covered: CoveredVersion, key: ArtifactKey) => void
  /** Makes the next object what it is to be, unless it is already.
   * @returns the fingerprint that it has then, and what is to be said of it besides */
  switchObject: (
    step: { key: ArtifactKey; covered: CoveredVersion; found: FoundVersion },
    onProgress: (doneBytes: number) => void,
  ) => Promise<{ fingerprint: string; line?: string }>
}

export async function rotateArtifact(
  services: Services,
  spec: RotationSpec,
  context: JobContext,
  rotation: Rotation,
): Promise<JobOutcome> {
  const { catalog } = services
  await refuseWhileEncrypting(services, spec)
  const journal = await readRotationJournal(context)
  await healHeads(services.openStore, journal)
  context.report('reading', 0, spec.sizeBytes)
  // Whatever is refused is refused before there is a new key.
  let covered = await findCovered(services, context, spec)
  if (isAllGone(covered)) return endWithNothing(services, spec, context, covered)
  const key = await newKey(services, context, spec.artifactId, spec.algorithm)
  for (const report: string[] = []; ;) {
    report.length = 0
    for (const each of covered) rotation.check(each, key)
    const versions = await switchAll(services, spec, context, rotation, { key, covered, report })
    context.report('finalising', spec.sizeBytes, spec.sizeBytes)
    report.push(...(await linesOf(services, spec, covered)))
    const { jobId, by } = context
    const { method, outcome } = rotation
    const { artifactId } = spec
    const reason = reasonText(spec)
    const { more } = await context.checkpoint('end', () =>
      catalog.rotationCompleted({
        jobId,
        method,
        artifactId,
        keyId: key.keyId,
        reason,
        versions,
        absent: covered.filter(({ found }) => found.length === 0).map(({ version }) => version),
        outcome,
        report,
        by,
      }),
    )
    if (more.length === 0) return { outcome, report }
    covered = await findCovered(services, context, spec)
    if (isAllGone(covered)) return endWithNothing(services, spec, context, covered)
  }
}

const isAllGone = (covered: CoveredVersion[]): boolean => covered.every(({ found }) => found.length === 0)

/** What is stored under the old key after the last transaction would miss the new one. An encryption that comes later
 * waits for this job: see `reserveVersion`.
 * @throws WeightlockError `key/still-protects` */
async function refuseWhileEncrypting(
  { catalog }: Services,
  { keyId, artifactId }: RotationSpec,
): Promise<void> {
  const { keys } = await catalog.rotationFacts([keyId])
  const jobs = keys.find(({ artifact }) => artifact?.artifactId === artifactId)?.artifact?.encrypting ?? []
  if (jobs.length > 0) fail({ code: 'key/still-protects', keyId, jobs })
}

async function switchAll(
  services: Services,
  { artifactId, sizeBytes }: RotationSpec,
  context: JobContext,
  rotation: Rotation,
  { key, covered, report }: { key: ArtifactKey; covered: CoveredVersion[]; report: string[] },
): Promise<{ version: number; fingerprint: string }[]> {
  const versions: { version: number; fingerprint: string }[] = []
  let doneBytes = 0
  for (const each of covered) {
    let fingerprint: string | null = null
    for (const found of each.found) {
      context.signal.throwIfAborted()
      const { info, store } = found
      const onProgress = (done: number) =>
        context.report('uploading', Math.min(doneBytes + done, sizeBytes), sizeBytes)
      const switched = await rotation.switchObject({ key, covered: each, found }, onProgress)
      fingerprint = switched.fingerprint
      if (switched.line !== undefined) report.push(switched.line)
      const stored = await prove(services, found, key, fingerprint)
      const done = await readRotationJournal(context)
      const place = { version: each.version, storeId: found.object.storeId, objectName: info.name }
      const replaced = done.replacing.findLast((attempt) => isSamePlace(attempt, place))
      if (!done.switched.some((one) => isSamePlace(one, place)))
        await context.checkpoint('switched', () =>
          services.catalog.objectSwitched({
            jobId: context.jobId,
            artifactId,
            ...place,
            fingerprint: switched.fingerprint,
            ...factsOf(stored),
            otherNames: replaced?.otherNames ?? 0,
          }),
        )
      report.push(
        `Version ${each.version}, ${safeText(store.row.name)}, ${safeText(info.name)}: opens with the new key, and not with the old`,
      )
      doneBytes += info.sizeBytes
    }
    for (const { objectName } of each.missing)
      report.push(`Version ${each.version}, ${safeText(objectName)}: not there, and left out`)
    if (fingerprint !== null) versions.push({ version: each.version, fingerprint })
  }
  return versions
}

const factsOf = ({ info }: StoredFile) => ({
  revision: info.revision,
  sizeBytes: info.sizeBytes,
  checksum: info.checksum,
})

/** @throws WeightlockError `store/precondition-failed` where another program wrote there meanwhile */
async function prove(
  services: Services,
  { store, info, version }: FoundVersion,
  { keyId }: ArtifactKey,
  fingerprint: string,
): Promise<StoredFile> {
  const stored = await proveSwitched(services, { store, version, objectName: info.name, fingerprint, keyId })
  return stored ?? fail({ code: 'store/precondition-failed', store: store.row.name, objectName: info.name })
}

async function linesOf(
  services: Services,
  { alias, keyId }: RotationSpec,
  covered: CoveredVersion[],
): Promise<string[]> {
  const all = covered.flatMap(({ found }) => found)
  const kept = await oldVersionsLine(all)
  const versions = formatCounted(covered.length, 'version')
  const isCompromised = (await services.catalog.keyRow(keyId)).state === 'compromised'
  return [
    ...kept,
    `${versions}, ${formatCounted(all.length, 'object')}; ${safeText(alias)} is ${isCompromised ? 'compromised' : 'deactivated'} and stays in the keychain: what still has the old header opens with it`,
  ]
}

/** Before the first object was switched the new key is taken back; after it the rotation can only be finished. */
export async function undoRotation(
  services: Services,
  { artifactId, name }: RotationSpec,
  context: JobContext,
): Promise<JobOutcome | null> {
  const journal = await readRotationJournal(context)
  await abortReplacing(services, context, journal)
  await healHeads(services.openStore, journal)
  if (await isAnythingSwitched(services, { artifactId }, context))
    return { outcome: 'Begun, and not finished', failure: { code: 'rotation/begun', name } }
  await services.catalog.rotationTakenBack({ jobId: context.jobId, artifactId })
  await takeBackKey(services, context)
  return null
}
