import { z } from 'zod'
import { ArtifactId, StoreId } from '../../../../shared/ids.ts'

/** What is to be copied where, as it is journaled. */
export const CopySpec = z.object({
  artifactId: ArtifactId,
  name: z.string(),
  /** Null: every version. */
  version: z.number().int().positive().nullable(),
  storeId: StoreId,
  /** The target's, for people. */
  store: z.string(),
  /** Of a move, the store that it leaves; of a copy, the only one to be read, or null for any. */
  fromStoreId: StoreId.nullable(),
  /** The source goes once the target has verified. */
  move: z.boolean(),
  /** Ciphertext of all versions meant. */
  sizeBytes: z.number().int().nonnegative(),
})
export type CopySpec = z.infer<typeof CopySpec>
