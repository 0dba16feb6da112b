/** What was written is read back: it is what was meant, opens with the new key, and with no other. */
import { fail, failureOf } from '../../../shared/failure.ts'
import type { KeyId } from '../../../shared/ids.ts'
import { openHeader } from '../../age/open-header.ts'
import { withIdentity } from '../../keys/with-identity.ts'
import type { FoundVersion } from '../open-version.ts'
import type { OpenStore, Services } from '../services.ts'
import { findOwnObject, verifyStored, type StoredFile } from '../objects/settle-object.ts'

export type Switched = {
  store: OpenStore
  version: FoundVersion['version']
  objectName: string
  fingerprint: string
  keyId: KeyId
}

/** @returns null where something else lies there
 * @throws WeightlockError `rotation/still-opens`, `age/…`, `keychain/…`, `store/…` */
export async function proveSwitched(services: Services, switched: Switched): Promise<StoredFile | null> {
  const { store, objectName, fingerprint, keyId, version } = switched
  const stored = await findOwnObject(store, objectName, fingerprint)
  if (stored === null) return null
  await verifyStored(services, stored, keyId)
  for (const old of version.keyIds.filter((each) => each !== keyId)) {
    if (!(await opensWith(services, stored, old))) continue
    fail({ code: 'rotation/still-opens', name: version.name, version: version.version })
  }
  return stored
}

/** A key that is not here opens nothing here. */
async function opensWith(services: Services, { file }: StoredFile, keyId: KeyId): Promise<boolean> {
  try {
    const fileKey = await withIdentity(services.secrets, keyId, (identity) =>
      openHeader(file.header, [identity]),
    )
    fileKey.fill(0)
    return true
  } catch (error) {
    const code = failureOf(error)?.code
    if (code === 'age/no-identity-match' || code === 'key/missing-from-keychain') return false
    throw error
  }
}
