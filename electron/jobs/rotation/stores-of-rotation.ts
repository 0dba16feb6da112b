import type { StoreId } from '../../../shared/ids.ts'
import type { Services } from '../services.ts'
import type { RotationSpec } from './rotation-spec.ts'

/** Those that hold something of the artifact. */
export async function storesOfRotation(
  { catalog }: Services,
  { artifactId }: RotationSpec,
): Promise<StoreId[]> {
  const { versions } = await catalog.artifactDetails(artifactId)
  return [...new Set(versions.flatMap(({ objects }) => objects.map(({ storeId }) => storeId)))]
}
