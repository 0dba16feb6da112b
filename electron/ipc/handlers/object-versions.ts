/** What buckets keep of an artifact's objects beside what is listed. */
import type { ObjectVersions } from '../../../shared/domain/artifact.ts'
import { failureOf } from '../../../shared/failure.ts'
import type { ArtifactId, StoreId } from '../../../shared/ids.ts'
import type { Services } from '../../jobs/services.ts'

/** Of stores that can say; a store that cannot be asked says why.
 * @throws artifact/not-found */
export async function objectVersions(services: Services, artifactId: ArtifactId): Promise<ObjectVersions[]> {
  const { versions } = await services.catalog.artifactDetails(artifactId)
  const objects = versions.flatMap((version) => version.objects)
  const found = await Promise.all(
    objects.map(async ({ storeId, store, objectName }) => {
      const kept = await versionsOf(services, storeId, objectName)
      return kept === null ? [] : [{ storeId, store, objectName, ...kept }]
    }),
  )
  return found.flat()
}

type Kept = Pick<ObjectVersions, 'versions' | 'failure'>

async function versionsOf(services: Services, storeId: StoreId, name: string): Promise<Kept | null> {
  try {
    const { backend } = await services.openStore(storeId)
    if (backend.versions === undefined || !(await backend.capabilities()).objectVersions) return null
    const versions = (await backend.versions(name)).map(
      ({ versionId, sizeBytes, modifiedAt, isLatest, isDeleteMarker }) => ({
        versionId,
        sizeBytes,
        modifiedAt,
        isLatest,
        isDeleteMarker,
      }),
    )
    return { versions, failure: null }
  } catch (error) {
    const failure = failureOf(error)
    if (failure === null) throw error
    return { versions: [], failure }
  }
}
