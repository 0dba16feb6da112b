/** A version that nothing is known of is pinned as it is when all of it is first read: who forges it later is noticed
 * (cryptography.md, section 4, "Whose artifact"). */
import { leafDigestAlgorithm } from '../../../age/leaf-digest.ts'
import type { JobContext } from '../../job-kind.ts'
import type { OpenedVersion } from '../../open-version.ts'
import type { Services } from '../../services.ts'
import type { WholePayload } from './run-decrypt.ts'

export async function pinOnFirstUse(
  { catalog }: Services,
  { jobId, by }: JobContext,
  { version, file, keyId }: OpenedVersion,
  whole: WholePayload,
): Promise<void> {
  if (version.leafDigests !== null) return
  const pin = {
    ...whole,
    version: version.version,
    fingerprint: file.fingerprint,
    keyId,
    nonce: Buffer.from(file.payloadNonce).toString('hex'),
    algorithm: leafDigestAlgorithm,
  }
  await catalog.pinnedOnFirstUse({ jobId, artifactId: version.artifactId, pin, by })
}
