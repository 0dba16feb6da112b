import { z } from 'zod'
import { ArtifactId, StoreId } from '../../../../shared/ids.ts'

export const DecryptTarget = z.union([
  z.object({ path: z.string(), unpack: z.boolean() }),
  z.object({ stdout: z.literal(true) }),
])
export type DecryptTarget = z.infer<typeof DecryptTarget>

export const ArtifactToDecrypt = z.object({
  what: z.literal('artifact'),
  artifactId: ArtifactId,
  version: z.number().int().positive().nullable(),
  name: z.string(),
  target: DecryptTarget,
  sizeBytes: z.number(),
})
export type ArtifactToDecrypt = z.infer<typeof ArtifactToDecrypt>

/** Any age file. What opens it was typed or chosen and is not journaled: such a job does not outlive the program. */
export const AgeFileToDecrypt = z.object({
  what: z.literal('age-file'),
  source: z.union([z.object({ path: z.string() }), z.object({ storeId: StoreId, objectName: z.string() })]),
  name: z.string(),
  target: DecryptTarget,
  sizeBytes: z.number(),
})
export type AgeFileToDecrypt = z.infer<typeof AgeFileToDecrypt>

export const DecryptSpec = z.discriminatedUnion('what', [ArtifactToDecrypt, AgeFileToDecrypt])
export type DecryptSpec = z.infer<typeof DecryptSpec>
