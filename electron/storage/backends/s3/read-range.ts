/** A range of an object: exactly its bytes, of the revision that was meant. */
import type { Readable } from 'node:stream'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { fail } from '../../../../shared/failure.ts'
import type { ByteRange, Revision } from '../../backend.ts'
import type { Connection } from './connection.ts'
import type { Names } from './names.ts'
import { bareTag, headObject, reading, tagOf } from './object-info.ts'
import { wasCopied } from './received-memory.ts'

export type ReadOptions = {
  signal?: AbortSignal | undefined
  revision?: Revision | undefined
  versionId?: string | undefined
  into?: Uint8Array | undefined
}

/** @throws store/object-not-found, store/precondition-failed */
export async function readRange(
  connection: Connection,
  names: Names,
  name: string,
  range: ByteRange,
  options: ReadOptions = {},
): Promise<Uint8Array> {
  const { store } = connection
  const { revision, versionId, signal } = options
  const Key = names.keyOf(name)
  const changed = (): never => fail({ code: 'store/precondition-failed', store, objectName: name })
  // There is no range of no bytes in HTTP, and what has no tag is compared by a look.
  const mustLook = versionId === undefined && (range.lengthBytes === 0 || revision?.startsWith('~') === true)
  if (mustLook) {
    const info = await headObject(connection, names, name, signal)
    if (info === null) return fail({ code: 'store/object-not-found', store, objectName: name })
    if (revision !== undefined && revision !== info.revision) changed()
    if (range.offset + range.lengthBytes > info.sizeBytes) changed()
  }
  if (range.lengthBytes === 0) return new Uint8Array(0)

  const call = {
    ...reading(name, signal),
    ...(versionId === undefined ? {} : { permission: 's3:GetObjectVersion' }),
  }
  return connection.run(call, async (client, sending) => {
    const last = range.offset + range.lengthBytes - 1
    const ifMatch = tagOf(revision)
    const asked = {
      Bucket: connection.settings.bucket,
      Key,
      Range: `bytes=${range.offset}-${last}`,
      ...(ifMatch === undefined ? {} : { IfMatch: ifMatch }),
      ...(versionId === undefined ? {} : { VersionId: versionId }),
    }
    const { Body, ContentLength, ContentRange, ETag } = await client.send(
      new GetObjectCommand(asked),
      sending,
    )
    const body = Body as Readable
    try {
      if (revision !== undefined && ifMatch !== undefined && ETag !== undefined && bareTag(ETag) !== revision)
        changed()
      const isWhole = ContentRange === undefined
      if (isWhole && range.offset !== 0) ignoresRanges(store)
      if (!isWhole && !ContentRange.startsWith(`bytes ${range.offset}-`)) ignoresRanges(store)
      // Fewer: the object ends before the range does. More, from the start: the rest is not asked for.
      if (ContentLength !== undefined && ContentLength < range.lengthBytes) changed()
      const isTooLong = ContentLength === undefined || ContentLength > range.lengthBytes
      const bytes = await firstBytes(body, memoryFor(range.lengthBytes, options.into))
      if (isTooLong) body.destroy()
      return bytes
    } catch (error) {
      body.destroy()
      throw error
    }
  })
}

const ignoresRanges = (store: string): never =>
  fail({ code: 'store/refused', store, detail: 'it sends another range than was asked for' })

function memoryFor(lengthBytes: number, into: Uint8Array | undefined): Buffer {
  if (into === undefined || into.length < lengthBytes) return Buffer.allocUnsafeSlow(lengthBytes)
  return Buffer.from(into.buffer, into.byteOffset, lengthBytes)
}

/** Fills the memory, by events: an iteration takes half as long again.
 * @throws Error ECONNRESET where the body ends early */
function firstBytes(body: Readable, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let done = 0
    const settle = (run: () => void) => {
      body.off('data', take).off('end', ended).off('close', ended)
      run()
    }
    const take = (chunk: Buffer) => {
      done += chunk.copy(bytes, done, 0, Math.min(chunk.length, bytes.length - done))
      wasCopied(chunk.length)
      if (done < bytes.length) return
      settle(() => resolve(bytes))
      // What is left of a full answer is an empty end; of one that is too long it is not wanted.
      body.resume()
    }
    const ended = () =>
      settle(() => reject(Object.assign(new Error('the answer ended early'), { code: 'ECONNRESET' })))
    body.on('data', take).once('end', ended).once('close', ended)
    body.once('error', (error) => settle(() => reject(error)))
  })
}
