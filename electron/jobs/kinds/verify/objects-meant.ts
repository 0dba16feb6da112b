/** Which objects a check is to look at. */
import type { ArtifactId, StoreId } from '../../../../shared/ids.ts'
import type { Services } from '../../services.ts'

export type MeantObject = {
  artifactId: ArtifactId
  name: string
  version: number
  storeId: StoreId
  objectName: string
  sizeBytes: number
  isErased: boolean
}

/** Every object of the artifacts, or of all; in one store or in any. */
export async function objectsMeant(
  { catalog }: Services,
  { artifactIds, storeId }: { artifactIds: readonly ArtifactId[]; storeId: StoreId | null },
): Promise<MeantObject[]> {
  const found: MeantObject[] = []
  for (const artifactId of artifactIds) {
    const { artifact, versions } = await catalog.artifactDetails(artifactId)
    for (const { version, objects, ciphertextBytes, status } of versions)
      for (const object of objects) {
        if (object.state === 'deleted' || (storeId !== null && object.storeId !== storeId)) continue
        found.push({
          artifactId,
          name: artifact.name,
          version,
          storeId: object.storeId,
          objectName: object.objectName,
          sizeBytes: ciphertextBytes,
          isErased: status === 'erased',
        })
      }
  }
  if (artifactIds.length > 0) return found
  for (let after: string | null = null, first = true; first || after !== null; first = false) {
    const page: Awaited<ReturnType<typeof catalog.versionsInStore>> = await catalog.versionsInStore(
      storeId,
      after,
      1000,
    )
    for (const { status, ...object } of page.versions)
      found.push({ ...object, isErased: status === 'erased' })
    after = page.next
  }
  return found
}
