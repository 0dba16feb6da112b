/** What an encryption tells the catalog once its object is stored. */
import { leafDigestAlgorithm } from '../../../age/leaf-digest.ts'
import type { EncryptedVersion, Reservation } from '../../../catalog/encrypt-operations.ts'
import type { ObjectInfo } from '../../../storage/backend.ts'
import type { KeyId } from '../../../../shared/ids.ts'
import type { JobContext } from '../../job-kind.ts'
import type { Services } from '../../services.ts'
import type { Described } from './encrypt-journal.ts'
import type { EncryptSpec } from './encrypt-spec.ts'
import type { StoredFile } from '../../objects/settle-object.ts'
import type { WrittenObject } from './write-object.ts'

export const stored = 'Stored and verified'

export type Facts = {
  described: Described
  reservation: Reservation
  keyId: KeyId
  written: Pick<
    WrittenObject,
    'nonce' | 'leafDigests' | 'root' | 'fingerprint' | 'objectName' | 'objectBytes'
  >
}

export function encryptedVersion(
  services: Services,
  context: JobContext,
  spec: EncryptSpec,
  { described, reservation, keyId, written }: Facts,
  info: Pick<ObjectInfo, 'revision' | 'checksum'>,
): EncryptedVersion {
  const { artifactId, version } = reservation
  const attested = { revision: info.revision, checksum: info.checksum }
  const { nonce, leafDigests, root, objectName, objectBytes, fingerprint } = written
  return {
    ...described,
    jobId: context.jobId,
    artifactId,
    version,
    payload: { nonce, leafDigests, root, algorithm: leafDigestAlgorithm },
    wrap: { keyId, fingerprint },
    object: { storeId: spec.storeId, name: objectName, sizeBytes: objectBytes, ...attested },
    encryptedAt: services.now(),
    by: context.by,
  }
}

/** One transaction: key active and artifact visible. */
export async function publish(
  services: Services,
  context: JobContext,
  spec: EncryptSpec,
  facts: Facts,
  found: StoredFile,
): Promise<void> {
  const version = encryptedVersion(services, context, spec, facts, found.info)
  const record = await services.catalog.keyRecord(facts.keyId)
  const activateKey = record?.state === 'pre-activation'
  const end = spec.original === 'keep' ? { outcome: stored, report: [] } : null
  await context.checkpoint('verified', () =>
    services.catalog.encryptCompleted({ ...version, activateKey, end }),
  )
}
