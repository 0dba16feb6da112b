/** A file of ours that was renamed within its store: found by size, then by header. Pins follow fingerprints. */
import type { StoredObject, VersionForOpening } from '../catalog/artifact-operations.ts'
import { readAgeFileStart } from '../age/age-file.ts'
import type { ObjectInfo } from '../storage/backend.ts'
import { everyPage } from '../storage/every-page.ts'
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
  ofSize: ObjectsOfSize = listingOf(backend),
): Promise<ObjectInfo | null> {
  const pins = new Set(
    version.wraps.filter(({ isAccepted }) => isAccepted).map(({ fingerprint }) => fingerprint),
  )
  for await (const info of ofSize(object.sizeBytes)) {
    if ((await catalog.objectOwner(row.storeId, info.name)) !== null) continue
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
    // A list says nothing of metadata and checksum.
    return (await backend.head(info.name)) ?? info
  }
  return null
}

/** What a store has of one size. */
export type ObjectsOfSize = (sizeBytes: number) => AsyncIterable<ObjectInfo>

const listingOf = (backend: OpenStore['backend']): ObjectsOfSize =>
  async function* (sizeBytes) {
    for await (const info of everyObject(backend)) if (info.sizeBytes === sizeBytes) yield info
  }

/** Lists the store once, when the first object is missed: for whoever looks for many. */
export function listedOnce(backend: OpenStore['backend']): ObjectsOfSize {
  let listed: Promise<Map<number, ObjectInfo[]>> | null = null
  const list = async () => {
    const bySize = new Map<number, ObjectInfo[]>()
    for await (const info of everyObject(backend)) {
      const same = bySize.get(info.sizeBytes)
      if (same === undefined) bySize.set(info.sizeBytes, [info])
      else same.push(info)
    }
    return bySize
  }
  return async function* (sizeBytes) {
    listed ??= list()
    yield* (await listed).get(sizeBytes) ?? []
  }
}

async function* everyObject(backend: OpenStore['backend']): AsyncGenerator<ObjectInfo, void, undefined> {
  for await (const page of everyPage(backend)) yield* page
}

async function fingerprintOf(backend: OpenStore['backend'], info: ObjectInfo): Promise<string | null> {
  try {
    return (await readAgeFileStart(objectReader(backend, info))).fingerprint
  } catch (error) {
    if (failureOf(error)) return null
    throw error
  }
}
