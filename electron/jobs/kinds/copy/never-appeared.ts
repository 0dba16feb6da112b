/** Whose object lies at a copy's name. Another tool may have put the same bytes there, and what is not ours is neither
 * listed nor deleted. */
import type { StorageBackend, WriteId } from '../../../storage/backend.ts'
import { heldBytes } from '../../../storage/part-size.ts'
import { failureOf } from '../../../../shared/failure.ts'

/** Whether an upload in parts is open still: then no object was ever made of it. False of what is put at once, which
 * leaves nothing to tell.
 * @throws WeightlockError `store/…` where it cannot be known */
export async function neverAppeared(
  backend: StorageBackend,
  { writeId, objectBytes }: { writeId: WriteId; objectBytes: number },
): Promise<boolean> {
  if (backend.writeTarget !== undefined || objectBytes <= heldBytes) return false
  try {
    await backend.listParts(writeId)
    return true
  } catch (error) {
    if (failureOf(error)?.code === 'store/upload-not-found') return false
    throw error
  }
}
