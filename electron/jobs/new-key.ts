/** A new key for an artifact, in the keychain before anything uses it; and its end where nothing came of it. */
import { generateIdentity, identityText } from '../age/identity.ts'
import type { KeyRecipient } from '../age/recipient.ts'
import { withIdentity } from '../keys/with-identity.ts'
import type { KeyAlgorithm } from '../../shared/domain/key.ts'
import { KeyId, newId, type ArtifactId } from '../../shared/ids.ts'
import type { JobContext } from './job-kind.ts'
import type { Services } from './services.ts'

export type ArtifactKey = {
  keyId: KeyId
  isNew: boolean
  /** Derived from the identity that was read back, never from the catalog. */
  recipient: KeyRecipient
}

/** Derived from the identity that was read back, never from the catalog. */
export const recipientOf = (services: Services, keyId: KeyId): Promise<KeyRecipient> =>
  withIdentity(services.secrets, keyId, async (identity) => identity.recipient())

/** Journal the key id → keychain → read back → catalog `pre-activation`. Asked again by the same job, it gives the same key.
 * @throws WeightlockError `keychain/…`, `key/missing-from-keychain`
 * @see cryptography.md, section 5, "Order of writes" */
export async function newKey(
  services: Services,
  context: JobContext,
  artifactId: ArtifactId,
  algorithm: KeyAlgorithm,
): Promise<ArtifactKey> {
  const { catalog, secrets } = services
  const planned = await plannedKeyId(context)
  const keyId = planned ?? newId(KeyId)
  if (planned === null) await context.journal('key-planned', { keyId })
  if ((await secrets.presence(keyId)) !== 'present') {
    const identity = generateIdentity(algorithm)
    try {
      await secrets.write(keyId, identityText(identity))
    } finally {
      identity.wipe()
    }
  }
  const recipient = await recipientOf(services, keyId)
  if ((await catalog.keyRecord(keyId)) === null) {
    const backend = await secrets.backend()
    await context.checkpoint('key', () =>
      catalog.keyPreActivated({
        jobId: context.jobId,
        keyId,
        artifactId,
        algorithm: recipient.algorithm,
        recipient: recipient.text,
        backend,
        madeOn: services.machineName,
        by: context.by,
      }),
    )
  }
  return { keyId, isNew: true, recipient }
}

/** The key that this job made or was about to make. */
export async function plannedKeyId(context: JobContext): Promise<KeyId | null> {
  const step = (await context.steps()).find((each) => each.step === 'key-planned')
  return step ? KeyId.parse(step.facts['keyId']) : null
}

/** Destroys the key of a job that stored nothing. Nothing was ever reported as protected by it.
 * @throws WeightlockError `keychain/…`: the key stays then, and so does the job */
export async function takeBackKey(services: Services, context: JobContext): Promise<void> {
  const keyId = await plannedKeyId(context)
  if (keyId === null) return
  const { catalog, secrets } = services
  const { jobId, by } = context
  const reason = 'Its job was cancelled before anything was stored'
  const record = await catalog.keyRecord(keyId)
  if (record !== null && record.state !== 'pre-activation') return
  const wasPresent = (await secrets.presence(keyId)) === 'present'
  if (record !== null) await catalog.keyDestroying({ jobId, keyId, wasPresent, reason, by })
  await secrets.destroy(keyId)
  if (record !== null) await catalog.keyDestroyed({ jobId, keyId, wasPresent, reason, facts: {}, by })
}
