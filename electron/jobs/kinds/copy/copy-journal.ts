/** What a copy wrote into its journal, read back by a resume and by a cancel. */
import { z } from 'zod'
import { StoreId } from '../../../../shared/ids.ts'
import type { JobContext, JobStep } from '../../job-kind.ts'
import { readWrite, type JournaledWrite } from '../../objects/write-journal.ts'

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
const InStore = z.object({ version: Version, storeId: StoreId, objectName: z.string() })

/** One attempt to write one version. */
export type CopyAttempt = z.infer<typeof Begun> &
  JournaledWrite & {
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

/** All of its attempts, and what became of them. */
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

const readAttempt = (steps: JobStep[]): CopyAttempt => ({
  ...Begun.parse(steps[0]?.facts),
  ...readWrite(steps),
  isOthers: steps.some(({ step }) => step === 'of-another'),
})
