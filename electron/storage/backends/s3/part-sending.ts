/** One part on its way: from memory, or streamed anew for each try, with the checksum that the store compares. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { setImmediate as breathe } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { UploadPartCommand } from '@aws-sdk/client-s3'
import { fail } from '../../../../shared/failure.ts'
import type { PartBody } from '../../backend.ts'
import { crc32Text } from '../../checksum.ts'
import { chunksOf, sizeOfBody } from '../../part-body.ts'
import type { StoreFindings } from '../../store-probe.ts'
import type { Connection } from './connection.ts'

export type PartTarget = { name: string; Key: string; UploadId: string; part: number }

/** Sends it until the store has it.
 * @throws store/upload-not-found, store/corrupted-on-the-way; what a stream throws */
export async function sendPart(
  connection: Connection,
  { name, Key, UploadId, part }: PartTarget,
  body: PartBody,
  checksums: StoreFindings['checksums'],
  signal?: AbortSignal,
): Promise<void> {
  const attested = await checksumFields(body, checksums)
  const call = { objectName: name, permission: 's3:PutObject', repeat: 'always' as const, signal }
  await connection.run(call, async (client, { abortSignal }) => {
    const stream = streamOf(body)
    const stop = abortSignal === undefined ? [] : [abortSignal]
    const command = new UploadPartCommand({
      Bucket: connection.settings.bucket,
      Key,
      UploadId,
      PartNumber: part,
      ContentLength: sizeOfBody(body),
      Body: stream?.readable ?? asBuffer(body),
      ...attested,
    })
    try {
      const sent = await client.send(command, {
        abortSignal: AbortSignal.any(stream === null ? stop : [...stop, stream.failed]),
      })
      const { ChecksumCRC32: ours } = attested
      if (ours !== undefined && sent.ChecksumCRC32 !== undefined && sent.ChecksumCRC32 !== ours)
        fail({ code: 'store/corrupted-on-the-way', store: connection.store, objectName: name })
    } catch (error) {
      throw stream?.problem() ?? error
    } finally {
      await stream?.close()
    }
  })
}

const asBuffer = (body: PartBody): Buffer | undefined =>
  body instanceof Uint8Array ? Buffer.from(body.buffer, body.byteOffset, body.byteLength) : undefined

/** A stream whose own failure stops the request, and is what is thrown. */
function streamOf(body: PartBody) {
  if (body instanceof Uint8Array) return null
  const failed = new AbortController()
  let problem: unknown
  const readable = Readable.from(chunksOf(body), { objectMode: false })
  readable.once('error', (error) => {
    problem = error
    failed.abort(error)
  })
  return {
    readable,
    failed: failed.signal,
    problem: () => problem,
    close: async () => {
      if (readable.closed) return
      const closed = once(readable, 'close').catch(() => undefined)
      readable.destroy()
      await closed
    },
  }
}

type ChecksumFields = { ChecksumCRC32?: string; ContentMD5?: string }

/** What goes beside a body, so that the store refuses it where it arrives damaged. */
export async function checksumFields(
  body: PartBody,
  checksums: StoreFindings['checksums'],
): Promise<ChecksumFields> {
  if (checksums === 'none') return body instanceof Uint8Array ? { ContentMD5: await md5Of(body) } : {}
  if (checksums === 'full-crc64nvme') return {}
  return {
    ChecksumCRC32: crc32Text(
      body instanceof Uint8Array ? crc32(body) : (body.crc32 ?? (await crc32OfStream(body))),
    ),
  }
}

async function crc32OfStream(body: PartBody): Promise<number> {
  let checksum = 0
  for await (const chunk of chunksOf(body)) checksum = crc32(chunk, checksum)
  return checksum
}

const md5StepBytes = 2 ** 21

/** In steps, as the thread is others' too. Only against damage on the way: TLS and the pin are the protection. */
async function md5Of(bytes: Uint8Array): Promise<string> {
  const hash = createHash('md5')
  for (let at = 0; at < bytes.length; at += md5StepBytes) {
    hash.update(bytes.subarray(at, at + md5StepBytes))
    await breathe()
  }
  return hash.digest('base64')
}
