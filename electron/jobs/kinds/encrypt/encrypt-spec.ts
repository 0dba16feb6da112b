import { z } from 'zod'
import { OriginalFate } from '../../../../shared/contract/encrypt.ts'
import { KeyAlgorithm } from '../../../../shared/domain/key.ts'
import { StoreId } from '../../../../shared/ids.ts'

/** What is to be encrypted, as it is journaled. Paths are absolute. */
export const EncryptSpec = z.object({
  paths: z.array(z.string()).min(1),
  /** With its folder, `fraud/model.pkl`. */
  name: z.string(),
  isFolder: z.boolean(),
  separate: z.boolean(),
  leaveOutHidden: z.boolean(),
  opaqueName: z.boolean(),
  storeId: StoreId,
  algorithm: KeyAlgorithm,
  original: OriginalFate,
  /** Of the plaintext, as it was seen when the job was made. */
  sizeBytes: z.number().int().nonnegative(),
  /** Where the object will be, once its name is reserved. */
  location: z.string().nullable(),
})
export type EncryptSpec = z.infer<typeof EncryptSpec>
