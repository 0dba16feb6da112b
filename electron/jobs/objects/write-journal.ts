/** What every journaled write of ciphertext notes alike: its upload, the parts that arrived, and the try to complete it.
 * A step `complete-attempted` says that the object may be there, whatever was answered. */
import { z } from 'zod'
import type { WriteId } from '../../storage/backend.ts'
import type { JobStep } from '../job-kind.ts'

const Upload = z.object({
  writeId: z.custom<WriteId>((value) => typeof value === 'string'),
  partBytes: z.number(),
})
const PartDone = z.object({ part: z.number(), checksum: z.string().nullable() })

export type JournaledWrite = {
  /** Epoch ms, when it was announced. */
  at: number
  upload: z.infer<typeof Upload> | null
  /** Checksums of the parts that the store acknowledged; null where they were not worked out. */
  acknowledged: Map<number, string | null>
  completeAttempted: boolean
}

/** @param steps of one attempt, the first one its announcement */
export function readWrite(steps: readonly JobStep[]): JournaledWrite {
  const factsOf = (name: string) => steps.filter(({ step }) => step === name).map(({ facts }) => facts)
  const upload = factsOf('upload').at(-1)
  const done = factsOf('part-done').map((facts) => PartDone.parse(facts))
  return {
    at: steps[0]?.at ?? 0,
    upload: upload === undefined ? null : Upload.parse(upload),
    acknowledged: new Map(done.map(({ part, checksum }) => [part, checksum])),
    completeAttempted: factsOf('complete-attempted').length > 0,
  }
}
