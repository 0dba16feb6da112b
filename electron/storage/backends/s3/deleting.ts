/** Deletes objects, and object versions for good. */
import {
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
} from '@aws-sdk/client-s3'
import { fail, failureOf } from '../../../../shared/failure.ts'
import type { ObjectVersion, Revision } from '../../backend.ts'
import { compare } from './appearing.ts'
import type { Connection } from './connection.ts'
import { decodedKey, type Names } from './names.ts'
import { headObject, revisionOf, tagOf } from './object-info.ts'

type Options = { signal?: AbortSignal | undefined; revision?: Revision | undefined }

/** @param isConditional whether the server compares the revision itself as well
 * @throws store/precondition-failed */
export async function deleteObject(
  connection: Connection,
  names: Names,
  name: string,
  options: Options,
  isConditional: () => Promise<boolean>,
): Promise<void> {
  const { revision, signal } = options
  const Key = names.keyOf(name)
  if (revision !== undefined) {
    if ((await headObject(connection, names, name, signal)) === null) return
    await compare(connection, names, name, { kind: 'revision', revision }, signal)
  }
  const ifMatch = tagOf(revision)
  const IfMatch = ifMatch !== undefined && (await isConditional()) ? { IfMatch: ifMatch } : {}
  const call = { objectName: name, permission: 's3:DeleteObject', repeat: 'always' as const, signal }
  const asked = { Bucket: connection.settings.bucket, Key, ...IfMatch }
  try {
    await connection.run(call, (client, sending) => client.send(new DeleteObjectCommand(asked), sending))
  } catch (error) {
    if (failureOf(error)?.code !== 'store/object-not-found') throw error
  }
}

export async function deleteVersion(
  connection: Connection,
  names: Names,
  name: string,
  versionId: string,
  signal?: AbortSignal,
): Promise<void> {
  const call = { objectName: name, permission: 's3:DeleteObjectVersion', repeat: 'always' as const, signal }
  const asked = { Bucket: connection.settings.bucket, Key: names.keyOf(name), VersionId: versionId }
  try {
    await connection.run(call, (client, sending) => client.send(new DeleteObjectCommand(asked), sending))
  } catch (error) {
    if (failureOf(error)?.code !== 'store/object-not-found') throw error
  }
}

/** Of exactly this name, newest first. */
export async function listVersions(
  connection: Connection,
  names: Names,
  name: string,
  signal?: AbortSignal,
): Promise<ObjectVersion[]> {
  const Key = names.keyOf(name)
  const call = { objectName: name, permission: 's3:ListBucketVersions', repeat: 'always' as const, signal }
  const versions: ObjectVersion[] = []
  let after: { KeyMarker?: string; VersionIdMarker?: string } = {}
  for (;;) {
    const asked = { Bucket: connection.settings.bucket, Prefix: Key, EncodingType: 'url' as const, ...after }
    const listed = await connection.run(call, (client, sending) =>
      client.send(new ListObjectVersionsCommand(asked), sending),
    )
    versions.push(...versionsIn(listed, Key))
    const next =
      listed.IsTruncated === true ? decodedKey(listed.NextKeyMarker ?? '', listed.EncodingType) : null
    // Names that only begin with this one follow it.
    if (next === null || next > Key) break
    const { NextVersionIdMarker } = listed
    if (next === after.KeyMarker && NextVersionIdMarker === after.VersionIdMarker)
      fail({ code: 'store/refused', store: connection.store, detail: 'its list does not go on' })
    after = {
      KeyMarker: next,
      ...(NextVersionIdMarker === undefined ? {} : { VersionIdMarker: NextVersionIdMarker }),
    }
  }
  // The SDK gives versions and delete markers apart; the dates may have whole seconds only.
  return versions.toSorted(
    (one, other) => Number(other.isLatest) - Number(one.isLatest) || other.modifiedAt - one.modifiedAt,
  )
}

function versionsIn(listed: ListObjectVersionsCommandOutput, Key: string): ObjectVersion[] {
  const isOurs = (each: { Key?: string | undefined }) =>
    decodedKey(each.Key ?? '', listed.EncodingType) === Key
  const objects = (listed.Versions ?? []).filter(isOurs).map((each) => {
    const sizeBytes = each.Size ?? 0
    const modifiedAt = each.LastModified?.getTime() ?? 0
    return {
      versionId: each.VersionId ?? 'null',
      sizeBytes,
      modifiedAt,
      revision: revisionOf({ ETag: each.ETag, sizeBytes, modifiedAt }),
      isLatest: each.IsLatest === true,
      isDeleteMarker: false,
    }
  })
  const marks = (listed.DeleteMarkers ?? []).filter(isOurs).map((each) => ({
    versionId: each.VersionId ?? 'null',
    sizeBytes: 0,
    modifiedAt: each.LastModified?.getTime() ?? 0,
    revision: null,
    isLatest: each.IsLatest === true,
    isDeleteMarker: true,
  }))
  return [...objects, ...marks]
}
