/** The object that is copied: found, compared with its pin by header, nonce and size, read without a key. */
import { fail } from '../../../../shared/failure.ts'
import { findVersion, type FoundVersion } from '../../open-version.ts'
import type { Services } from '../../services.ts'
import type { CopySpec } from './copy-spec.ts'

/** The first object outside the target that is there and is not refused.
 * @throws WeightlockError `artifact/not-in-store`, `artifact/ciphertext-deleted`, `artifact/unresolved`,
 * `verify/wrapped-elsewhere` where only a key could prove it, `store/…`, `verify/…`, `age/…` */
export async function findSource(services: Services, spec: CopySpec, version: number): Promise<FoundVersion> {
  const { artifactId, fromStoreId, storeId } = spec
  const { objects, name, status } = await services.catalog.versionForOpening(artifactId, version)
  if (status === 'unresolved') return fail({ code: 'artifact/unresolved', name })
  const isMeant = (object: { storeId: string }) =>
    object.storeId !== storeId && (fromStoreId === null || object.storeId === fromStoreId)
  if (objects.length > 0 && !objects.some(isMeant)) {
    const store = await services.catalog.getStore(fromStoreId ?? storeId)
    return fail({ code: 'artifact/not-in-store', name, store: store.name })
  }
  const found = await findVersion(services, artifactId, version, isMeant)
  if (found.recognised.wrap === null) return fail({ code: 'verify/wrapped-elsewhere', name })
  return found
}
