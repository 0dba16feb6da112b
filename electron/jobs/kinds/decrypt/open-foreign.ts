/** Any age file, in a store or anywhere else, with what the user supplied or with a key that is held here. */
import { openAgeFile, type AgeFile } from '../../../age/age-file.ts'
import { openHeader } from '../../../age/open-header.ts'
import type { RangeReader } from '../../../age/range-reader.ts'
import { readKeyHint } from '../../../age/weightlock-stanza.ts'
import { withIdentity } from '../../../keys/with-identity.ts'
import { asFileFailure } from '../../../storage/file-failures.ts'
import { openRegularFile } from '../../../storage/regular-file.ts'
import { fail } from '../../../../shared/failure.ts'
import { senderOf, type Sender } from './sender.ts'
import { objectReader, payloadSource } from '../../object-reader.ts'
import type { Services } from '../../services.ts'
import { asReadFailure } from '../../store-path-failure.ts'
import { fileSource, type PayloadSource } from '../../workers/payload-run.ts'
import type { AgeFileToDecrypt } from './decrypt-spec.ts'
import type { SuppliedKeys } from './age-file-keys.ts'

type ForeignSource = AgeFileToDecrypt['source']
export type ForeignFile = {
  file: AgeFile
  source: PayloadSource
  sizeBytes: number
  /** Around what reads it: the failures of a store are its own. */
  reading: <T>(run: () => Promise<T>) => Promise<T>
  close: () => Promise<void>
}

/** Reads the start of an age file.
 * @throws WeightlockError `age/…`, `file/…`, `store/…` */
export async function readForeign(services: Services, source: ForeignSource): Promise<ForeignFile> {
  if ('storeId' in source) {
    const store = await services.openStore(source.storeId)
    const { backend, row } = store
    const { objectName } = source
    const info =
      (await backend.head(objectName)) ??
      fail({ code: 'store/object-not-found', store: row.name, objectName })
    const file = await openAgeFile(objectReader(backend, info))
    return {
      file,
      source: payloadSource(backend, info, file),
      sizeBytes: info.sizeBytes,
      reading: (run) => asReadFailure(store, objectName, run),
      close: async () => undefined,
    }
  }
  const { path } = source
  const { handle, sizeBytes } = await openRegularFile(path)
  try {
    const reader: RangeReader = {
      sizeBytes,
      read: async (offset, lengthBytes) => {
        const bytes = Buffer.alloc(Math.max(0, Math.min(lengthBytes, sizeBytes - offset)))
        const { bytesRead } = await asFileFailure(path, () => handle.read(bytes, 0, bytes.length, offset))
        return bytes.subarray(0, bytesRead)
      },
    }
    const file = await openAgeFile(reader)
    const payload: PayloadSource = file.isArmored
      ? { kind: 'reader', read: (offset, lengthBytes) => file.payload.read(offset, lengthBytes) }
      : fileSource(path, file.payload.sizeBytes, { fileOffset: file.payloadOffset })
    return { file, source: payload, sizeBytes, reading: (run) => run(), close: () => handle.close() }
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** @returns the file with its key, which `close` zeroes, and what it is compared with
 * @throws WeightlockError as `readForeign`, `verify/…` where it is not what the catalog stored there, and `age/no-identity-match`, `age/passphrase-…`, `keychain/…` */
export async function openForeign(
  services: Services,
  source: ForeignSource,
  supplied: SuppliedKeys,
): Promise<ForeignFile & Sender & { fileKey: Uint8Array }> {
  const foreign = await readForeign(services, source)
  try {
    const sender = await senderOf(services, source, foreign.file)
    const fileKey = await openWith(services, foreign.file, supplied)
    return {
      ...foreign,
      ...sender,
      fileKey,
      close: async () => {
        fileKey.fill(0)
        await foreign.close()
      },
    }
  } catch (error) {
    await foreign.close()
    throw error
  }
}

async function openWith(services: Services, file: AgeFile, supplied: SuppliedKeys): Promise<Uint8Array> {
  const hint = readKeyHint(file.header.stanzas)
  const known = hint === null ? null : await services.catalog.keyRecord(hint.keyId)
  const useOwn = supplied.identities.length === 0 && known !== null && known.state !== 'destroyed'
  if (useOwn)
    return withIdentity(services.secrets, known.keyId, (identity) => openHeader(file.header, [identity]))
  return openHeader(file.header, supplied.identities)
}
