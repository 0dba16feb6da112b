/** What tells a source from another, or from itself after a change, as one short text: for journals. */
import { createHash } from 'node:crypto'
import type { SourceSegment } from '../workers/payload-run.ts'

/** @returns SHA-256, hexadecimal, over what the system says of every file, and over the bytes between them */
export function sourceDigest(segments: readonly SourceSegment[]): string {
  const hash = createHash('sha256')
  for (const segment of segments) {
    if (segment.kind === 'bytes') hash.update(`bytes ${segment.bytes.length}\n`).update(segment.bytes)
    else {
      const { path, fileOffset, lengthBytes, identity } = segment
      const told = JSON.stringify([Buffer.from(path).toString('base64'), fileOffset, lengthBytes, identity])
      hash.update(`file ${told}\n`)
    }
  }
  return hash.digest('hex')
}
