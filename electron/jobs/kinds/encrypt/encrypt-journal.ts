/** What an encryption wrote into its journal, read back by a resume. */
import { z } from 'zod'
import type { Json } from '../../../catalog/catalog.ts'
import { KeyId } from '../../../../shared/ids.ts'
import { ModelSummary } from '../../../../shared/model-inspection.ts'
import type { WriteId } from '../../../storage/backend.ts'
import type { JobContext, JobStep } from '../../job-kind.ts'
import { PartFacts } from '../../upload/part-digest.ts'

/** What is known of the plaintext once it was read. */
export const Described = z.object({
  summary: ModelSummary,
  /** Names and sizes of a folder's entries. */
  manifest: z.custom<Json>(),
  isFolder: z.boolean(),
  plaintextBytes: z.number(),
})
export type Described = z.infer<typeof Described>

const HeaderFacts = z.object({
  /** Base64. */
  header: z.string(),
  /** Hex. */
  nonce: z.string(),
  objectName: z.string(),
  /** Of header, nonce and payload. */
  objectBytes: z.number(),
  keyId: KeyId,
  /** Uploads of the object's name before this attempt began one. */
  uploadsBefore: z.array(z.string()).nullish(),
})
const PayloadFacts = z.object({
  /** Base64 of 32 bytes for each leaf. */
  leafDigests: z.string(),
  root: z.string(),
  algorithm: z.string(),
  fingerprint: z.string(),
  described: Described,
})

const UploadFacts = z.object({
  writeId: z.custom<WriteId>((value) => typeof value === 'string'),
  partBytes: z.number(),
  /** `sourceDigest` of what the parts are made of. */
  source: z.string(),
  /** `Services.machineId` of the machine that began it. */
  machine: z.string(),
})
const PartDone = z.object({ part: z.number() })

/** An upload in parts, as far as the journal knows it. */
type JournaledUpload = z.infer<typeof UploadFacts> & {
  journaled: Map<number, PartFacts>
  acknowledged: Set<number>
}

export type EncryptJournal = {
  header: (z.infer<typeof HeaderFacts> & { at: number }) | null
  /** Null where the store is written to in place. */
  upload: JournaledUpload | null
  payload: z.infer<typeof PayloadFacts> | null
  completeAttempted: boolean
  verified: boolean
}

/** The last attempt's steps. An attempt begins with its header. */
export async function readEncryptJournal(context: JobContext): Promise<EncryptJournal> {
  const steps = await context.steps()
  if (steps.some((each) => each.step === 'verified'))
    return { header: null, upload: null, payload: null, completeAttempted: true, verified: true }
  const from = steps.findLastIndex((each) => each.step === 'header')
  return readAttempt(from < 0 ? [] : steps.slice(from))
}

/** Every attempt, the first one first. */
export async function readAttempts(context: JobContext): Promise<EncryptJournal[]> {
  const steps = await context.steps()
  const starts = steps.flatMap(({ step }, at) => (step === 'header' ? [at] : []))
  return starts.map((from, n) => readAttempt(steps.slice(from, starts[n + 1])))
}

function readAttempt(attempt: JobStep[]): EncryptJournal {
  const factsOf = (name: string) => attempt.find((each) => each.step === name)?.facts
  const header = attempt.find(({ step }) => step === 'header')
  const payload = factsOf('payload')
  return {
    header: header ? { ...HeaderFacts.parse(header.facts), at: header.at } : null,
    upload: readUpload(attempt),
    payload: payload ? PayloadFacts.parse(payload) : null,
    completeAttempted: factsOf('complete-attempted') !== undefined,
    verified: false,
  }
}

function readUpload(attempt: JobStep[]): JournaledUpload | null {
  const factsOf = (name: string) => attempt.filter(({ step }) => step === name).map(({ facts }) => facts)
  const [begun] = factsOf('upload')
  if (begun === undefined) return null
  const parts = factsOf('part-digest').map((facts) => PartFacts.parse(facts))
  return {
    ...UploadFacts.parse(begun),
    journaled: new Map(parts.map((facts) => [facts.part, facts])),
    acknowledged: new Set(factsOf('part-done').map((facts) => PartDone.parse(facts).part)),
  }
}
