/**
 * A store that is a bucket, or a folder of one, on any server that speaks S3. An object's revision is its ETag.
 * Conditions are the server's where it honours them, which is found out, and read and compared here otherwise.
 */
import type { StorageBackend } from '../backend.ts'
import type { StoreFindings } from '../store-probe.ts'
import { connectTo, type ConnectionOptions } from './s3/connection.ts'
import { copyObject } from './s3/copying.ts'
import { deleteObject, deleteVersion, listVersions } from './s3/deleting.ts'
import { listPage } from './s3/listing.ts'
import { namesBelow } from './s3/names.ts'
import { headObject } from './s3/object-info.ts'
import { probeStore } from './s3/probe.ts'
import { readRange } from './s3/read-range.ts'
import { writesOf } from './s3/writes.ts'

export type S3Options = ConnectionOptions & {
  /** What an earlier probe found; without it the store is probed when that is first needed. */
  findings?: StoreFindings | null
}

export function s3Store(options: S3Options): StorageBackend {
  const connection = connectTo(options)
  const { settings } = connection
  const names = namesBelow(settings.prefix)
  let found: Promise<StoreFindings | null> | null = options.findings
    ? Promise.resolve(options.findings)
    : null
  const probe = async (signal?: AbortSignal) => {
    const probed = await probeStore(connection, signal)
    if (probed.findings !== null) found = Promise.resolve(probed.findings)
    return probed
  }
  /** What could not be found out is asked again the next time. */
  const findings = async (): Promise<StoreFindings | null> => {
    const asking = (found ??= probe().then((probed) => probed.findings))
    const known = await asking.catch(() => null)
    if (known === null && found === asking) found = null
    return known
  }
  const writes = writesOf(connection, names, findings)

  return {
    kind: 's3',
    ...writes,
    capabilities: async () => {
      const known = await findings()
      const { minPartBytes, maxPartBytes, maxParts, maxObjectBytes } = settings.limits
      return {
        conditionalWrites: known !== null && known.conditionalPut && known.conditionalComplete,
        exclusiveCreate: known !== null && known.conditionalPut && known.conditionalComplete,
        objectVersions: known?.objectVersions ?? false,
        copyParts: known?.copyParts ?? false,
        replaceHead: false,
        directWrite: false,
        metadata: true,
        namesJobs: false,
        listsWrites: known?.listsUploads ?? 'none',
        resumesWrites: true,
        checksums: checksumKinds[known?.checksums ?? 'none'],
        minPartBytes,
        maxPartBytes,
        maxParts,
        maxObjectBytes,
      }
    },
    head: (name, given) => headObject(connection, names, name, given?.signal),
    list: (prefix, page, given) => listPage(connection, names, prefix, page, given?.signal),
    read: (name, range, given) => readRange(connection, names, name, range, given),
    copy: async (from, to, given) => copyObject(connection, names, writes, await findings(), from, to, given),
    delete: (name, given) =>
      deleteObject(
        connection,
        names,
        name,
        given ?? {},
        async () => (await findings())?.conditionalDelete === true,
      ),
    versions: (name, given) => listVersions(connection, names, name, given?.signal),
    deleteVersion: (name, versionId, given) =>
      deleteVersion(connection, names, name, versionId, given?.signal),
    location: (name) =>
      name === ''
        ? `s3://${settings.bucket}/${settings.prefix}`.replace(/\/$/, '')
        : `s3://${settings.bucket}/${names.keyOf(name)}`,
    probe: (given) => probe(given?.signal),
    close: async () => connection.close(),
  }
}

const checksumKinds = {
  'full-crc32': 'full',
  'full-crc64nvme': 'full',
  'parts-crc32': 'parts',
  none: 'none',
} as const
