/** Rotation of keys, and keys that rest. */
import { z } from 'zod'
import { KeyRow } from '../domain/key.ts'
import { FailureValue } from '../domain/failure-value.ts'
import { RotationMethod, RotationPlan, RotationReason } from '../domain/rotation.ts'
import { JobId, KeyId } from '../ids.ts'
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
  /** It encrypts nothing more until it is resumed; what it wrapped still opens. */
  'keys:suspend': call('both', z.object({ keyId: KeyId, reason: Note }), KeyRow),
  'keys:resume': call('both', z.object({ keyId: KeyId, reason: Note }), KeyRow),
}
