/** What a rotation wrote into its journal, read back by a resume and by a cancel. */
import { z } from 'zod'
import { KeyId, StoreId } from '../../../shared/ids.ts'
import type { WriteId } from '../../storage/backend.ts'
import type { JobContext, JobStep } from '../job-kind.ts'

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
})
const Upload = z.object({
  writeId: z.custom<WriteId>((value) => typeof value === 'string'),
  partBytes: z.number(),
})
const PartDone = z.object({ part: z.number(), checksum: z.string().nullable() })

/** One attempt to replace one object. */
export type ReplaceAttempt = z.infer<typeof Replacing> & {
  at: number
  upload: z.infer<typeof Upload> | null
  acknowledged: Map<number, string | null>
  completeAttempted: boolean
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

function attemptOf(steps: JobStep[]): ReplaceAttempt {
  const factsOf = (name: string) => steps.filter(({ step }) => step === name).map(({ facts }) => facts)
  const upload = factsOf('upload').at(-1)
  const done = factsOf('part-done').map((facts) => PartDone.parse(facts))
  return {
    ...Replacing.parse(steps[0]?.facts),
    at: steps[0]?.at ?? 0,
    upload: upload === undefined ? null : Upload.parse(upload),
    acknowledged: new Map(done.map(({ part, checksum }) => [part, checksum])),
    completeAttempted: factsOf('complete-attempted').length > 0,
    steps,
  }
}

type Place = z.infer<typeof InStore>
export const isSamePlace = (one: Place, other: Place): boolean =>
  one.version === other.version && one.storeId === other.storeId && one.objectName === other.objectName
