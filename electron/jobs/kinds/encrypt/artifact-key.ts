/** The key of a new version: the artifact's active one, or a new one that is in the keychain before anything uses it. */
import type { Reservation } from '../../../catalog/encrypt-operations.ts'
import { openDestruction } from '../../../keys/open-destruction.ts'
import type { KeyAlgorithm } from '../../../../shared/domain/key.ts'
import { fail } from '../../../../shared/failure.ts'
import { mayEncrypt } from '../../../../shared/key-state.ts'
import type { JobContext } from '../../job-kind.ts'
import { newKey, recipientOf, type ArtifactKey } from '../../new-key.ts'
import type { Services } from '../../services.ts'

/** Journal the key id → keychain → read back → catalog `pre-activation`.
 * @throws WeightlockError `keychain/…`, `key/missing-from-keychain`, `key/not-active`, `key/being-destroyed`
 * @see cryptography.md, section 5, "Order of writes" */
export async function artifactKey(
  services: Services,
  context: JobContext,
  reservation: Reservation,
  algorithm: KeyAlgorithm,
): Promise<ArtifactKey> {
  const { activeKeyId } = reservation
  if (activeKeyId === null) return newKey(services, context, reservation.artifactId, algorithm)
  const record = await services.catalog.keyRecord(activeKeyId)
  if (record === null || !mayEncrypt(record.state))
    return fail({ code: 'key/not-active', keyId: activeKeyId, state: record?.state ?? 'unknown' })
  if ((await openDestruction(services.catalog, activeKeyId)) !== null)
    return fail({ code: 'key/being-destroyed', keyId: activeKeyId })
  return { keyId: activeKeyId, isNew: false, recipient: await recipientOf(services, activeKeyId) }
}
