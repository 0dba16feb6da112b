/** What lies in the store after a write was attempted: read, never guessed. */
import { openAgeFile, type AgeFile } from '../../age/age-file.ts'
import { openHeader } from '../../age/open-header.ts'
import { openPlaintext } from '../../age/payload-range.ts'
import { withIdentity } from '../../keys/with-identity.ts'
import type { ObjectInfo } from '../../storage/backend.ts'
import { everyPage } from '../../storage/every-page.ts'
import { fail, failureOf } from '../../../shared/failure.ts'
import type { KeyId } from '../../../shared/ids.ts'
import { objectReader } from '../object-reader.ts'
import type { OpenStore, Services } from '../services.ts'

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

/** Our object wherever it lies in the store: under its own name, else renamed, by size and fingerprint.
 * @throws WeightlockError `store/…` where that cannot be known */
export async function findOwnAnywhere(
  { catalog }: Services,
  store: OpenStore,
  attempt: { objectName: string; objectBytes: number; fingerprint: string },
): Promise<StoredFile | null> {
  const { objectName, objectBytes, fingerprint } = attempt
  const found = await findOwnObject(store, objectName, fingerprint)
  if (found !== null) return found
  for await (const page of everyPage(store.backend))
    for (const { name, sizeBytes } of page) {
      if (sizeBytes !== objectBytes || name === objectName) continue
      if ((await catalog.objectOwner(store.row.storeId, name)) !== null) continue
      const renamed = await findOwnObject(store, name, fingerprint)
      if (renamed !== null) return renamed
    }
  return null
}

/** Whether what lies at our name may be ours, damaged: neither an empty file nor an age file with another nonce.
 * @throws WeightlockError `store/…` */
export async function mayBeOurs(store: OpenStore, objectName: string, nonce: string): Promise<boolean> {
  const info = await store.backend.head(objectName)
  if (info === null || info.sizeBytes === 0) return false
  try {
    const file = await openAgeFile(objectReader(store.backend, info))
    return Buffer.from(file.payloadNonce).toString('hex') === nonce
  } catch (error) {
    if (failureOf(error)?.code.startsWith('age/')) return true
    throw error
  }
}

/** So much of a header, and it holds 24 random characters or more that nobody else's has. */
const tellingBytes = 64

/** Takes away what lies at our name, begins as the journal says that our object does, and ends too early to be one.
 * Nobody was told that it is stored. What is too short to be told from another age file stays.
 * @throws WeightlockError `store/…` */
export async function removeTruncated(
  { backend }: OpenStore,
  attempt: { objectName: string; objectBytes: number; header: string; nonce: string },
): Promise<void> {
  const { objectName, objectBytes } = attempt
  const info = await backend.head(objectName)
  if (info === null || info.sizeBytes < tellingBytes || info.sizeBytes >= objectBytes) return
  const ours = Buffer.concat([Buffer.from(attempt.header, 'base64'), Buffer.from(attempt.nonce, 'hex')])
  const lengthBytes = Math.min(info.sizeBytes, ours.length)
  const { revision } = info
  const found = await backend.read(objectName, { offset: 0, lengthBytes }, { revision })
  if (ours.subarray(0, lengthBytes).equals(found)) await backend.delete(objectName, { revision })
}

/** As `verifyStored`; what is ours by its fingerprint, was never listed, and does not open is taken away again.
 * @throws WeightlockError `age/…` once it is gone; `keychain/…`, `key/…`, `store/…` */
export async function verifyOrRemove(
  services: Services,
  store: OpenStore,
  stored: StoredFile,
  keyId: KeyId,
): Promise<void> {
  try {
    await verifyStored(services, stored, keyId)
  } catch (error) {
    const isDamaged = failureOf(error)?.code.startsWith('age/payload-') ?? false
    if (isDamaged) await store.backend.delete(stored.info.name, { revision: stored.info.revision })
    throw error
  }
}
