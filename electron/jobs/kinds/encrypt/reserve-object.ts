/** The version number and object name that a job will use: free in the catalog, and free in the store. */
import type { Reservation } from '../../../catalog/encrypt-operations.ts'
import { fail } from '../../../../shared/failure.ts'
import type { JobContext } from '../../job-kind.ts'
import { reserveFreeName } from '../../reserve-free-name.ts'
import type { OpenStore, Services } from '../../services.ts'
import type { EncryptSpec } from './encrypt-spec.ts'

/** @throws WeightlockError `artifact/name-invalid`, `artifact/ambiguous`, `artifact/not-owner`, `store/…` */
export async function reserveObject(
  { catalog }: Services,
  store: OpenStore,
  spec: EncryptSpec,
  context: JobContext,
): Promise<Reservation> {
  const { storeId, name, isFolder, separate } = spec
  const request = { jobId: context.jobId, storeId, name, isFolder, separate, opaqueName: spec.opaqueName }
  const reservation = await reserveFreeName(store, async (taken) => {
    const reserved = await catalog.reserveVersion({ ...request, taken })
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
