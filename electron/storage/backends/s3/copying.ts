/** Copies an object inside its bucket, by the server: at once, or in parts where it is too large for that. */
import { CopyObjectCommand, type StorageClass } from '@aws-sdk/client-s3'
import { fail, failureOf } from '../../../../shared/failure.ts'
import type { Checksum, ObjectInfo, Revision, StorageBackend, WriteId } from '../../backend.ts'
import { partCountOf, partSizeBytes } from '../../part-size.ts'
import type { StoreFindings } from '../../store-probe.ts'
import { appear, compare } from './appearing.ts'
import { putTogether } from './copied-parts.ts'
import type { Connection } from './connection.ts'
import { copySource, type Names } from './names.ts'
import { headObject, tagOf } from './object-info.ts'
import { readRange } from './read-range.ts'

type Writes = Required<
  Pick<StorageBackend, 'beginWrite' | 'copyPart' | 'writePart' | 'completeWrite' | 'abortWrite'>
>
type Options = { jobId: string; revision?: Revision; signal?: AbortSignal }

/** A copied part costs a request and no traffic: larger than what is sent. */
const smallestCopiedPartBytes = 256 * 2 ** 20
const partsAtOnce = 8

/** @throws store/object-exists, store/precondition-failed, store/object-not-found */
export async function copyObject(
  connection: Connection,
  names: Names,
  writes: Writes,
  findings: StoreFindings | null,
  from: string,
  to: string,
  options: Options,
): Promise<ObjectInfo> {
  const { store, settings } = connection
  const { revision, signal } = options
  names.keyOf(to)
  const source = await headObject(connection, names, from, signal)
  if (source === null) return fail({ code: 'store/object-not-found', store, objectName: from })
  if (revision !== undefined && revision !== source.revision)
    fail({ code: 'store/precondition-failed', store, objectName: from })
  await compare(connection, names, to, { kind: 'absent' }, signal)
  const isTooLarge = source.sizeBytes > settings.limits.maxSingleBytes
  // Servers that compare as an upload completes may not as they copy.
  const isSaferInParts =
    findings?.conditionalCopy === false && findings.conditionalComplete && findings.copyParts
  if (isTooLarge || isSaferInParts)
    return copyInParts(connection, names, writes, findings?.copyParts !== false, source, to, options)

  const ifMatch = tagOf(source.revision)
  const call = {
    objectName: to,
    permission: 's3:PutObject',
    repeat: 'if-refused' as const,
    isSlow: true,
    precondition: 'store/object-exists' as const,
    signal,
  }
  const { checksum, sizeBytes, storageClass } = source
  const whole = (algorithm: Checksum['algorithm']) =>
    checksum?.kind === 'full' && checksum.algorithm === algorithm ? checksum.value : null
  return appear(connection, names, {
    expected: {
      name: to,
      sizeBytes,
      crc32: whole('crc32'),
      crc64: whole('crc64nvme'),
      tag: source.revision.includes('-') ? null : source.revision,
    },
    condition: { kind: 'absent' },
    conditions: findings === null ? 'unknown' : findings.conditionalCopy ? 'honoured' : 'ignored',
    signal,
    send: async (headers) => {
      const copying = connection.run(call, (client, sending) => {
        const command = new CopyObjectCommand({
          Bucket: settings.bucket,
          Key: names.keyOf(to),
          CopySource: copySource(settings.bucket, names.keyOf(from)),
          MetadataDirective: 'COPY',
          ...(ifMatch === undefined ? {} : { CopySourceIfMatch: ifMatch }),
          ...(storageClass === undefined || storageClass === 'STANDARD'
            ? {}
            : { StorageClass: storageClass as StorageClass }),
          ...headers,
        })
        return client.send(command, sending)
      })
      const { CopyObjectResult } = await copying.catch(async (error: unknown) => {
        if (failureOf(error)?.code !== 'store/object-exists') throw error
        // One of two conditions was broken: the target's, or the source's.
        await compare(connection, names, to, { kind: 'absent' }, signal)
        return fail({ code: 'store/precondition-failed', store, objectName: from }, error)
      })
      if (CopyObjectResult === undefined) fail({ code: 'store/refused', store, detail: 'it copied nothing' })
    },
    mayBeSentAgain: async (found) => found === null,
  })
}

async function copyInParts(
  connection: Connection,
  names: Names,
  writes: Writes,
  canCopyParts: boolean,
  source: ObjectInfo,
  to: string,
  { jobId, signal }: Options,
): Promise<ObjectInfo> {
  const { sizeBytes, name: from, metadata, revision } = source
  const options = { revision, ...(signal === undefined ? {} : { signal }) }
  const partBytes = Math.max(
    partSizeBytes(sizeBytes),
    canCopyParts ? Math.min(smallestCopiedPartBytes, connection.settings.limits.maxSingleBytes) : 0,
  )
  const count = partCountOf(sizeBytes, partBytes)
  const condition = { kind: 'absent' as const }
  const write = { sizeBytes, partBytes, metadata, condition, jobId, copiesParts: canCopyParts }
  const copyPart = async (id: WriteId, part: number) => {
    const offset = (part - 1) * partBytes
    const range = { offset, lengthBytes: Math.min(partBytes, sizeBytes - offset) }
    if (canCopyParts) return writes.copyPart(id, part, from, range, options)
    return writes.writePart(id, part, await readRange(connection, names, from, range, options), options)
  }
  const copyParts = async (id: WriteId) => {
    let next = 1
    let isBroken = false
    const work = async () => {
      while (next <= count && !isBroken) await copyPart(id, next++)
    }
    const working = Array.from({ length: canCopyParts ? partsAtOnce : 2 }, () =>
      work().catch((error: unknown) => {
        isBroken = true
        throw error
      }),
    )
    const ended = await Promise.allSettled(working)
    for (const each of ended) if (each.status === 'rejected') throw each.reason
  }
  return putTogether(writes, { name: to, write, source, copyParts, signal })
}
