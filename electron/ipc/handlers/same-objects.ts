import { fail } from '../../../shared/failure.ts'
import type { StoreId } from '../../../shared/ids.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import type { StorageBackend } from '../../storage/backend.ts'

const objectsLookedFor = 3
const patienceMs = 5000

/** Other settings must lead to the same objects: a store whose artifacts are all elsewhere would call them missing.
 * What cannot be asked now is not held against them.
 * @throws store/settings-invalid where none of some objects is there */
export async function requireSameObjects(
  catalog: Catalog,
  storeId: StoreId,
  backend: StorageBackend,
): Promise<void> {
  const { versions } = await catalog.versionsInStore(storeId, null, objectsLookedFor)
  if (versions.length === 0) return
  const signal = AbortSignal.timeout(patienceMs)
  const looks = versions.map(({ objectName }) =>
    backend.head(objectName, { signal }).then(
      (found) => (found === null ? 'absent' : 'there'),
      () => 'unknown',
    ),
  )
  const found = await Promise.all(looks)
  if (found.every((each) => each === 'absent'))
    fail({
      code: 'store/settings-invalid',
      field: 'endpoint',
      reason: 'what this store holds is not there; add the other place as another store',
    })
}
