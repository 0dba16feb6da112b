/** Retirement: the guided end of an artifact's life, which ends in destroying its keys. Words: product.md. */
import { z } from 'zod'
import { ArtifactId, KeyId, StoreId } from '../ids.ts'
import { ArtifactStatus, Ownership } from './artifact.ts'
import { KeyCopy, KeyRow } from './key.ts'
import { Millis, SizeBytes } from './quantities.ts'

const Count = z.number().int().nonnegative()

/** Days between the yes and the destruction. */
export const waitingDays = { min: 7, max: 30 } as const

/** Why a scheduled destruction that fell due does not happen by itself. `closed`: nobody was watching when it fell due;
 * `clock`: the clock jumped while it was waiting; `moved`: the data folder came from another machine; `changed`: more
 * would be lost than was confirmed; `begun`: it was started, and did not begin to destroy. */
export const RetirementWait = z.enum(['closed', 'clock', 'moved', 'changed', 'begun'])
export type RetirementWait = z.infer<typeof RetirementWait>

export const ScheduledRetirement = z.object({
  artifactId: ArtifactId,
  name: z.string(),
  scheduledAt: Millis,
  destroyAt: Millis,
  who: z.string(),
  keys: Count,
  deleteCiphertext: z.boolean(),
  isDue: z.boolean(),
  /** Needs a yes once it is due; null where it will happen by itself. */
  waits: RetirementWait.nullable(),
})
export type ScheduledRetirement = z.infer<typeof ScheduledRetirement>

/** A version of another artifact that a key of these opens as well. */
export const SharedVersion = z.object({
  keyId: KeyId,
  artifactId: ArtifactId,
  name: z.string(),
  version: z.number().int().positive(),
  /** Another key, which stays, opens it too. */
  staysOpen: z.boolean(),
})
export type SharedVersion = z.infer<typeof SharedVersion>

export const RetirementStore = z.object({
  storeId: StoreId,
  store: z.string(),
  objects: Count,
  bytes: SizeBytes,
  /** Of those names, the current ones left out; 0 where the store keeps none, null where it could not be asked. */
  objectVersions: Count.nullable(),
  objectVersionBytes: SizeBytes,
})
export type RetirementStore = z.infer<typeof RetirementStore>

/** What a retirement would do, before anything happens. */
export const RetirementImpact = z.object({
  /** The name to be typed; of several, `3 artifacts`. */
  confirmName: z.string(),
  artifacts: z.array(
    z.object({
      artifactId: ArtifactId,
      name: z.string(),
      ownership: Ownership,
      versions: z.array(
        z.object({
          version: z.number().int().positive(),
          ciphertextBytes: SizeBytes,
          encryptedAt: Millis,
          status: ArtifactStatus,
          stores: z.array(z.string()),
        }),
      ),
      scheduled: ScheduledRetirement.nullable(),
    }),
  ),
  /** Every key that ever wrapped a payload of them, and every other key that they have; destroyed ones last. */
  keys: z.array(z.object({ key: KeyRow, copies: z.array(KeyCopy) })),
  shared: z.array(SharedVersion),
  stores: z.array(RetirementStore),
})
export type RetirementImpact = z.infer<typeof RetirementImpact>
