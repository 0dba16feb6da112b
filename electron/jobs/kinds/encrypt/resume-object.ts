/** Goes on with an upload that a pause, a failure or a crash left open, under its own file key. */
import { failureOf } from '../../../../shared/failure.ts'
import type { KeyId } from '../../../../shared/ids.ts'
import { parseHeader } from '../../../age/header.ts'
import { openHeader } from '../../../age/open-header.ts'
import type { Reservation } from '../../../catalog/encrypt-operations.ts'
import { openDestruction } from '../../../keys/open-destruction.ts'
import { withIdentity } from '../../../keys/with-identity.ts'
import type { PartInfo, StorageBackend, WriteId } from '../../../storage/backend.ts'
import type { JobContext } from '../../job-kind.ts'
import type { Services } from '../../services.ts'
import { sourceDigest } from '../../source/source-digest.ts'
import { readEncryptJournal } from './encrypt-journal.ts'
import { sendParts } from './send-parts.ts'
import { finishPayload, type Write, type WrittenObject } from './write-object.ts'

export type Resumed = { written: WrittenObject; reservation: Reservation; keyId: KeyId }

/** @returns null where there is nothing to go on with, or where going on could send other bytes under the same file
 * key: what lies about is then to be aborted, and the job starts over under a new one
 * @throws WeightlockError `file/…`, `store/…`, `keychain/…`, `key/…`; the signal's reason */
export async function resumeObject(
  services: Services,
  context: JobContext,
  write: Pick<Write, 'store' | 'source' | 'name' | 'describing'>,
): Promise<Resumed | null> {
  const { header, upload } = await readEncryptJournal(context)
  const { store, source } = write
  if (header === null || upload === null || upload.machine !== services.machineId) return null
  if (upload.source !== sourceDigest(source.segments)) return null
  const { keyId, objectName, objectBytes, nonce } = header
  const reservation = await services.catalog.reservationOf(context.jobId)
  if (reservation === null || !(await mayGoOn(services, keyId))) return null
  const stored = await storedParts(store.backend, upload.writeId)
  if (stored === null || [...stored.keys()].some((part) => !upload.journaled.has(part))) return null

  const headerBytes = Buffer.from(header.header, 'base64')
  const payloadNonce = Buffer.from(nonce, 'hex')
  const fileKey = await withIdentity(services.secrets, keyId, (identity) =>
    openHeader(parseHeader(headerBytes), [identity]),
  )
  try {
    const leafDigests = await sendParts(services, context, {
      ...write,
      writeId: upload.writeId,
      partBytes: upload.partBytes,
      start: Buffer.concat([headerBytes, payloadNonce]),
      fileKey,
      payloadNonce,
      before: { ...upload, stored },
    })
    if (leafDigests === null) {
      fileKey.fill(0)
      return null
    }
    const begun = { writeId: upload.writeId, objectName, objectBytes, nonce, fileKey, payloadNonce }
    const written = await finishPayload(context, write, headerBytes, { ...begun, leafDigests })
    return { written, reservation, keyId }
  } catch (error) {
    fileKey.fill(0)
    throw error
  }
}

/** A key that was destroyed, suspended or compromised meanwhile encrypts nothing more. */
async function mayGoOn({ catalog }: Services, keyId: KeyId): Promise<boolean> {
  const record = await catalog.keyRecord(keyId)
  const isUsable = record?.state === 'active' || record?.state === 'pre-activation'
  return isUsable && (await openDestruction(catalog, keyId)) === null
}

/** @returns null where the store does not know the upload */
async function storedParts(
  backend: StorageBackend,
  writeId: WriteId,
): Promise<ReadonlyMap<number, PartInfo> | null> {
  try {
    return new Map((await backend.listParts(writeId)).map((info) => [info.part, info]))
  } catch (error) {
    if (failureOf(error)?.code === 'store/upload-not-found') return null
    throw error
  }
}
