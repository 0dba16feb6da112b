/** The proof of a destruction: opening fails with everything that is left (cryptography.md, section 5, "Retire"). */
import type { AgeFile } from '../age/age-file.ts'
import { openHeader } from '../age/open-header.ts'
import { withIdentity } from '../keys/with-identity.ts'
import { failureOf } from '../../shared/failure.ts'
import type { ArtifactId, KeyId } from '../../shared/ids.ts'
import { findObject, findVersion } from './open-version.ts'
import type { Services } from './services.ts'

type Header = AgeFile['header']

/** Tries every object of the version that can be read: a copy may lie under an older header than the others. With each,
 * every key that ever wrapped the payload, also those that the catalog calls destroyed, and every other key of
 * the artifact: the keychain is asked for each by its id, whatever the catalog believes.
 * @returns the key that still opens the version, or null
 * @throws WeightlockError `keychain/…`, and as `findVersion`: then nothing is proved */
export async function tryWhatIsLeft(
  services: Services,
  artifactId: ArtifactId,
  number: number,
): Promise<KeyId | null> {
  const first = await findVersion(services, artifactId, number)
  const { version } = first
  const headers = [first.file.header]
  for (const object of version.objects) {
    if (object === first.object) continue
    const found = await unlessFailed(findObject(services, version, object))
    if (found !== null) headers.push(found.file.header)
  }
  const others = await services.catalog.artifactKeys(artifactId)
  const keyIds = new Set([...version.wraps, ...others].map(({ keyId }) => keyId))
  for (const keyId of keyIds)
    for (const header of headers) if (await opens(services, keyId, header)) return keyId
  return null
}

async function opens({ secrets }: Services, keyId: KeyId, header: Header): Promise<boolean> {
  try {
    const fileKey = await withIdentity(secrets, keyId, (identity) => openHeader(header, [identity]))
    fileKey.fill(0)
    return true
  } catch (error) {
    const code = failureOf(error)?.code
    if (code !== 'age/no-identity-match' && code !== 'key/missing-from-keychain') throw error
    return false
  }
}

async function unlessFailed<T>(looking: Promise<T>): Promise<T | null> {
  try {
    return await looking
  } catch (error) {
    if (failureOf(error) === null) throw error
    return null
  }
}
