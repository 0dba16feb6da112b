/** Multipart uploads as the store lists them: the parts of one, and all that are open. */
import {
  ListMultipartUploadsCommand,
  ListPartsCommand,
  type ListMultipartUploadsCommandOutput,
} from '@aws-sdk/client-s3'
import { fail, failureOf } from '../../../../shared/failure.ts'
import type { OpenWrite, PartInfo } from '../../backend.ts'
import { crc32Of } from '../../checksum.ts'
import { crc64Of } from '../../crc64.ts'
import type { Connection } from './connection.ts'
import { decodedKey, type Names } from './names.ts'
import { writeIdOf } from './write-id.ts'

export type StoredPart = PartInfo & { tag: string; crc64: string | null }

/** In order.
 * @throws store/upload-not-found */
export async function listStoredParts(
  connection: Connection,
  upload: { name: string; Key: string; UploadId: string },
  signal?: AbortSignal,
): Promise<StoredPart[]> {
  const { name, Key, UploadId } = upload
  const call = {
    objectName: name,
    permission: 's3:ListMultipartUploadParts',
    repeat: 'always' as const,
    signal,
  }
  const parts = new Map<number, StoredPart>()
  for (let marker: string | undefined; ;) {
    const asked = {
      Bucket: connection.settings.bucket,
      Key,
      UploadId,
      ...(marker === undefined ? {} : { PartNumberMarker: marker }),
    }
    const listed = await connection.run(call, (client, options) =>
      client.send(new ListPartsCommand(asked), options),
    )
    for (const { PartNumber = 0, Size = 0, ETag = '', ChecksumCRC32, ChecksumCRC64NVME } of listed.Parts ??
      []) {
      const checksum = crc32Of(ChecksumCRC32) === null ? null : (ChecksumCRC32 ?? null)
      const crc64 = crc64Of(ChecksumCRC64NVME) === null ? null : (ChecksumCRC64NVME ?? null)
      parts.set(PartNumber, { part: PartNumber, sizeBytes: Size, checksum, crc64, tag: ETag })
    }
    if (listed.IsTruncated !== true) break
    const next = listed.NextPartNumberMarker
    if (next === undefined || next === marker) endless(connection.store)
    marker = next
  }
  return [...parts.values()].toSorted((one, other) => one.part - other.part)
}

/** Uploads below the store's prefix, or of exactly one name. Whose they are the store does not say.
 * @throws store/… */
export async function listUploads(
  connection: Connection,
  names: Names,
  only: string | null,
  signal?: AbortSignal,
): Promise<OpenWrite[]> {
  const found = new Map<string, OpenWrite>()
  const root = connection.settings.prefix
  const Prefix = only === null ? root : names.keyOf(only)
  const take = (listed: ListMultipartUploadsCommandOutput) => {
    for (const { Key, UploadId, Initiated } of listed.Uploads ?? []) {
      if (Key === undefined || UploadId === undefined) continue
      const name = names.nameOf(decodedKey(Key, listed.EncodingType))
      if (name === null || (only !== null && name !== only)) continue
      const id = writeIdOf({ name, uploadId: UploadId, layout: null })
      found.set(id, { id, name, jobId: null, begunAt: Initiated?.getTime() ?? null })
    }
  }
  const size = only === null ? undefined : mostUploads
  let after: Markers | null = null
  do {
    const { listed, exactOnly }: UploadsPage = await uploadsPage(connection, Prefix, after, signal, size)
    take(listed)
    // Where only the key could be named, the rest of that key's uploads is asked for by itself.
    if (exactOnly !== null && only === null)
      take((await uploadsPage(connection, exactOnly, null, signal, mostUploads)).listed)
    after = nextMarkers(listed, after, connection.store)
  } while (after !== null)
  return [...found.values()]
}

/** What every server gives on one page: more uploads of one name are not to be had where its next page is not. */
const mostUploads = 1000

type Markers = { KeyMarker: string; UploadIdMarker: string | undefined }
type UploadsPage = { listed: ListMultipartUploadsCommandOutput; exactOnly: string | null }

async function uploadsPage(
  connection: Connection,
  Prefix: string,
  after: Markers | null,
  signal: AbortSignal | undefined,
  MaxUploads?: number,
): Promise<UploadsPage> {
  const call = {
    objectName: '',
    permission: 's3:ListBucketMultipartUploads',
    repeat: 'always' as const,
    signal,
  }
  const ask = (markers: Partial<Markers>) =>
    connection.run(call, (client, options) => {
      const size = MaxUploads === undefined ? {} : { MaxUploads }
      const { bucket: Bucket } = connection.settings
      const asked = { Bucket, Prefix, EncodingType: 'url' as const, ...markers, ...size }
      return client.send(new ListMultipartUploadsCommand(asked), options)
    })
  if (after === null) return { listed: await ask({}), exactOnly: null }
  try {
    return { listed: await ask(after), exactOnly: null }
  } catch (error) {
    // Seen: a server that takes no upload id beside the key.
    if (failureOf(error)?.code !== 'store/refused' && failureOf(error)?.code !== 'store/upload-not-found')
      throw error
    return { listed: await ask({ KeyMarker: after.KeyMarker }), exactOnly: after.KeyMarker }
  }
}

function nextMarkers(
  listed: ListMultipartUploadsCommandOutput,
  before: Markers | null,
  store: string,
): Markers | null {
  if (listed.IsTruncated !== true) return null
  const KeyMarker = decodedKey(listed.NextKeyMarker ?? '', listed.EncodingType)
  const UploadIdMarker = listed.NextUploadIdMarker || undefined
  const isStuck = KeyMarker === before?.KeyMarker && UploadIdMarker === before.UploadIdMarker
  return KeyMarker === '' || isStuck ? endless(store) : { KeyMarker, UploadIdMarker }
}

const endless = (store: string): never =>
  fail({ code: 'store/refused', store, detail: 'its list does not go on' })
