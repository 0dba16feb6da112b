/** Rotation of keys, and keys that rest. */
import { z } from 'zod'
import { KeyRow } from '../domain/key.ts'
import { FailureValue } from '../domain/failure-value.ts'
import { GoneObject, RotationMethod, RotationPlan, RotationReason } from '../domain/rotation.ts'
import { ArtifactId, JobId, KeyId } from '../ids.ts'
import { call } from './call.ts'

/** Null: all that are due or overdue. */
const Keys = z.array(KeyId).min(1).max(10_000).nullable()
const Note = z.string().max(500)

export const rotationContract = {
  /** Exact counts and bytes of both methods; changes nothing. */
  'keys:rotation-plan': call('both', z.object({ keyIds: Keys }), RotationPlan),
  /** One resumable job for each artifact, kind `rewrap` or `re-encrypt`. */
  'keys:rotate': call(
    'both',
    z.object({ keyIds: Keys, method: RotationMethod, reason: RotationReason, note: Note }),
    z.object({
      jobIds: z.array(JobId),
      refused: z.array(z.object({ keyId: KeyId, alias: z.string(), failure: FailureValue })),
    }),
  ),
  /** What a rotation that began and cannot go on has lost: looked for in its stores, now. Changes nothing.
   * @throws rotation/not-gone where one of its objects is there; store/… where that cannot be known */
  'jobs:gone': call(
    'both',
    z.object({ jobId: JobId }),
    z.object({ artifactId: ArtifactId, name: z.string(), objects: z.array(GoneObject).min(1) }),
  ),
  /** Gives these objects up by name, and lets the rotation end: its new key is kept, the old one stays as it is.
   * @throws as `jobs:gone`; confirm/name-mismatch; rotation/object-gone where others than these are gone */
  'jobs:give-up': call(
    'both',
    z.object({
      jobId: JobId,
      confirmName: z.string(),
      objects: z
        .array(GoneObject.omit({ store: true }))
        .min(1)
        .max(10_000),
    }),
    z.object({}),
  ),
  /** It encrypts nothing more until it is resumed; what it wrapped still opens. */
  'keys:suspend': call('both', z.object({ keyId: KeyId, reason: Note }), KeyRow),
  'keys:resume': call('both', z.object({ keyId: KeyId, reason: Note }), KeyRow),
}
