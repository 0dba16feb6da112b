/** A range of an object: exactly its bytes, of the revision that was meant. */
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { fail } from '../../../../shared/failure.ts'
import type { ByteRange, Revision } from '../../backend.ts'
import type { Connection } from './connection.ts'
import type { Names } from './names.ts'
import { bareTag, headObject, reading, tagOf } from './object-info.ts'

export type ReadOptions = {
  signal?: AbortSignal | undefined
  revision?: Revision | undefined
  versionId?: string | undefined
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
    const body = Body as AsyncIterable<Uint8Array> & { destroy: () => void }
    try {
      if (revision !== undefined && ifMatch !== undefined && ETag !== undefined && bareTag(ETag) !== revision)
        changed()
      const isWhole = ContentRange === undefined
      if (isWhole && range.offset !== 0) ignoresRanges(store)
      if (!isWhole && !ContentRange.startsWith(`bytes ${range.offset}-`)) ignoresRanges(store)
      // Fewer: the object ends before the range does. More, from the start: the rest is not asked for.
      if (ContentLength !== undefined && ContentLength < range.lengthBytes) changed()
      return await firstBytes(body, range.lengthBytes)
    } catch (error) {
      body.destroy()
      throw error
    }
  })
}

const ignoresRanges = (store: string): never =>
  fail({ code: 'store/refused', store, detail: 'it sends another range than was asked for' })

/** @throws Error ECONNRESET where the body ends early */
async function firstBytes(body: AsyncIterable<Uint8Array>, lengthBytes: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(lengthBytes)
  let done = 0
  for await (const chunk of body) {
    const wanted = chunk.subarray(0, lengthBytes - done)
    bytes.set(wanted, done)
    done += wanted.length
    if (wanted.length < chunk.length) break
  }
  if (done < lengthBytes) throw Object.assign(new Error('the answer ended early'), { code: 'ECONNRESET' })
  return bytes
}
