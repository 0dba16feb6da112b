/** What a rotation wrote into its journal, read back by a resume and by a cancel. */
import { z } from 'zod'
import { KeyId, StoreId } from '../../../shared/ids.ts'
import type { JobContext, JobStep } from '../job-kind.ts'
import { readWrite, type JournaledWrite } from '../objects/write-journal.ts'

const Version = z.number().int().positive()
const InStore = z.object({ version: Version, storeId: StoreId, objectName: z.string() })

/** The header that a version is to have. It is wiped from the journal with the end of the job. */
const PlannedHeader = z.object({
  version: Version,
  keyId: KeyId,
  fingerprint: z.string(),
  /** Base64. */
  header: z.string(),
})
export type PlannedHeader = z.infer<typeof PlannedHeader>

/** Journaled before a head is replaced where it stands. */
const Switching = InStore.extend({ oldHeader: z.string() })

/** Journaled before a write is begun that is to take the place of an object. */
const Replacing = InStore.extend({
  /** Of what is replaced. */
  revision: z.string(),
  /** Of what is written. */
  fingerprint: z.string(),
  objectBytes: z.number(),
  uploadsBefore: z.array(z.string()).nullish(),
  /** Of the file, besides this one. */
  otherNames: z.number().int().nonnegative().default(0),
})

/** One attempt to replace one object. */
export type ReplaceAttempt = z.infer<typeof Replacing> &
  JournaledWrite & {
    /** All of its steps, for what a kind journals besides. */
    steps: JobStep[]
  }

export type RotationJournal = {
  headers: PlannedHeader[]
  switching: z.infer<typeof Switching>[]
  replacing: ReplaceAttempt[]
  /** Objects that were read back with what they are to have. */
  switched: z.infer<typeof InStore>[]
  isEnded: boolean
}

/** All that a rotation announced and did, read back by a resume and by a cancel. */
export async function readRotationJournal(context: JobContext): Promise<RotationJournal> {
  const steps = await context.steps()
  const factsOf = (name: string) => steps.flatMap(({ step, facts }) => (step === name ? [facts] : []))
  const starts = steps.flatMap(({ step }, at) => (step === 'replacing' ? [at] : []))
  return {
    headers: factsOf('header').flatMap((facts) => PlannedHeader.safeParse(facts).data ?? []),
    switching: factsOf('switching').flatMap((facts) => Switching.safeParse(facts).data ?? []),
    replacing: starts.map((from, n) => attemptOf(steps.slice(from, starts[n + 1]))),
    switched: factsOf('switched').map((facts) => InStore.parse(facts)),
    isEnded: factsOf('end').length > 0,
  }
}

const attemptOf = (steps: JobStep[]): ReplaceAttempt => ({
  ...Replacing.parse(steps[0]?.facts),
  ...readWrite(steps),
  steps,
})

type Place = z.infer<typeof InStore>
/** Whether both mean one object of one version. */
export const isSamePlace = (one: Place, other: Place): boolean =>
  one.version === other.version && one.storeId === other.storeId && one.objectName === other.objectName
