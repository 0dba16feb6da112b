/** What is journaled of a part before a byte of it is sent: it binds the part to the plaintext that it was made of.
 * @see cryptography.md, section 5, "Resume without nonce reuse" */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { chunkCiphertextBytes, tagBytes } from '../../age/payload-size.ts'
import { chunksOfPart, type UploadPlan } from './upload-plan.ts'

export const PartFacts = z.object({
  part: z.number().int().positive(),
  /** SHA-256 over the tags of every chunk that has a byte in the part, base64. */
  digest: z.string(),
  /** The tags of the first and of the last of these chunks, base64. */
  firstTag: z.string(),
  lastTag: z.string(),
})
export type PartFacts = z.infer<typeof PartFacts>

export const sameFacts = (one: PartFacts, other: PartFacts): boolean =>
  one.digest === other.digest && one.firstTag === other.firstTag && one.lastTag === other.lastTag

/** A chunk that two parts share was encrypted for each of them, and must be the same.
 * @param known facts of other parts, by part */
export function edgesAgree(
  plan: UploadPlan,
  facts: PartFacts,
  known: ReadonlyMap<number, PartFacts>,
): boolean {
  const { part } = facts
  const { first, last } = chunksOfPart(plan, part)
  const [before, after] = [known.get(part - 1), known.get(part + 1)]
  if (before && chunksOfPart(plan, part - 1).last === first && before.lastTag !== facts.firstTag) return false
  return !(after && chunksOfPart(plan, part + 1).first === last && after.firstTag !== facts.lastTag)
}

/** Takes the chunks of a part in order and gives its facts. */
export type PartDigester = {
  /** @param leafBytes ciphertext of whole chunks that lies at `payloadOffset` */
  update(leafBytes: Uint8Array, payloadOffset: number): void
  finish(): PartFacts
}

export function createPartDigester(plan: UploadPlan, part: number): PartDigester {
  const hash = createHash('sha256')
  const { first, last } = chunksOfPart(plan, part)
  let [firstTag, lastTag] = ['', '']
  return {
    update: (leafBytes, payloadOffset) => {
      const firstHere = payloadOffset / chunkCiphertextBytes
      const chunksHere = Math.ceil(leafBytes.length / chunkCiphertextBytes)
      for (
        let chunk = Math.max(first, firstHere);
        chunk <= Math.min(last, firstHere + chunksHere - 1);
        chunk++
      ) {
        const end = Math.min((chunk - firstHere + 1) * chunkCiphertextBytes, leafBytes.length)
        const tag = leafBytes.subarray(end - tagBytes, end)
        hash.update(tag)
        if (chunk === first) firstTag = Buffer.from(tag).toString('base64')
        if (chunk === last) lastTag = Buffer.from(tag).toString('base64')
      }
    },
    finish: () => ({ part, digest: hash.digest('base64'), firstTag, lastTag }),
  }
}
