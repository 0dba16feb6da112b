/** The proof of a destruction: opening fails with everything that is left (cryptography.md, section 5, "Retire"). */
import { openHeader } from '../age/open-header.ts'
import { withIdentity } from '../keys/with-identity.ts'
import { failureOf } from '../../shared/failure.ts'
import type { ArtifactId, KeyId } from '../../shared/ids.ts'
import { findVersion } from './open-version.ts'
import type { Services } from './services.ts'

/** Tries every key that ever wrapped the payload, also those that the catalog calls destroyed, and every other key of
 * the artifact: the keychain is asked for each by its id, whatever the catalog believes.
 * @returns the key that still opens the version, or null
 * @throws WeightlockError `keychain/…`, and as `findVersion`: then nothing is proved */
export async function tryWhatIsLeft(
  services: Services,
  artifactId: ArtifactId,
  number: number,
): Promise<KeyId | null> {
  const { version, file } = await findVersion(services, artifactId, number)
  const others = await services.catalog.artifactKeys(artifactId)
  const keyIds = [...version.wraps, ...others].map(({ keyId }) => keyId)
  for (const keyId of new Set(keyIds)) {
    try {
      const fileKey = await withIdentity(services.secrets, keyId, (identity) =>
        openHeader(file.header, [identity]),
      )
      fileKey.fill(0)
      return keyId
    } catch (error) {
      const code = failureOf(error)?.code
      if (code !== 'age/no-identity-match' && code !== 'key/missing-from-keychain') throw error
    }
  }
  return null
}
