import { z } from 'zod'
import { PathRef } from '../domain/client-input.ts'
import { KeyAlgorithm } from '../domain/key.ts'
import { SizeBytes } from '../domain/quantities.ts'
import { ArtifactId, JobId, StoreId } from '../ids.ts'
import { FailureValue } from '../domain/failure-value.ts'
import { ModelSummary } from '../model-inspection.ts'
import { call } from './call.ts'

/** What becomes of the original once the stored copy is verified. */
export const OriginalFate = z.enum(['keep', 'trash'])
export type OriginalFate = z.infer<typeof OriginalFate>

/** One thing that was dropped, as the encrypt sheet shows it. */
export const EncryptProposal = z.object({
  /** Index into the request's sources; several when shards were grouped. */
  sources: z.array(z.number().int().nonnegative()).min(1),
  name: z.string(),
  isFolder: z.boolean(),
  sizeBytes: SizeBytes,
  files: z.number().int().nonnegative(),
  summary: ModelSummary,
  links: z.object({ count: z.number().int(), outside: z.array(z.string()), leftOut: z.array(z.string()) }),
  hidden: z.array(z.string()),
  /** Set when the name exists in that store: dropping again makes this version unless *separate* is chosen, and then
   * its object gets the other name. */
  existing: z
    .object({
      artifactId: ArtifactId,
      nextVersion: z.number().int().positive(),
      separateObjectName: z.string(),
    })
    .nullable(),
  objectName: z.string(),
  /** By content: an age file offers *Open*, an identity *Import*. */
  offer: z.enum(['encrypt', 'open', 'import']),
  /** Why it cannot be encrypted, or null. */
  refusal: FailureValue.nullable(),
  /** Shards with their index proposed as one artifact: how many of how many. */
  shards: z.object({ present: z.number().int(), of: z.number().int() }).nullable(),
})
export type EncryptProposal = z.infer<typeof EncryptProposal>

export const EncryptItem = z.object({
  sources: z.array(PathRef).min(1).max(10_000),
  /** With its folder, `fraud/model.pkl`. */
  name: z.string().min(1).max(4096),
  separate: z.boolean(),
  leaveOutHidden: z.boolean(),
})
export type EncryptItem = z.infer<typeof EncryptItem>

export const encryptContract = {
  'encrypt:inspect': call(
    'both',
    z.object({
      sources: z.array(PathRef).min(1).max(10_000),
      storeId: StoreId.nullable(),
      folder: z.string().max(4096),
      groupShards: z.boolean(),
    }),
    z.object({ proposals: z.array(EncryptProposal) }),
  ),
  'encrypt:start': call(
    'both',
    z.object({
      items: z.array(EncryptItem).min(1).max(10_000),
      storeId: StoreId.nullable(),
      algorithm: KeyAlgorithm.nullable(),
      original: OriginalFate,
      opaqueNames: z.boolean(),
    }),
    z.object({
      jobIds: z.array(JobId),
      refused: z.array(z.object({ item: z.number().int(), failure: FailureValue })),
    }),
  ),
  /** Starts encrypting the bundled sample model. */
  'encrypt:sample': call('both', z.object({}), z.object({ jobIds: z.array(JobId) })),
}
