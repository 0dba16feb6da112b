/** Writes into a bucket: multipart uploads, and small objects that are held and put at once. */
import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { randomUUID } from 'node:crypto'
import { fail, failureOf } from '../../../../shared/failure.ts'
import { crc32 } from 'node:zlib'
import type { ByteRange, PartBody, PartInfo, StorageBackend, WriteId } from '../../backend.ts'
import { crc32Of, crc32Text } from '../../checksum.ts'
import { chunksOf, requirePartSize } from '../../part-body.ts'
import { heldBytes, layoutProblem } from '../../part-size.ts'
import type { StoreFindings } from '../../store-probe.ts'
import { compare, isGone } from './appearing.ts'
import { completeUpload, putHeld } from './complete.ts'
import type { Connection } from './connection.ts'
import { keptChecksum } from './copied-parts.ts'
import { settingsLike } from './kept-settings.ts'
import { copySource, type Names } from './names.ts'
import { tagOf } from './object-info.ts'
import { sendPart } from './part-sending.ts'
import { readRange, type ReadOptions } from './read-range.ts'
import { algorithms } from './upload-algorithms.ts'
import { listStoredParts, listUploads } from './uploads.ts'
import { factsOf, layoutOf, writeIdOf, type WriteFacts, type WriteLayout } from './write-id.ts'

type Writes = Pick<
  StorageBackend,
  'beginWrite' | 'writePart' | 'listParts' | 'completeWrite' | 'abortWrite' | 'listWrites'
> &
  Required<Pick<StorageBackend, 'copyPart'>>

/** @param findings null where it could not be found out what the server does */
export function writesOf(
  connection: Connection,
  names: Names,
  findings: () => Promise<StoreFindings | null>,
): Writes {
  const { store, settings } = connection
  const held = new Map<WriteId, Buffer>()
  const uploadOf = ({ name, uploadId }: WriteFacts) =>
    uploadId === null ? null : { name, Key: names.keyOf(name), UploadId: uploadId }

  const beginWrite: Writes['beginWrite'] = async (name, write, options) => {
    const Key = names.keyOf(name)
    const { sizeBytes, partBytes, metadata, condition } = write
    const problem = layoutProblem(settings.limits, write)
    if (problem === 'object-too-large')
      return fail({
        code: 'store/too-large',
        store,
        objectName: name,
        limitBytes: settings.limits.maxObjectBytes,
      })
    if (problem !== null) throw new RangeError(`these parts do not fit: ${problem}`)
    const found = await findings()
    // Said early, before much is sent for nothing; what decides is compared as the object appears.
    await compare(connection, names, name, condition, options?.signal)
    const isHeld = sizeBytes <= Math.min(partBytes, heldBytes)
    const conditions = comparing(isHeld ? found?.conditionalPut : found?.conditionalComplete)
    const whole = keptChecksum(write, found)
    // Seen: a copied part that is attested with the checksum of the whole source.
    const isOwn = write.copiesParts === true && whole === null
    const checksums = isOwn ? 'none' : (found?.checksums ?? 'parts-crc32')
    const kept =
      write.like === undefined ? {} : await settingsLike(connection, names, write.like, options?.signal)
    const mark = randomUUID()
    const layout = { sizeBytes, partBytes, metadata, kept, condition, conditions, checksums, whole, mark }
    if (isHeld) return writeIdOf({ name, uploadId: null, layout })
    const call = {
      objectName: name,
      permission: 's3:PutObject',
      repeat: 'always' as const,
      signal: options?.signal,
    }
    const { UploadId } = await connection.run(call, (client, sending) => {
      const asked = { Bucket: settings.bucket, Key, Metadata: metadata, ...kept, ...algorithms[checksums] }
      return client.send(new CreateMultipartUploadCommand(asked), sending)
    })
    if (UploadId === undefined)
      return fail({ code: 'store/refused', store, detail: 'it begins no upload in parts' })
    return writeIdOf({ name, uploadId: UploadId, layout })
  }

  const abortWrite: Writes['abortWrite'] = async (id, options) => {
    const upload = uploadOf(factsOf(id))
    if (upload === null) {
      held.delete(id)
      return
    }
    const { name, Key, UploadId } = upload
    const signal = options?.signal
    const call = {
      objectName: name,
      permission: 's3:AbortMultipartUpload',
      repeat: 'always' as const,
      signal,
    }
    // A part that was on its way may arrive after the abort, and would be billed: so until nothing is left.
    for (let attempt = 1; attempt <= abortAttempts; attempt++) {
      try {
        await connection.run(call, (client, sending) =>
          client.send(new AbortMultipartUploadCommand({ Bucket: settings.bucket, Key, UploadId }), sending),
        )
      } catch (error) {
        if (isGone(error)) return
        throw error
      }
      if (!(await isLeft(connection, upload, signal))) return
    }
    fail({ code: 'store/refused', store, detail: 'an upload that was aborted is still there' })
  }

  return {
    beginWrite,
    abortWrite,
    writePart: async (id, part, body, options) => {
      const facts = factsOf(id)
      const layout = layoutOf(facts)
      requirePartSize(layout, part, body)
      options?.signal?.throwIfAborted()
      const upload = uploadOf(facts)
      if (upload === null) {
        const chunks: Uint8Array[] = []
        for await (const chunk of chunksOf(body)) chunks.push(chunk)
        held.set(id, Buffer.concat(chunks))
      } else await sendPart(connection, { ...upload, part }, body, layout.checksums, options)
    },
    copyPart: async (id, part, source, range, options) => {
      const facts = factsOf(id)
      const layout = layoutOf(facts)
      const upload = uploadOf(facts)
      requireRange(layout, part, range)
      if (upload === null) {
        held.set(id, Buffer.from(await readRange(connection, names, source, range, options)))
        return
      }
      const { name, Key, UploadId } = upload
      const ifMatch = tagOf(options?.revision)
      const call = {
        objectName: source,
        permission: 's3:GetObject',
        repeat: 'always' as const,
        isSlow: true,
        signal: options?.signal,
      }
      const { CopyPartResult } = await connection.run(call, (client, sending) => {
        const command = new UploadPartCopyCommand({
          Bucket: settings.bucket,
          Key,
          UploadId,
          PartNumber: part,
          CopySource: copySource(settings.bucket, names.keyOf(source)),
          CopySourceRange: `bytes=${range.offset}-${range.offset + range.lengthBytes - 1}`,
          ...(ifMatch === undefined ? {} : { CopySourceIfMatch: ifMatch }),
        })
        return client.send(command, sending)
      })
      if (CopyPartResult?.ETag === undefined)
        fail({ code: 'store/refused', store, detail: `it did not copy a part of ${name}` })
      // Seen: the checksum that the source had over its own parts, with which the upload cannot be completed.
      const { ChecksumCRC32, ChecksumCRC64NVME } = CopyPartResult ?? {}
      const isOfWhole = layout.whole !== null && [ChecksumCRC32, ChecksumCRC64NVME].includes(layout.whole)
      if (isOfWhole && range.lengthBytes < layout.sizeBytes)
        fail({ code: 'store/corrupted-on-the-way', store, objectName: name })
      if (ChecksumCRC32 !== undefined && crc32Of(ChecksumCRC32) === null) {
        const body = rangeBody(connection, names, source, range, options)
        const { signal } = options ?? {}
        await sendPart(connection, { ...upload, part }, body, layout.checksums, { signal })
      }
    },
    listParts: async (id, options) => {
      const facts = factsOf(id)
      const upload = uploadOf(facts)
      if (upload === null) return heldParts(held.get(id))
      const parts = await listStoredParts(connection, upload, options?.signal)
      return parts.map(({ part, sizeBytes, checksum }) => ({ part, sizeBytes, checksum }))
    },
    completeWrite: async (id, options) => {
      const facts = factsOf(id)
      const layout = layoutOf(facts)
      const target = { name: facts.name, layout, signal: options?.signal }
      if (facts.uploadId !== null) return completeUpload(connection, names, target, facts.uploadId)
      const bytes = held.get(id) ?? (layout.sizeBytes === 0 ? Buffer.alloc(0) : null)
      if (bytes === null)
        return fail({ code: 'store/parts-missing', store, objectName: facts.name, parts: 1 })
      const info = await putHeld(connection, names, target, bytes)
      held.delete(id)
      return info
    },
    listWrites: (options) => listUploads(connection, names, options?.of?.name ?? null, options?.signal),
  }
}

