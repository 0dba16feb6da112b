/** What lies in the store after a write was attempted: read, never guessed. */
import { openAgeFile, type AgeFile } from '../../../age/age-file.ts'
import { openHeader } from '../../../age/open-header.ts'
import { openPlaintext } from '../../../age/payload-range.ts'
import { withIdentity } from '../../../keys/with-identity.ts'
import type { ObjectInfo } from '../../../storage/backend.ts'
import { fail, failureOf } from '../../../../shared/failure.ts'
import type { KeyId } from '../../../../shared/ids.ts'
import { objectReader } from '../../object-reader.ts'
import type { OpenStore, Services } from '../../services.ts'

export type StoredFile = { info: ObjectInfo; file: AgeFile }

/** Our own object, or null where it is proved that it is not there.
 * @throws WeightlockError `store/…` where that cannot be known */
export async function findOwnObject(
  store: OpenStore,
  objectName: string,
  pin: string,
): Promise<StoredFile | null> {
  const info = await store.backend.head(objectName)
  if (info === null) return null
  try {
    const file = await openAgeFile(objectReader(store.backend, info))
    return file.fingerprint === pin ? { info, file } : null
  } catch (error) {
    if (failureOf(error)?.code.startsWith('age/')) return null
    throw error
  }
}

/** Proves that what lies in the store opens with what the keychain gives back: the header, its first and its last
 * chunk.
 * @throws WeightlockError `keychain/…`, `key/…`, `age/…` */
export async function verifyStored(services: Services, stored: StoredFile, keyId: KeyId): Promise<void> {
  const { file } = stored
  const fileKey = await withIdentity(services.secrets, keyId, (identity) =>
    openHeader(file.header, [identity]),
  )
  try {
    const plaintext = await openPlaintext(file, fileKey)
    try {
      const first = await plaintext.read(0, 1)
      if (first.length === 0 && plaintext.sizeBytes > 0) fail({ code: 'age/payload-truncated' })
    } finally {
      plaintext.close()
    }
  } finally {
    fileKey.fill(0)
  }
}
