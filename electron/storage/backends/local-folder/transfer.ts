/** Bytes out of a local store: ranges for readers, whole objects for a copy inside the store. */
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { ByteRange, ObjectInfo, Revision } from '../../backend.ts'
import { revisionOf } from './place.ts'
import type { Writes } from './writes.ts'

const readOnlyNoFollow = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
const copyBytes = 4 * 1024 * 1024

/** Exactly the range, from one open file that is looked at before and after.
 * @param compare throws where the revision is not the expected one
 * @param changed throws: the range goes beyond the end
 * @throws the system's errors */
export async function readRange(
  path: string,
  range: ByteRange,
  compare: (revision: Revision) => void,
  changed: () => never,
): Promise<Uint8Array> {
  const handle = await open(path, readOnlyNoFollow)
  try {
    const before = await handle.stat({ bigint: true })
    compare(revisionOf(before))
    if (range.offset + range.lengthBytes > Number(before.size)) changed()
    const bytes = Buffer.allocUnsafeSlow(range.lengthBytes)
    let done = 0
    while (done < bytes.length) {
      const { bytesRead } = await handle.read(bytes, done, bytes.length - done, range.offset + done)
      if (bytesRead === 0) break
      done += bytesRead
    }
    compare(revisionOf(await handle.stat({ bigint: true })))
    if (done < bytes.length) changed()
    return bytes
  } finally {
    await handle.close()
  }
}

/** One object to another name, as a write of its own. */
export async function copyByWriting(
  writes: Writes,
  source: ObjectInfo,
  target: { name: string; jobId: string; signal?: AbortSignal },
  read: (range: ByteRange) => Promise<Uint8Array>,
): Promise<ObjectInfo> {
  const { sizeBytes } = source
  const id = await writes.beginWrite(
    target.name,
    { sizeBytes, partBytes: copyBytes, metadata: {}, condition: { kind: 'absent' }, jobId: target.jobId },
    target,
  )
  try {
    for (let offset = 0; offset < sizeBytes; offset += copyBytes) {
      const bytes = await read({ offset, lengthBytes: Math.min(copyBytes, sizeBytes - offset) })
      await writes.writePart(id, offset / copyBytes + 1, bytes, target)
    }
    return await writes.completeWrite(id, target)
  } catch (error) {
    await writes.abortWrite(id).catch(() => undefined)
    throw error
  }
}
