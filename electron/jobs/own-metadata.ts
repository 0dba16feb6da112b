/** What a store says of an object beside its bytes: nothing is decided by it, and what contradicts the catalog was put
 * there by somebody else. */
import type { StoredObject, VersionForOpening } from '../catalog/artifact-operations.ts'
import type { ObjectInfo } from '../storage/backend.ts'
import { fail } from '../../shared/failure.ts'
import type { Recognised } from './recognise.ts'

/** Copies made by other tools may have lost it; what is there must be ours.
 * @param store its name
 * @throws WeightlockError `verify/metadata-altered` */
export function requireOwnMetadata(
  version: VersionForOpening,
  { objectName }: Pick<StoredObject, 'objectName'>,
  store: string,
  { metadata }: Pick<ObjectInfo, 'metadata'>,
  { wrap }: Pick<Recognised, 'wrap'>,
): void {
  const { name, artifactId } = version
  const { artifact = artifactId, key } = metadata
  // Under another header the key is another one, rightly.
  const isOwnKey = wrap === null || key === undefined || key === wrap.keyId
  if (artifact !== artifactId || !isOwnKey)
    fail({
      code: 'verify/metadata-altered',
      name,
      store,
      objectName,
      artifactId,
      keyId: wrap?.keyId ?? null,
    })
}
