/** Recovery kits: identities under a passphrase, in one age file, to survive the loss of the machine. Words: product.md. */
import { z } from 'zod'
import { FailureValue } from './failure-value.ts'
import { ArtifactId, KeyId, KitId } from '../ids.ts'
import { Digest, Millis, SizeBytes } from './quantities.ts'

const Count = z.number().int().nonnegative()

export const KitRow = z.object({
  kitId: KitId,
  /** Where it was written, or last read: it may have been carried elsewhere since. */
  where: z.string(),
  sizeBytes: SizeBytes,
  /** SHA-256 of the file: tells one kit from another wherever it lies. */
  digest: Digest,
  madeAt: Millis,
  /** False where it was made by another installation, and restored or tried here. */
  madeHere: z.boolean(),
  /** All that it holds, also of keys that are not known here. */
  identities: Count,
  /** Keys of this installation that are in it and not destroyed. */
  holds: Count,
  /** Keys of this installation that are not destroyed and not in it. */
  lacks: Count,
  /** Keys in it that were destroyed here: it still opens what they protected. */
  holdsDestroyed: Count,
  /** It holds post-quantum keys: its identities are read by age 1.3 or later alone. */
  needsNewAge: z.boolean(),
  /** When a drill last passed; null: never, and it does not count as a kit. */
  drilledAt: Millis.nullable(),
  /** The last drill, where it did not pass. */
  failedDrill: z.object({ at: Millis, failure: FailureValue }).nullable(),
})
export type KitRow = z.infer<typeof KitRow>

/** What is backed up, over all kits that counted: their drill passed. */
export const KitCoverage = z.object({ keys: Count, inKits: Count })
export type KitCoverage = z.infer<typeof KitCoverage>

/** A drill that passed: the kit was opened, and opened a chunk of something real. */
export const KitDrill = z.object({
  kit: KitRow,
  opened: z.object({
    artifactId: ArtifactId,
    name: z.string(),
    version: z.number().int().positive(),
    store: z.string(),
    keyId: KeyId,
    /** Plaintext that verified. */
    bytes: SizeBytes,
  }),
})
export type KitDrill = z.infer<typeof KitDrill>
