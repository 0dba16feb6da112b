/** Completes a write: what was held is put, what was uploaded in parts is put together. */
import { crc32 } from 'node:zlib'
import { CompleteMultipartUploadCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { fail } from '../../../../shared/failure.ts'
import type { ObjectInfo } from '../../backend.ts'
import { combineCrc32, crc32Of, crc32Text } from '../../checksum.ts'
import { combineCrc64, crc64Of, crc64Text } from '../../crc64.ts'
import { partCountOf } from '../../part-size.ts'
import { appear, isGone, preconditionOf, tagOfParts, type Expected } from './appearing.ts'
import type { Connection } from './connection.ts'
import type { Names } from './names.ts'
import { checksumFields } from './part-sending.ts'
import { listStoredParts, type StoredPart } from './uploads.ts'
import type { WriteLayout } from './write-id.ts'

type Target = { name: string; layout: WriteLayout; signal?: AbortSignal | undefined }

/** @throws store/object-exists, store/precondition-failed, store/conflict */
export async function putHeld(
  connection: Connection,
  names: Names,
  { name, layout, signal }: Target,
  bytes: Buffer,
): Promise<ObjectInfo> {
  const attested = await checksumFields(bytes, layout.checksums)
  const call = {
    objectName: name,
    permission: 's3:PutObject',
    repeat: 'if-refused' as const,
    signal,
    ...preconditionOf(layout.condition),
  }
  const md5 = attested.ContentMD5
  const tag = md5 === undefined ? null : Buffer.from(md5, 'base64').toString('hex')
  return appear(connection, names, {
    expected: {
      name,
      sizeBytes: bytes.length,
      crc32: crc32Text(crc32(bytes)),
      crc64: attested.ChecksumCRC64NVME ?? null,
      tag,
    },
    condition: layout.condition,
    conditions: layout.conditions,
    signal,
    send: async (headers) => {
      await connection.run(call, (client, options) => {
        const command = new PutObjectCommand({
          Bucket: connection.settings.bucket,
          Key: names.keyOf(name),
          Body: bytes,
          ContentLength: bytes.length,
          Metadata: layout.metadata,
          ...layout.kept,
          ...attested,
          ...headers,
        })
        return client.send(command, options)
      })
    },
    // Nothing of ours is there: what lies there is another's, and the condition decides.
    mayBeSentAgain: async (found) => found === null || layout.condition.kind !== 'any',
  })
}

/** @throws store/parts-missing, store/upload-not-found, store/object-exists, store/precondition-failed,
 * store/conflict */
export async function completeUpload(
  connection: Connection,
  names: Names,
  { name, layout, signal }: Target,
  UploadId: string,
): Promise<ObjectInfo> {
  const Key = names.keyOf(name)
  const upload = { name, Key, UploadId }
  const parts = await listStoredParts(connection, upload, signal)
  requireAllParts(connection.store, name, layout, parts)
  const { whole: known, checksums } = layout
  const attested = { crc32: crc32OfParts(parts), crc64: crc64OfParts(parts) }
  const ofParts = checksums === 'full-crc64nvme' ? attested.crc64 : attested.crc32
  if (known !== null && ofParts !== null && ofParts !== known)
    fail({ code: 'store/corrupted-on-the-way', store: connection.store, objectName: name })
  const expected: Expected = {
    name,
    sizeBytes: layout.sizeBytes,
    ...attested,
    tag: tagOfParts(parts.map((part) => part.tag)),
  }
  const call = {
    objectName: name,
    permission: 's3:PutObject',
    repeat: 'if-refused' as const,
    isSlow: true,
    signal,
    ...preconditionOf(layout.condition),
  }
  const whole = wholeOf(layout, expected)
  return appear(connection, names, {
    expected,
    condition: layout.condition,
    conditions: layout.conditions,
    signal,
    send: async (headers) => {
      await connection.run(call, (client, options) => {
        const command = new CompleteMultipartUploadCommand({
          Bucket: connection.settings.bucket,
          Key,
          UploadId,
          MultipartUpload: { Parts: parts.map((part) => completedPart(part, layout.checksums)) },
          ...whole,
          ...headers,
        })
        return client.send(command, options)
      })
    },
    mayBeSentAgain: async () => {
      try {
        await listStoredParts(connection, upload, signal)
        return true
      } catch (error) {
        if (isGone(error)) return false
        throw error
      }
    },
  })
}

/** With the checksum that the upload was begun for: a server may list others besides. */
function completedPart({ part, tag, checksum, crc64 }: StoredPart, checksums: WriteLayout['checksums']) {
  const named = { PartNumber: part, ETag: tag }
  if (checksums === 'full-crc64nvme')
    return { ...named, ...(crc64 === null ? {} : { ChecksumCRC64NVME: crc64 }) }
  return checksums === 'none' || checksum === null ? named : { ...named, ChecksumCRC32: checksum }
}

/** What the whole must be, for the server to compare. */
function wholeOf({ checksums, sizeBytes }: WriteLayout, { crc32: ofWhole, crc64 }: Expected) {
  const full = { ChecksumType: 'FULL_OBJECT' as const, MpuObjectSize: sizeBytes }
  if (checksums === 'full-crc32' && ofWhole !== null) return { ChecksumCRC32: ofWhole, ...full }
  return checksums === 'full-crc64nvme' && crc64 !== null ? { ChecksumCRC64NVME: crc64, ...full } : {}
}

/** @throws store/parts-missing where the store has not all that it must have taken */
function requireAllParts(store: string, name: string, layout: WriteLayout, parts: StoredPart[]): void {
  const { sizeBytes, partBytes } = layout
  const count = partCountOf(sizeBytes, partBytes)
  const whole = parts.filter(({ part, sizeBytes: found }) => {
    const expected = Math.min(partBytes, sizeBytes - (part - 1) * partBytes)
    return part <= count && found === expected
  })
  const missing = Math.max(count - whole.length, parts.length - whole.length)
  if (missing > 0) fail({ code: 'store/parts-missing', store, objectName: name, parts: missing })
}

/** @returns null where the store does not attest every part */
function crc32OfParts(parts: StoredPart[]): string | null {
  let checksum = 0
  for (const part of parts) {
    const own = crc32Of(part.checksum)
    if (own === null) return null
    checksum = combineCrc32(checksum, own, part.sizeBytes)
  }
  return crc32Text(checksum)
}

function crc64OfParts(parts: StoredPart[]): string | null {
  let checksum = 0n
  for (const part of parts) {
    const own = crc64Of(part.crc64)
    if (own === null) return null
    checksum = combineCrc64(checksum, own, part.sizeBytes)
  }
  return crc64Text(checksum)
}
