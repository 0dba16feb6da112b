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
import { crc64Text, createCrc64 } from '../../crc64.ts'
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
  { signal, crc32: known }: { signal?: AbortSignal | undefined; crc32?: number } = {},
): Promise<void> {
  const attested = await checksumFields(body, checksums, known)
  const call = { objectName: name, permission: 's3:PutObject', repeat: 'always' as const, signal }
  const target = { Bucket: connection.settings.bucket, Key, UploadId, PartNumber: part }
  await connection.run(call, (client, { abortSignal }) =>
    sendingBody(body, abortSignal, async (Body, stop) => {
      const command = new UploadPartCommand({ ...target, ContentLength: sizeOfBody(body), Body, ...attested })
      const sent = await client.send(command, { abortSignal: stop }).catch(async (error: unknown) => {
        if (isBroken(error) && !stop.aborted)
          await askInSmall(checksums, (small) =>
            client.send(new UploadPartCommand({ ...target, ...small }), { abortSignal: stop }),
          )
        throw error
      })
      if (
        differs(attested.ChecksumCRC32, sent.ChecksumCRC32) ||
        differs(attested.ChecksumCRC64NVME, sent.ChecksumCRC64NVME)
      )
        fail({ code: 'store/corrupted-on-the-way', store: connection.store, objectName: name })
    }),
  )
}

const brokenCodes = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED'])
const isBroken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && brokenCodes.has(String(error.code))

/** A server that refuses a part may close while the part is still sent, and its answer is lost. So it is asked with a
 * single byte and the checksum of another, which it cannot take.
 * @throws what it answers, unless that is only the checksum */
async function askInSmall(
  checksums: StoreFindings['checksums'],
  send: (small: { Body: Buffer; ContentLength: number } & ChecksumFields) => Promise<unknown>,
): Promise<void> {
  const wrong = await checksumFields(Buffer.from([1]), checksums)
  try {
    await send({ Body: Buffer.from([0]), ContentLength: 1, ...wrong })
  } catch (error) {
    const isPassing = !(error instanceof Error) || isBroken(error) || damaged.has(error.name)
    if (!isPassing) throw error
  }
}

const damaged = new Set(['BadDigest', 'InvalidDigest', 'XAmzContentChecksumMismatch'])

/** Written at once: the time-out for an idle connection sees no progress inside a larger write over TLS. */
const sliceBytes = 2 ** 18

/** Sends a body in slices. What a stream of the caller's throws stops the request and is thrown; the stream is let go
 * of before this ends. */
async function sendingBody<T>(
  body: PartBody,
  signal: AbortSignal | undefined,
  send: (Body: Readable, stop: AbortSignal) => Promise<T>,
): Promise<T> {
  const failed = new AbortController()
  let problem: unknown
  const stream = Readable.from(body instanceof Uint8Array ? slicesOf(body) : chunksOf(body), {
    objectMode: false,
    highWaterMark: sliceBytes,
  })
  stream.once('error', (error) => {
    problem = error
    failed.abort(error)
  })
  try {
    return await send(stream, AbortSignal.any([failed.signal, ...(signal === undefined ? [] : [signal])]))
  } catch (error) {
    throw problem ?? error
  } finally {
    if (!stream.closed) {
      const closed = once(stream, 'close').catch(() => undefined)
      stream.destroy()
      await closed
    }
  }
}

function* slicesOf(bytes: Uint8Array): Generator<Buffer, void, undefined> {
  for (let at = 0; at < bytes.length; at += sliceBytes)
    yield Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(sliceBytes, bytes.length - at))
}

const differs = (ours: string | undefined, theirs: string | undefined): boolean =>
  ours !== undefined && theirs !== undefined && ours !== theirs

type ChecksumFields = { ChecksumCRC32?: string; ChecksumCRC64NVME?: string; ContentMD5?: string }

/** What goes beside a body, so that the store refuses it where it arrives damaged.
 * @param known its CRC-32, where somebody has it */
export async function checksumFields(
  body: PartBody,
  checksums: StoreFindings['checksums'],
  known: number | null = body instanceof Uint8Array ? null : body.crc32,
): Promise<ChecksumFields> {
  if (checksums === 'none') return body instanceof Uint8Array ? { ContentMD5: await md5Of(body) } : {}
  if (checksums === 'full-crc64nvme') return { ChecksumCRC64NVME: await crc64OfBody(body) }
  return { ChecksumCRC32: crc32Text(known ?? (await crc32OfBody(body))) }
}

async function crc32OfBody(body: PartBody): Promise<number> {
  let checksum = 0
  for await (const chunk of chunksOf(body)) checksum = crc32(chunk, checksum)
  return checksum
}

async function crc64OfBody(body: PartBody): Promise<string> {
  const sum = createCrc64()
  for await (const chunk of chunksOf(body))
    for (let at = 0; at < chunk.length; at += stepBytes) {
      sum.update(chunk.subarray(at, at + stepBytes))
      await breathe()
    }
  return crc64Text(sum.value())
}

/** A few milliseconds: the thread is others' too. */
const stepBytes = 2 ** 21

/** Only against damage on the way: TLS and the pin are the protection. */
async function md5Of(bytes: Uint8Array): Promise<string> {
  const hash = createHash('md5')
  for (let at = 0; at < bytes.length; at += stepBytes) {
    hash.update(bytes.subarray(at, at + stepBytes))
    await breathe()
  }
  return hash.digest('base64')
}
