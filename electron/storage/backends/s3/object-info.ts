/** Looking at one object of a bucket: what is there, or the proof that nothing is. */
import { GetObjectCommand, HeadObjectCommand, type HeadObjectCommandOutput } from '@aws-sdk/client-s3'
import { failureOf } from '../../../../shared/failure.ts'
import type { ObjectInfo, Revision } from '../../backend.ts'
import { checksumIn } from './checksums.ts'
import type { Call, Connection } from './connection.ts'
import type { Names } from './names.ts'

/** The ETag without its quotes, which not every server writes. Where there is none, size and date must do. */
export function revisionOf(info: {
  ETag?: string | undefined
  sizeBytes: number
  modifiedAt: number
}): Revision {
  const tag = bareTag(info.ETag)
  return tag === '' ? `~${info.sizeBytes}-${info.modifiedAt}` : tag
}

export const bareTag = (tag: string | undefined): string =>
  (tag ?? '').replace(/^W\//, '').replaceAll('"', '')

/** The revision as `If-Match` wants it; undefined where it is none that the server knows. */
export const tagOf = (revision: Revision | undefined): string | undefined =>
  revision === undefined || revision.startsWith('~') ? undefined : `"${revision}"`

export const reading = (objectName: string, signal: AbortSignal | undefined): Call => ({
  objectName,
  permission: 's3:GetObject',
  repeat: 'always',
  signal,
})

/** @returns null only where the server answers that the bucket is there and the key is not
 * @throws store/… */
export async function headObject(
  connection: Connection,
  names: Names,
  name: string,
  signal?: AbortSignal,
): Promise<ObjectInfo | null> {
  const Key = names.keyOf(name)
  const head = (ChecksumMode?: 'ENABLED') =>
    connection.run(reading(name, signal), async (client, options) => {
      const asked = { Bucket: connection.settings.bucket, Key, ...(ChecksumMode ? { ChecksumMode } : {}) }
      return infoOf(name, await client.send(new HeadObjectCommand(asked), options))
    })
  try {
    return await head('ENABLED')
  } catch (error) {
    if (!isInconclusive(error)) throw error
    // The answer to HEAD has no body, so that neither a missing bucket nor what is denied shows.
    if (!(await isThere(connection, Key, reading(name, signal)))) return null
  }
  try {
    return await head('ENABLED')
  } catch (error) {
    if (!isInconclusive(error)) throw error
    // It is there: it is the checksum that may not be asked for.
    return head()
  }
}

function isInconclusive(error: unknown): boolean {
  const code = failureOf(error)?.code
  return (
    code === 'store/object-not-found' ||
    code === 'store/permission-missing' ||
    code === 'store/refused' ||
    code === 'store/wrong-region'
  )
}

/** @throws store/… with what the server says in full */
async function isThere(connection: Connection, Key: string, call: Call): Promise<boolean> {
  try {
    await connection.run(call, async (client, options) => {
      const asked = { Bucket: connection.settings.bucket, Key, Range: 'bytes=0-0' }
      const { Body } = await client.send(new GetObjectCommand(asked), options)
      await Body?.transformToByteArray()
    })
    return true
  } catch (error) {
    const code = failureOf(error)?.code
    if (code === 'store/object-not-found' && isNamed(error)) return false
    // An empty object has no first byte; one in an archive is there all the same.
    if (code === 'store/precondition-failed' || code === 'store/object-archived') return true
    throw error
  }
}

/** Proof is what S3 itself says: a proxy's 404 is none. */
const isNamed = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof Error && error.cause.name === 'NoSuchKey'

function infoOf(name: string, head: HeadObjectCommandOutput): ObjectInfo {
  const sizeBytes = head.ContentLength ?? 0
  const modifiedAt = head.LastModified?.getTime() ?? 0
  return {
    name,
    sizeBytes,
    modifiedAt,
    revision: revisionOf({ ETag: head.ETag, sizeBytes, modifiedAt }),
    metadata: head.Metadata ?? {},
    checksum: checksumIn(head),
    ...(head.VersionId === undefined ? {} : { versionId: head.VersionId }),
    ...(head.StorageClass === undefined ? {} : { storageClass: head.StorageClass }),
  }
}
