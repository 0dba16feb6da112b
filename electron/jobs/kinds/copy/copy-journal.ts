/** What a copy wrote into its journal, read back by a resume and by a cancel. */
import { z } from 'zod'
import { StoreId } from '../../../../shared/ids.ts'
import type { WriteId } from '../../../storage/backend.ts'
import type { JobContext, JobStep } from '../../job-kind.ts'

const Version = z.number().int().positive()

/** Journaled before a write is begun: what is copied, and what it will be called. */
const Begun = z.object({
  version: Version,
  fromStoreId: StoreId,
  fromObject: z.string(),
  revision: z.string(),
  fingerprint: z.string(),
  /** Base64 and hex: what the object begins with. */
  header: z.string(),
  nonce: z.string(),
  objectName: z.string(),
  objectBytes: z.number(),
  uploadsBefore: z.array(z.string()).nullish(),
})
const Upload = z.object({
  writeId: z.custom<WriteId>((value) => typeof value === 'string'),
  partBytes: z.number(),
})
const PartDone = z.object({ part: z.number(), checksum: z.string().nullable() })
const InStore = z.object({ version: Version, storeId: StoreId, objectName: z.string() })

/** One attempt to write one version. */
export type CopyAttempt = z.infer<typeof Begun> & {
  at: number
  upload: z.infer<typeof Upload> | null
  /** Checksums of the parts that the store acknowledged; null where they were not worked out. */
  acknowledged: Map<number, string | null>
  completeAttempted: boolean
  /** What lies at its name is known to be another's. */
  isOthers: boolean
}

export type CopyJournal = {
  /** The first one first. */
  attempts: CopyAttempt[]
  /** What this job added to the target. */
  verified: z.infer<typeof InStore>[]
  /** Sources whose deletion was announced, or done. */
  removing: z.infer<typeof InStore>[]
}

export async function readCopyJournal(context: JobContext): Promise<CopyJournal> {
  const steps = await context.steps()
  const starts = steps.flatMap(({ step }, at) => (step === 'copy' ? [at] : []))
  const factsOf = (name: string) =>
    steps.flatMap(({ step, facts }) => (step === name ? [InStore.parse(facts)] : []))
  return {
    attempts: starts.map((from, n) => readAttempt(steps.slice(from, starts[n + 1]))),
    verified: factsOf('verified'),
    removing: factsOf('removing'),
  }
}

function readAttempt(steps: JobStep[]): CopyAttempt {
  const factsOf = (name: string) => steps.filter(({ step }) => step === name).map(({ facts }) => facts)
  const upload = factsOf('upload').at(-1)
  const done = factsOf('part-done').map((facts) => PartDone.parse(facts))
  return {
    ...Begun.parse(steps[0]?.facts),
    at: steps[0]?.at ?? 0,
    upload: upload === undefined ? null : Upload.parse(upload),
    acknowledged: new Map(done.map(({ part, checksum }) => [part, checksum])),
    completeAttempted: factsOf('complete-attempted').length > 0,
    isOthers: factsOf('of-another').length > 0,
  }
}
