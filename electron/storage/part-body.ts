/** The bytes of a part, however they are given. */
import type { PartBody } from './backend.ts'

export const sizeOfBody = (body: PartBody): number =>
  body instanceof Uint8Array ? body.length : body.sizeBytes

/** Every part but the last has the write's part size; an empty object has one empty part, or none.
 * @throws RangeError: a bug of the caller */
export function requirePartSize(
  write: { sizeBytes: number; partBytes: number },
  part: number,
  body: PartBody,
): void {
  const expected = Math.min(write.partBytes, write.sizeBytes - (part - 1) * write.partBytes)
  if (part < 1 || sizeOfBody(body) !== expected) throw new RangeError('the part has the wrong size')
}

/** @throws RangeError where a stream gives another number of bytes than it announced: a bug of the caller */
export async function* chunksOf(body: PartBody): AsyncGenerator<Uint8Array, void, undefined> {
  if (body instanceof Uint8Array) {
    yield body
    return
  }
  let left = body.sizeBytes
  for await (const chunk of body.chunks()) {
    left -= chunk.length
    if (left < 0) break
    yield chunk
  }
  if (left !== 0) throw new RangeError('the part has the wrong size')
}
