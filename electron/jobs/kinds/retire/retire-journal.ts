/** What a retirement's journal says: which keys, how each went, what was tried, what became of the ciphertext. */
import { z } from 'zod'
import type { KeyEnd } from '../../../keys/certificate.ts'
import { KeyId, StoreId } from '../../../../shared/ids.ts'
import { ErasedObject } from '../../../../shared/domain/certificate.ts'
import type { JobContext, JobStep } from '../../job-kind.ts'

/** An object as it was before anything was deleted. */
export const KnownObject = z.object({
  version: z.number().int().positive(),
  storeId: StoreId,
  store: z.string(),
  objectName: z.string(),
  location: z.string(),
})
export type KnownObject = z.infer<typeof KnownObject>

const Trial = z.object({
  version: z.number(),
  objects: z.number(),
  opensWith: KeyId.nullable(),
  notTried: z.array(z.object({ objectName: z.string(), why: z.string() })),
})
export const Tried = z.object({
  keysTried: z.number(),
  trials: z.array(Trial),
  objects: z.array(KnownObject),
})
export type Tried = z.infer<typeof Tried>

export const Erased = z.object({
  version: z.number(),
  storeId: StoreId,
  objectName: z.string(),
  outcome: ErasedObject.shape.outcome,
})
export type Erased = z.infer<typeof Erased>

const Begun = z.object({ keyIds: z.array(KeyId) })
const Destroyed = z.object({ keyId: KeyId, wasPresent: z.boolean() })
export const ReadBack = z.object({
  keyId: KeyId,
  wasThere: z.boolean(),
  destroyedAt: z.number().nullable(),
})

/** The last of a name wins: a repetition says what holds now. */
export async function readJournal(context: JobContext) {
  const steps = await context.steps()
  const all = (name: string): JobStep[] => steps.filter(({ step }) => step === name)
  const triedStep = all('tried').at(-1)
  return {
    /** Every key that it is to destroy; null before it began. */
    keyIds: all('retiring').map(({ facts }) => Begun.parse(facts).keyIds)[0] ?? null,
    keyEnds: keyEnds(all('destroyed'), all('read-back')),
    tried: triedStep ? { at: triedStep.at, ...Tried.parse(triedStep.facts) } : null,
    erased: all('erased').map(({ facts }) => Erased.parse(facts)),
  }
}
export type RetireJournal = Awaited<ReturnType<typeof readJournal>>

function keyEnds(destroyed: readonly JobStep[], readBack: readonly JobStep[]): Map<KeyId, KeyEnd> {
  const ends = new Map<KeyId, KeyEnd>()
  for (const { facts, at } of readBack) {
    const { keyId, wasThere, destroyedAt } = ReadBack.parse(facts)
    const earlier = ends.get(keyId)
    const came = wasThere || (earlier?.how === 'destroyed-before' && earlier.wasThere)
    ends.set(keyId, { how: 'destroyed-before', destroyedAt, wasThere: came, at })
  }
  for (const { facts, at } of destroyed) {
    const { keyId, wasPresent } = Destroyed.parse(facts)
    ends.set(keyId, { how: wasPresent ? 'deleted' : 'found-missing', at })
  }
  return ends
}
