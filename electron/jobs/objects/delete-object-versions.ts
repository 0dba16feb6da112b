/** Object versions under a name whose object was deleted: they hold the same ciphertext until they go as well. */
import type { ObjectVersionRef } from '../../../shared/domain/compromise.ts'
import { fail } from '../../../shared/failure.ts'
import { safeText } from '../../../shared/safe-text.ts'
import type { OpenStore } from '../services.ts'

/** @returns how many went, delete markers not counted; null where the store keeps none
 * @throws WeightlockError `store/precondition-failed` where somebody has written that name since,
 * `store/permission-missing`, `store/…` */
export async function deleteObjectVersions(
  { row, backend }: OpenStore,
  objectName: string,
): Promise<number | null> {
  const { versions, deleteVersion } = backend
  const { objectVersions } = await backend.capabilities()
  if (!objectVersions || versions === undefined || deleteVersion === undefined) return null
  const listed = await versions(objectName)
  if (listed.some(({ isLatest, isDeleteMarker }) => isLatest && !isDeleteMarker))
    fail({ code: 'store/precondition-failed', store: row.name, objectName })
  const objects = listed.filter(({ isDeleteMarker }) => !isDeleteMarker)
  const markers = listed.filter(({ isDeleteMarker }) => isDeleteMarker)
  for (const { versionId } of [...objects, ...markers]) await deleteVersion(objectName, versionId)
  const gone = new Set(listed.map(({ versionId }) => versionId))
  const left = (await versions(objectName)).filter(({ versionId }) => gone.has(versionId))
  if (left.length > 0)
    fail({
      code: 'store/refused',
      store: row.name,
      detail: 'object versions that were deleted are still there',
    })
  return objects.length
}

/** One old object version, for good, and looked for afterwards.
 * @throws WeightlockError `incident/version-in-use` for the latest of its name, `store/permission-missing`, `store/…` */
export async function deleteObjectVersion(
  { row, backend }: OpenStore,
  { objectName, versionId }: Pick<ObjectVersionRef, 'objectName' | 'versionId'>,
): Promise<void> {
  const { versions, deleteVersion } = backend
  if (versions === undefined || deleteVersion === undefined)
    return fail({ code: 'store/object-not-found', store: row.name, objectName })
  const find = async () => (await versions(objectName)).find((each) => each.versionId === versionId)
  const found = await find()
  if (found === undefined) return
  if (found.isLatest) fail({ code: 'incident/version-in-use', store: row.name, objectName })
  await deleteVersion(objectName, versionId)
  if ((await find()) !== undefined)
    fail({
      code: 'store/refused',
      store: row.name,
      detail: 'an object version that was deleted is still there',
    })
}

/** Said wherever a bucket keeps what was deleted from it. */
export const objectVersionsStay = (store: string): string =>
  `Object versions stay in ${safeText(store)}: whoever may read them still finds the ciphertext`
