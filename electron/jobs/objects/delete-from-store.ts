/** Deletes one object, and looks whether it is gone. */
import { fail, failureOf } from '../../../shared/failure.ts'
import type { ObjectInfo } from '../../storage/backend.ts'
import type { OpenStore } from '../services.ts'

/** On condition of its revision; a lost reply is settled by looking.
 * @throws WeightlockError `store/precondition-failed` where it is another by now, `store/permission-missing`, `store/…` */
export async function deleteFromStore(
  { row, backend }: OpenStore,
  { name, revision }: Pick<ObjectInfo, 'name' | 'revision'>,
): Promise<void> {
  try {
    await backend.delete(name, { revision })
  } catch (error) {
    const isGone = await backend.head(name).then(
      (info) => info === null,
      () => false,
    )
    if (failureOf(error) === null || !isGone) throw error
  }
  if ((await backend.head(name)) !== null)
    fail({ code: 'store/precondition-failed', store: row.name, objectName: name })
}
