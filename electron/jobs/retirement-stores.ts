/** Where the ciphertext of artifacts lies, with the object versions that buckets keep of it. */
import type { RetirementStore } from '../../shared/domain/retirement.ts'
import { failureOf } from '../../shared/failure.ts'
import type { ArtifactId } from '../../shared/ids.ts'
import { withAtMost } from './at-most.ts'
import type { Services } from './services.ts'

const listedAtOnce = 8

/** Asks each store once whether it keeps versions, and if it does for those of each name. */
export async function retirementStores(
  services: Pick<Services, 'catalog' | 'openStore'>,
  artifactIds: readonly ArtifactId[],
): Promise<RetirementStore[]> {
  const objects: { storeId: RetirementStore['storeId']; store: string; name: string; bytes: number }[] = []
  for (const artifactId of artifactIds)
    for (const { objects: known, ciphertextBytes } of (await services.catalog.artifactDetails(artifactId))
      .versions)
      for (const { storeId, store, objectName, state } of known)
        if (state !== 'deleted') objects.push({ storeId, store, name: objectName, bytes: ciphertextBytes })
  const stores = [...Map.groupBy(objects, ({ storeId }) => storeId).entries()]
  return Promise.all(
    stores.map(async ([storeId, inStore]) => ({
      storeId,
      store: inStore[0]?.store ?? '',
      objects: inStore.length,
      bytes: inStore.reduce((sum, { bytes }) => sum + bytes, 0),
      ...(await objectVersions(
        services,
        storeId,
        inStore.map(({ name }) => name),
      )),
    })),
  )
}

async function objectVersions(
  { openStore }: Pick<Services, 'openStore'>,
  storeId: RetirementStore['storeId'],
  names: readonly string[],
): Promise<Pick<RetirementStore, 'objectVersions' | 'objectVersionBytes'>> {
  try {
    const { backend } = await openStore(storeId)
    if (!(await backend.capabilities()).objectVersions) return { objectVersions: 0, objectVersionBytes: 0 }
    const listed = await withAtMost(
      listedAtOnce,
      names,
      async (name) => (await backend.versions?.(name)) ?? [],
    )
    const old = listed.flat().filter(({ isLatest, isDeleteMarker }) => !isLatest && !isDeleteMarker)
    const objectVersionBytes = old.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
    return { objectVersions: old.length, objectVersionBytes }
  } catch (error) {
    if (failureOf(error) === null) throw error
    return { objectVersions: null, objectVersionBytes: 0 }
  }
}
