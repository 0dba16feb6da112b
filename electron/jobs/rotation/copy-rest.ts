/** All parts but the first, copied by the store from the object that is replaced: nothing of them passes through here. */
import type { JobContext } from '../job-kind.ts'
import type { FoundVersion } from '../open-version.ts'
import { rangeOfPart, partNumbers, type UploadPlan } from '../upload/upload-plan.ts'
import type { BegunReplace } from './replace-object.ts'

const atOnce = 8

/** @returns what was copied, as the journal has it
 * @throws WeightlockError `store/precondition-failed`, `store/…`; the signal's reason */
export async function copyRest(
  context: JobContext,
  { store, info }: FoundVersion,
  { writeId, stored, acknowledged }: BegunReplace,
  plan: UploadPlan,
  onProgress: (doneBytes: number) => void,
): Promise<Map<number, null>> {
  const { backend } = store
  const { signal } = context
  const there = new Set(stored.map(({ part }) => part))
  const isThere = (part: number) => there.has(part) && acknowledged.has(part)
  const missing = partNumbers(plan).filter((part) => part > 1 && !isThere(part))
  const copied = new Map<number, null>()
  let doneBytes = 0
  const failed = new AbortController()
  const both = AbortSignal.any([signal, failed.signal])
  const work = async () => {
    for (let part = missing.shift(); part !== undefined; part = missing.shift()) {
      both.throwIfAborted()
      const range = rangeOfPart(plan, part)
      await backend.copyPart?.(writeId, part, info.name, range, { revision: info.revision, signal: both })
      await context.journal('part-done', { part, checksum: null })
      copied.set(part, null)
      doneBytes += range.lengthBytes
      onProgress(doneBytes)
    }
  }
  const working = Array.from({ length: atOnce }, () =>
    work().catch((error: unknown) => {
      failed.abort(error)
      throw error
    }),
  )
  const ended = await Promise.allSettled(working)
  signal.throwIfAborted()
  const broken = ended.find((each) => each.status === 'rejected')
  if (broken !== undefined) throw failed.signal.reason
  return copied
}
