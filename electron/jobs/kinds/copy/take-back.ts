/** What a copy left goes: unfinished writes, objects that the catalog never knew, copies of a job that was cancelled. */
import { failureOf } from '../../../../shared/failure.ts'
import { abortWrites } from '../../abort-writes.ts'
import type { JobContext } from '../../job-kind.ts'
import { findObject, findVersion, type FoundVersion } from '../../open-version.ts'
import type { OpenStore, Services } from '../../services.ts'
import { deleteFromStore } from '../../objects/delete-from-store.ts'
import { findOwnObject } from '../../objects/settle-object.ts'
import { readCopyJournal, type CopyAttempt } from './copy-journal.ts'
import type { CopySpec } from './copy-spec.ts'
import { neverAppeared } from './never-appeared.ts'
import { isOneObject } from './one-object.ts'

/** Takes back every write of this job that is open.
 * @throws WeightlockError `store/…` */
export async function abortCopies(services: Services, target: OpenStore, context: JobContext): Promise<void> {
  const attempts = (await readCopyJournal(context)).attempts.map(
    ({ objectName, at, uploadsBefore = null, upload }) => ({
      objectName,
      at,
      uploadsBefore,
      own: upload?.writeId ?? null,
    }),
  )
  await abortWrites(services, target, context.jobId, attempts)
}

/** Takes back what was written, as far as nothing else was given up for it: once a source went, the copies stay.
 * @returns whether all of it was taken back
 * @throws WeightlockError `store/…` where that cannot be known */
export async function takeBackCopies(
  services: Services,
  spec: CopySpec,
  context: JobContext,
): Promise<boolean> {
  const target = await services.openStore(spec.storeId)
  const { attempts, verified, removing } = await readCopyJournal(context)
  const isKnown = (objectName: string) => verified.some((each) => each.objectName === objectName)
  const appeared: CopyAttempt[] = []
  for (const attempt of attempts)
    if (attempt.completeAttempted && !isKnown(attempt.objectName) && (await mayHaveAppeared(target, attempt)))
      appeared.push(attempt)
  await abortCopies(services, target, context)
  for (const { objectName, fingerprint } of appeared) {
    const found = await findOwnObject(target, objectName, fingerprint)
    if (found !== null) await target.backend.delete(objectName, { revision: found.info.revision })
  }
  if (removing.length > 0) return false
  for (const each of verified) if (!(await takeBackOne(services, spec, context, target, each))) return false
  return true
}

async function mayHaveAppeared({ backend }: OpenStore, attempt: CopyAttempt): Promise<boolean> {
  const { upload, objectBytes, isOthers } = attempt
  if (isOthers) return false
  return upload === null || !(await neverAppeared(backend, { ...upload, objectBytes }))
}

async function takeBackOne(
  services: Services,
  spec: CopySpec,
  { jobId, by }: JobContext,
  target: OpenStore,
  { version, storeId, objectName }: { version: number; storeId: CopySpec['storeId']; objectName: string },
): Promise<boolean> {
  const { artifactId } = spec
  const known = await services.catalog.versionForOpening(artifactId, version)
  const object = known.objects.find((each) => each.storeId === storeId && each.objectName === objectName)
  if (object === undefined) return true
  const found = await findObject(services, known, object)
  const info = found?.info ?? null
  const other = await findElsewhere(services, spec, version)
  if (other === null || (found !== null && isOneObject(other, found))) return false
  if (info !== null) await deleteFromStore(target, info)
  await services.catalog.objectRemoved({
    jobId,
    artifactId,
    version,
    storeId,
    objectName: info?.name ?? objectName,
    event: 'copy-taken-back',
    facts: {},
    by,
  })
  return true
}

/** A copy is only taken back while another one is there. */
async function findElsewhere(
  services: Services,
  { artifactId, storeId }: CopySpec,
  version: number,
): Promise<FoundVersion | null> {
  try {
    return await findVersion(services, artifactId, version, (object) => object.storeId !== storeId)
  } catch (error) {
    if (failureOf(error) === null) throw error
    return null
  }
}
