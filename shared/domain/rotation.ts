/** Rotation: a new key becomes active for an artifact, the one before is deactivated. Words: product.md. */
import { z } from 'zod'
import { FailureValue } from './failure-value.ts'
import { ArtifactId, KeyId, StoreId } from '../ids.ts'
import { KeyState } from './key.ts'
import { Millis, SizeBytes } from './quantities.ts'

const Count = z.number().int().nonnegative()

/** `rewrap`: a new header around the same payload. `re-encrypt`: a new file key and payload. */
export const RotationMethod = z.enum(['rewrap', 're-encrypt'])
export type RotationMethod = z.infer<typeof RotationMethod>

export const RotationReason = z.enum(['crypto-period-ended', 'policy', 'staff-change', 'compromise', 'other'])
export type RotationReason = z.infer<typeof RotationReason>

/** What a rotation does in one store. */
export const RotationInStore = z.object({
  storeId: StoreId,
  store: z.string(),
  kind: z.enum(['local-folder', 's3']),
  artifacts: Count,
  objects: Count,
  objectBytes: SizeBytes,
  downloadedBytes: SizeBytes,
  uploadedBytes: SizeBytes,
  /** By the server, from the old object into the new. */
  copiedBytes: SizeBytes,
  /** Of a local folder: rewritten where they stand. */
  headerBytes: SizeBytes,
  /** Object versions that stay and still open with the old key; null where the store has not said whether it keeps them. */
  keptObjectVersions: Count.nullable(),
  keptBytes: SizeBytes.nullable(),
  /** Of 10⁹ bytes for a month, as the store's settings say; null where they do not. */
  price: z.object({ amount: z.number().nonnegative(), currency: z.string() }).nullable(),
})
export type RotationInStore = z.infer<typeof RotationInStore>

export const RotationPlan = z.object({
  /** Each artifact once, by the key that is replaced. */
  artifacts: z.array(
    z.object({
      artifactId: ArtifactId,
      name: z.string(),
      keyId: KeyId,
      alias: z.string(),
      state: KeyState,
      versions: Count,
      objects: Count,
      ciphertextBytes: SizeBytes,
      rotationDueAt: Millis.nullable(),
      /** A key that ever wrapped one of its payloads was called compromised: only re-encryption helps. */
      isTainted: z.boolean(),
    }),
  ),
  /** Keys that were asked for and are not rotated, each with its reason. */
  refused: z.array(z.object({ keyId: KeyId, alias: z.string(), failure: FailureValue })),
  rewrap: z.array(RotationInStore),
  reEncrypt: z.array(RotationInStore),
  /** From the last transfers; null where there were none. */
  rewrapSeconds: z.number().nonnegative().nullable(),
  reEncryptSeconds: z.number().nonnegative().nullable(),
  /** Recovery kits that will not hold the new keys. */
  kits: z.array(z.object({ where: z.string(), madeAt: Millis })),
})
export type RotationPlan = z.infer<typeof RotationPlan>

/** An object of a rotation that began to write, proved absent from its store under any name. */
export const GoneObject = z.object({
  version: z.number().int().positive(),
  storeId: StoreId,
  store: z.string(),
  objectName: z.string(),
})
export type GoneObject = z.infer<typeof GoneObject>
