/** How an object is cut into the parts of an upload, and which leaves of the payload each part needs. */
import {
  chunkCiphertextBytes,
  ciphertextSizeBytes,
  leafCiphertextBytes,
  type ByteRange,
} from '../../age/payload-size.ts'

/** Parts are counted from 1. All but the last have `partBytes`. */
export type UploadPlan = {
  plaintextBytes: number
  /** Header and payload nonce, which part 1 begins with. */
  startBytes: number
  objectBytes: number
  partBytes: number
  parts: number
}

/** @param partBytes more than header and nonce
 * @throws RangeError otherwise */
export function planUpload(startBytes: number, plaintextBytes: number, partBytes: number): UploadPlan {
  if (partBytes <= startBytes) throw new RangeError('a part holds at least the header and the nonce')
  const objectBytes = startBytes + ciphertextSizeBytes(plaintextBytes)
  return { plaintextBytes, startBytes, objectBytes, partBytes, parts: Math.ceil(objectBytes / partBytes) }
}

export const partNumbers = ({ parts }: UploadPlan): number[] => Array.from({ length: parts }, (_, n) => n + 1)

/** Where a part lies in the object. */
export function rangeOfPart({ objectBytes, partBytes }: UploadPlan, part: number): ByteRange {
  const offset = (part - 1) * partBytes
  return { offset, lengthBytes: Math.min(partBytes, objectBytes - offset) }
}

/** What of the payload a part holds, counted from after the nonce. */
export function payloadOfPart(plan: UploadPlan, part: number): ByteRange {
  const { offset, lengthBytes } = rangeOfPart(plan, part)
  const from = Math.max(0, offset - plan.startBytes)
  return { offset: from, lengthBytes: offset + lengthBytes - plan.startBytes - from }
}

/** The chunks that have a byte in a part, the first and the last of them. */
export function chunksOfPart(plan: UploadPlan, part: number): { first: number; last: number } {
  const { offset, lengthBytes } = payloadOfPart(plan, part)
  return {
    first: Math.floor(offset / chunkCiphertextBytes),
    last: Math.floor((offset + lengthBytes - 1) / chunkCiphertextBytes),
  }
}

/** The leaves that have a byte in one of the parts, ascending.
 * @param parts ascending */
export function leavesOfParts(plan: UploadPlan, parts: readonly number[]): number[] {
  const leaves: number[] = []
  for (const part of parts) {
    const { offset, lengthBytes } = payloadOfPart(plan, part)
    const last = Math.floor((offset + lengthBytes - 1) / leafCiphertextBytes)
    for (let leaf = Math.floor(offset / leafCiphertextBytes); leaf <= last; leaf++)
      if (leaf > (leaves.at(-1) ?? -1)) leaves.push(leaf)
  }
  return leaves
}
