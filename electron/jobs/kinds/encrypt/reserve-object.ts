/** The version number and object name that a job will use: free in the catalog, and free in the store. */
import type { Reservation } from '../../../catalog/encrypt-operations.ts'
import { fail, failureOf } from '../../../../shared/failure.ts'
import type { JobContext } from '../../job-kind.ts'
import { JobId } from '../../../../shared/ids.ts'
import { reserveFreeName } from '../../reserve-free-name.ts'
import type { OpenStore, Services } from '../../services.ts'
import type { EncryptSpec } from './encrypt-spec.ts'

/** @throws WeightlockError `artifact/name-invalid`, `artifact/ambiguous`, `artifact/not-owner`, `store/…`; `key/still-protects` where a
 * rotation or a retirement of the artifact stands in the way and does not run */
export async function reserveObject(
  { catalog }: Services,
  store: OpenStore,
  spec: EncryptSpec,
  context: JobContext,
): Promise<Reservation> {
  const { storeId, name, isFolder, separate } = spec
  const request = { jobId: context.jobId, storeId, name, isFolder, separate, opaqueName: spec.opaqueName }
  const reservation = await reserveFreeName(store, async (taken) => {
    const reserved = await unlessKeysChange(context, () => catalog.reserveVersion({ ...request, taken }))
    if (reserved === null) return null
    if (reserved.ownership === 'reader') {
      await catalog.releaseReservation(context.jobId)
      return fail({ code: 'artifact/not-owner', name })
    }
    return reserved.waitsFor !== null && (await context.waitFor(reserved.waitsFor)) ? null : reserved
  })
  const version = reservation.version > 1 ? ` · v${reservation.version}` : ''
  await catalog.setJobState(context.jobId, 'running', {
    artifactId: reservation.artifactId,
    target: `to ${store.row.name}${version}`,
    spec: { ...spec, location: store.backend.location(reservation.objectName) },
  })
  await context.shown()
  return reservation
}

/** @returns null once a job that stood in the way, and ran, has ended */
async function unlessKeysChange(
  context: JobContext,
  reserve: () => Promise<Reservation>,
): Promise<Reservation | null> {
  try {
    return await reserve()
  } catch (error) {
    const failure = failureOf(error)
    if (failure?.code !== 'key/still-protects') throw error
    for (const { jobId } of failure.jobs) if (await context.waitFor(JobId.parse(jobId))) return null
    throw error
  }
}