const abortAttempts = 4

/** Whether the store still has parts of an upload; false also where it may not be asked. */
async function isLeft(
  connection: Connection,
  upload: { name: string; Key: string; UploadId: string },
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    return (await listStoredParts(connection, upload, signal)).length > 0
  } catch (error) {
    if (isGone(error) || failureOf(error)?.code === 'store/permission-missing') return false
    throw error
  }
}

const comparing = (honoured: boolean | undefined): WriteLayout['conditions'] =>
  honoured === undefined ? 'unknown' : honoured ? 'honoured' : 'ignored'

/** @throws RangeError where it is not the size of the part */
const requireRange = (layout: WriteLayout, part: number, { lengthBytes }: ByteRange): void =>
  requirePartSize(layout, part, { sizeBytes: lengthBytes, crc32: null, chunks: noChunks })
async function* noChunks(): AsyncGenerator<Uint8Array, void, undefined> {}

const readBytes = 16 * 2 ** 20

/** A range of an object as the body of a part, a piece in memory at a time. */
function rangeBody(
  connection: Connection,
  names: Names,
  source: string,
  range: ByteRange,
  options: ReadOptions = {},
): PartBody {
  return {
    sizeBytes: range.lengthBytes,
    crc32: null,
    chunks: async function* () {
      const end = range.offset + range.lengthBytes
      for (let offset = range.offset; offset < end; offset += readBytes) {
        const lengthBytes = Math.min(readBytes, end - offset)
        yield readRange(connection, names, source, { offset, lengthBytes }, options)
      }
    },
  }
}

function heldParts(bytes: Buffer | undefined): PartInfo[] {
  if (bytes === undefined) return []
  return [{ part: 1, sizeBytes: bytes.length, checksum: crc32Text(crc32(bytes)) }]
}
