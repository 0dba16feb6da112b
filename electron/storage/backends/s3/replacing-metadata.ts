/** Other metadata for an object whose bytes stay: the server copies it onto itself, compared with what was read. */
import { CopyObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3'
import { fail, failureOf } from '../../../../shared/failure.ts'
import type { ObjectInfo, StorageBackend } from '../../backend.ts'
import { partCountOf, partSizeBytes } from '../../part-size.ts'
import type { StoreFindings } from '../../store-probe.ts'
import type { Connection } from './connection.ts'
import { putTogether } from './copied-parts.ts'
import { keptSettings } from './kept-settings.ts'
import { copySource, type Names } from './names.ts'
import { headObject, reading, tagOf } from './object-info.ts'

type Writes = Required<Pick<StorageBackend, 'beginWrite' | 'copyPart' | 'completeWrite' | 'abortWrite'>>
type Options = Parameters<NonNullable<StorageBackend['replaceMetadata']>>[2]

const copiedPartBytes = 256 * 2 ** 20

/** @throws store/precondition-failed, store/object-not-found */
export async function replaceMetadata(
  connection: Connection,
  names: Names,
  writes: Writes,
  findings: StoreFindings | null,
  name: string,
  metadata: Record<string, string>,
  options: Options,
): Promise<ObjectInfo> {
  const { store, settings } = connection
  const { revision, signal } = options
  const before = await headObject(connection, names, name, signal)
  if (before === null) return fail({ code: 'store/object-not-found', store, objectName: name })
  if (hasMetadata(before, metadata)) return before
  if (before.revision !== revision)
    return fail({ code: 'store/precondition-failed', store, objectName: name })
  const { maxSingleBytes } = settings.limits
  const byParts = () => inParts(writes, before, metadata, options, maxSingleBytes)
  if (before.sizeBytes > maxSingleBytes) return byParts()
  // While a server copies, somebody else may write; what is put together of parts is compared as it appears.
  if (findings?.conditionalComplete === true && findings.copyParts)
    try {
      return await byParts()
    } catch (error) {
      // Its tags may not be read: a copy carries them unseen.
      if (failureOf(error)?.code !== 'store/permission-missing') throw error
    }
  try {
    await copyOntoItself(connection, names, before, metadata, signal)
  } catch (error) {
    // The answer to a try that went through may have been lost.
    const now = await headObject(connection, names, name, signal)
    if (now !== null && now.sizeBytes === before.sizeBytes && hasMetadata(now, metadata)) return now
    throw error
  }
  const after = await headObject(connection, names, name, signal)
  if (after === null || after.sizeBytes !== before.sizeBytes || !hasMetadata(after, metadata))
    return fail({ code: 'store/precondition-failed', store, objectName: name })
  return after
}

const hasMetadata = (info: ObjectInfo, wanted: Record<string, string>): boolean => {
  const names = new Set([...Object.keys(info.metadata), ...Object.keys(wanted)])
  return [...names].every((name) => info.metadata[name] === wanted[name])
}

async function copyOntoItself(
  connection: Connection,
  names: Names,
  { name, revision }: ObjectInfo,
  Metadata: Record<string, string>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { bucket: Bucket } = connection.settings
  const Key = names.keyOf(name)
  const head = await connection.run(reading(name, signal), (client, options) =>
    client.send(new HeadObjectCommand({ Bucket, Key }), options),
  )
  const ifMatch = tagOf(revision)
  const call = {
    objectName: name,
    permission: 's3:PutObject',
    repeat: 'if-refused' as const,
    isSlow: true,
    precondition: 'store/precondition-failed' as const,
    signal,
  }
  const { CopyObjectResult } = await connection.run(call, (client, options) =>
    client.send(
      new CopyObjectCommand({
        Bucket,
        Key,
        CopySource: copySource(Bucket, Key),
        MetadataDirective: 'REPLACE',
        Metadata,
        ...(ifMatch === undefined ? {} : { CopySourceIfMatch: ifMatch, IfMatch: ifMatch }),
        // Tags are carried by the server.
        ...keptSettings(head),
      }),
      options,
    ),
  )
  if (CopyObjectResult === undefined)
    fail({ code: 'store/refused', store: connection.store, detail: 'it copied nothing' })
}

/** Compared as it appears; also what is too large for one copy. */
async function inParts(
  writes: Writes,
  source: ObjectInfo,
  metadata: Record<string, string>,
  { jobId, signal, onBegun }: Options,
  largestPartBytes: number,
): Promise<ObjectInfo> {
  const { name, sizeBytes, revision } = source
  const options = { revision, ...(signal === undefined ? {} : { signal }) }
  const partBytes = Math.max(partSizeBytes(sizeBytes), Math.min(copiedPartBytes, largestPartBytes))
  const condition = { kind: 'revision' as const, revision }
  // The checksum that some servers give a copied part is that of the whole: right, where there is but one.
  const copiesParts = sizeBytes > partBytes
  const write = { sizeBytes, partBytes, metadata, condition, jobId, like: name, copiesParts }
  return putTogether(writes, {
    name,
    write,
    source,
    onBegun,
    signal,
    copyParts: async (id) => {
      for (let part = 1; part <= partCountOf(sizeBytes, partBytes); part++) {
        const offset = (part - 1) * partBytes
        const range = { offset, lengthBytes: Math.min(partBytes, sizeBytes - offset) }
        await writes.copyPart(id, part, name, range, options)
      }
    },
  })
}
