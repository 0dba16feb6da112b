/** Where ciphertext lies: copied and moved between stores, deleted from one. Its key stays what it is. */
import { z } from 'zod'
import { KeyState } from '../domain/key.ts'
import { SizeBytes } from '../domain/quantities.ts'
import { ArtifactId, JobId, StoreId } from '../ids.ts'
import { call } from './call.ts'

const Version = z.number().int().positive()
const mostAtOnce = 10_000

export const objectsContract = {
  /** One job for each artifact. All versions where none is named. */
  'artifacts:copy': call(
    'both',
    z.object({
      items: z
        .array(
          z.object({
            artifactId: ArtifactId,
            /** The only store to be read, and, of a move, to be left; null where there is but one, or, of a copy, for any. */
            fromStoreId: StoreId.nullable(),
          }),
        )
        .min(1)
        .max(mostAtOnce),
      storeId: StoreId,
      version: Version.nullable(),
      /** The source goes once its copy has verified. */
      move: z.boolean(),
    }),
    z.object({ jobIds: z.array(JobId) }),
  ),
  /** What deleting from a store would take, and what would stay. */
  'artifacts:deletion': call(
    'both',
    z.object({ artifactId: ArtifactId, storeId: StoreId, version: Version.nullable() }),
    z.object({
      name: z.string(),
      store: z.string(),
      keyState: KeyState,
      objects: z.array(
        z.object({ version: Version, objectName: z.string(), location: z.string(), sizeBytes: SizeBytes }),
      ),
      /** The same versions elsewhere. */
      remaining: z.array(z.object({ version: Version, store: z.string(), location: z.string() })),
      /** Whether the store keeps object versions of what is deleted; null where it could not be asked. */
      keepsObjectVersions: z.boolean().nullable(),
    }),
  ),
  /** Not the destruction of a key. One job for each artifact. */
  'artifacts:delete': call(
    'both',
    z.object({
      items: z
        .array(z.object({ artifactId: ArtifactId, storeId: StoreId }))
        .min(1)
        .max(mostAtOnce),
      version: Version.nullable(),
      /** Object versions and delete markers under the same names go too, where the store keeps them. */
      objectVersions: z.boolean(),
      /** The artifact's name; of several, their number and `artifacts`, as in `3 artifacts`. */
      confirmName: z.string(),
    }),
    z.object({ jobIds: z.array(JobId) }),
  ),
}
