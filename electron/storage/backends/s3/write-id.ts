/** Everything that a process needs to go on with a write that it did not begin, in the write's id. */
import { z } from 'zod'
import type { WriteId } from '../../backend.ts'
import { StoreFindings } from '../../store-probe.ts'

const WriteFacts = z.object({
  name: z.string(),
  /** Null: so small that it is held in memory and put at once as the write is completed. */
  uploadId: z.string().nullable(),
  /** Null of an upload that was found in the store: it can be aborted, and nothing else. */
  layout: z
    .object({
      sizeBytes: z.number(),
      partBytes: z.number(),
      metadata: z.record(z.string(), z.string()),
      /** Of the object that it takes the place of: tags, storage class and the like. */
      kept: z.record(z.string(), z.string()).default({}),
      condition: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('absent') }),
        z.object({ kind: z.literal('revision'), revision: z.string() }),
        z.object({ kind: z.literal('any') }),
      ]),
      /** Whether the server compares conditions itself; `unknown`: asked to, and compared here as well. */
      conditions: z.enum(['honoured', 'ignored', 'unknown']),
      checksums: StoreFindings.shape.checksums,
      /** What the store has to attest of the whole, where that is known before. */
      whole: z.string().nullable().default(null),
      /** Tells apart what is held under one name. */
      mark: z.string(),
    })
    .nullable(),
})
export type WriteFacts = z.infer<typeof WriteFacts>
export type WriteLayout = NonNullable<WriteFacts['layout']>

export const writeIdOf = (facts: WriteFacts): WriteId =>
  Buffer.from(JSON.stringify(facts)).toString('base64url')

/** @throws Error for what is no id of a write into an S3 store */
export const factsOf = (id: WriteId): WriteFacts =>
  WriteFacts.parse(JSON.parse(Buffer.from(id, 'base64url').toString()))

/** @throws Error: a bug of the caller */
export function layoutOf({ layout }: WriteFacts): WriteLayout {
  if (layout === null) throw new Error('a write that was found can only be aborted')
  return layout
}

/** Whether two ids mean one write: what a list of the store gives says less than what began it. */
export function isSameWrite(one: WriteId, other: WriteId): boolean {
  const [first, second] = [factsOf(one), factsOf(other)]
  if (first.uploadId === null || second.uploadId === null) return one === other
  return first.uploadId === second.uploadId && first.name === second.name
}
