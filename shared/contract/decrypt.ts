import { z } from 'zod'
import { PathRef, TypedSecret } from '../domain/client-input.ts'
import { SizeBytes } from '../domain/quantities.ts'
import { ArtifactId, JobId, KeyId, StoreId } from '../ids.ts'
import { call } from './call.ts'

/** Where plaintext goes: a path, or the terminal's standard output. */
export const Target = z.union([PathRef, z.object({ stdout: z.literal(true) }).strict()])
export type Target = z.infer<typeof Target>

/** An age file: a path, or an object of a store (ours or not). */
export const AgeFileRef = z.union([
  PathRef,
  z.object({ storeId: StoreId, objectName: z.string().min(1).max(4096) }).strict(),
])
export type AgeFileRef = z.infer<typeof AgeFileRef>

export const decryptContract = {
  'decrypt:start': call(
    'both',
    z.object({
      artifactId: ArtifactId,
      version: z.number().int().positive().nullable(),
      target: Target,
      unpack: z.boolean(),
    }),
    z.object({ jobId: JobId }),
  ),
  /** Opens any age file with an identity or passphrase that the user supplies, or with keys held here. */
  'decrypt:age-file': call(
    'both',
    z.object({
      source: AgeFileRef,
      identity: PathRef.nullable(),
      passphrase: TypedSecret.nullable(),
      target: Target,
      unpack: z.boolean(),
    }),
    z.object({ jobId: JobId }),
  ),
  /** What an age file's header says, without opening it. */
  'age-file:show': call(
    'both',
    z.object({ source: AgeFileRef }),
    z.object({
      name: z.string(),
      sizeBytes: SizeBytes,
      headerBytes: SizeBytes,
      plaintextBytes: SizeBytes.nullable(),
      armored: z.boolean(),
      stanzaTypes: z.array(z.string()),
      needsPassphrase: z.boolean(),
      keyId: KeyId.nullable(),
      artifactId: ArtifactId.nullable(),
      keyHere: z.boolean(),
    }),
  ),
}
