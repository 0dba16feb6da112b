/** Puts the parts of an upload together from the leaves of the payload, which come in order. */
import { crc32 } from 'node:zlib'
import type { ByteRange } from '../../age/payload-size.ts'
import { createPartDigester, type PartDigester, type PartFacts } from './part-digest.ts'
import { payloadOfPart, rangeOfPart, type UploadPlan } from './upload-plan.ts'

export type AssembledPart = { part: number; bytes: Buffer; crc32: number; facts: PartFacts }

export type PartAssembler = {
  /** @param leafBytes ciphertext of a whole leaf that lies at `payloadOffset`; copied
   * @returns the parts that are whole now */
  take(leafBytes: Uint8Array, payloadOffset: number): AssembledPart[]
}

type OpenPart = { bytes: Buffer; filled: number; crc32: number; digester: PartDigester }

/** Copied and summed while it is in a core's cache. */
const sliceBytes = 2 ** 18

/** @param wanted parts to make, ascending
 * @param start header and payload nonce
 * @param buffer memory for a part of so many bytes, the caller's again once the part was sent */
export function createPartAssembler(
  plan: UploadPlan,
  wanted: readonly number[],
  start: Uint8Array,
  buffer: (sizeBytes: number) => Buffer,
): PartAssembler {
  const open = new Map<number, OpenPart>()
  const waiting = [...wanted]

  const begin = (part: number): OpenPart => {
    const bytes = buffer(rangeOfPart(plan, part).lengthBytes)
    if (part === 1) bytes.set(start)
    const begun = {
      bytes,
      filled: part === 1 ? start.length : 0,
      crc32: part === 1 ? crc32(start) : 0,
      digester: createPartDigester(plan, part),
    }
    open.set(part, begun)
    return begun
  }

  const fill = (part: number, into: OpenPart, leafBytes: Uint8Array, leaf: ByteRange) => {
    const piece = payloadOfPart(plan, part)
    const from = Math.max(piece.offset, leaf.offset)
    const to = Math.min(piece.offset + piece.lengthBytes, leaf.offset + leaf.lengthBytes)
    const shift = plan.startBytes - rangeOfPart(plan, part).offset
    for (let at = from; at < to; at += sliceBytes) {
      const slice = leafBytes.subarray(at - leaf.offset, Math.min(at + sliceBytes, to) - leaf.offset)
      into.bytes.set(slice, at + shift)
      into.crc32 = crc32(slice, into.crc32)
    }
    into.filled += to - from
    into.digester.update(leafBytes, leaf.offset)
  }

  return {
    take: (leafBytes, payloadOffset) => {
      const leaf = { offset: payloadOffset, lengthBytes: leafBytes.length }
      const whole: AssembledPart[] = []
      for (let [next] = waiting; next !== undefined; [next] = waiting) {
        if (payloadOfPart(plan, next).offset >= leaf.offset + leaf.lengthBytes) break
        begin(next)
        waiting.shift()
      }
      for (const [part, each] of open) {
        fill(part, each, leafBytes, leaf)
        if (each.filled < each.bytes.length) continue
        open.delete(part)
        const { bytes, crc32: checksum } = each
        whole.push({ part, bytes, crc32: checksum, facts: each.digester.finish() })
      }
      return whole
    },
  }
}
