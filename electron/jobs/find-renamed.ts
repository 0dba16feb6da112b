/** A file of ours that was renamed within its store: found by size, then by header. Pins follow fingerprints. */
import type { StoredObject, VersionForOpening } from '../catalog/artifact-operations.ts'
import { readAgeFileStart } from '../age/age-file.ts'
import type { ObjectInfo } from '../storage/backend.ts'
import { failureOf } from '../../shared/failure.ts'
import { objectReader } from './object-reader.ts'
import type { OpenStore, Services } from './services.ts'
import { byItself } from '../catalog/catalog.ts'

/** @returns the object under its new name, which the catalog knows from now on, or null
 * @throws WeightlockError `store/…` */
export async function findRenamed(
  { catalog }: Services,
  { row, backend }: OpenStore,
  version: VersionForOpening,
  object: StoredObject,
): Promise<ObjectInfo | null> {
  const pins = new Set(
    version.wraps.filter(({ isAccepted }) => isAccepted).map(({ fingerprint }) => fingerprint),
  )
  for (let page: string | null = null, first = true; first || page !== null; first = false) {
    const listed: Awaited<ReturnType<typeof backend.list>> = await backend.list('', page)
    for (const info of listed.objects) {
      if (info.sizeBytes !== object.sizeBytes || (await catalog.objectOwner(row.storeId, info.name)) !== null)
        continue
      if (!pins.has((await fingerprintOf(backend, info)) ?? '')) continue
      await catalog.updateObjectLocation({
        artifactId: version.artifactId,
        version: version.version,
        storeId: row.storeId,
        from: object.objectName,
        to: info.name,
        revision: info.revision,
        by: byItself,
      })
      return info
    }
    page = listed.next
  }
  return null
}

async function fingerprintOf(backend: OpenStore['backend'], info: ObjectInfo): Promise<string | null> {
  try {
    return (await readAgeFileStart(objectReader(backend, info))).fingerprint
  } catch (error) {
    if (failureOf(error)) return null
    throw error
  }
}
