/** Results of a check in its journal: a pause or a crash goes on behind them, and the report is read from them. */
import { z } from 'zod'
import { VerifiedStore, VerifyResult, type VerifyReport } from '../../../../shared/domain/verify-report.ts'
import type { JobContext, JobStep } from '../../job-kind.ts'

type Steps = readonly Pick<JobStep, 'step' | 'facts'>[]
type Recorded = Pick<VerifyReport, 'results' | 'stores'>

const Results = z.object({ results: z.array(VerifyResult) })
const Stores = z.object({ stores: z.array(VerifiedStore) })

/** What the last run found; a run that has ended is not gone on with.
 * @param open only what the next run goes on with */
export function readRecorded(steps: Steps, { open }: { open: boolean }): Recorded {
  const ends = steps.flatMap(({ step }, at) => (step === 'reported' ? [at] : []))
  const last = ends.at(-1)
  const isOver = last !== undefined && !steps.slice(last).some(({ step }) => step === 'checked')
  const from = (isOver && !open ? ends.at(-2) : last) ?? -1
  const own = steps.slice(from + 1)
  const factsOf = (name: string) => own.filter(({ step }) => step === name).map(({ facts }) => facts)
  return {
    results: factsOf('checked').flatMap((facts) => Results.parse(facts).results),
    stores: factsOf('stores-listed').flatMap((facts) => Stores.parse(facts).stores),
  }
}

const keptAtOnce = 50
const keptEveryMs = 1000

export type ResultKeeper = {
  add: (result: VerifyResult) => Promise<void>
  /** Journals what was not yet. */
  flush: () => Promise<void>
}

/** Journals results a few at a time: a commit for each would cost more than the look. */
export function keepResults(context: JobContext): ResultKeeper {
  let waiting: VerifyResult[] = []
  let keptAt = performance.now()
  let keeping = Promise.resolve()
  const flush = async () => {
    if (waiting.length > 0) {
      const results = waiting
      waiting = []
      keptAt = performance.now()
      keeping = keeping.then(() => context.journal('checked', { results }))
    }
    await keeping
  }
  return {
    flush,
    add: async (result) => {
      waiting.push(result)
      // Looks wait while results are journaled: no more is ever lost than a few.
      if (waiting.length >= keptAtOnce || performance.now() - keptAt > keptEveryMs) await flush()
      else await keeping
    },
  }
}

/** What is wrong first, then by name. */
export function sortedResults(results: readonly VerifyResult[]): VerifyResult[] {
  const rank = (result: VerifyResult) => order.indexOf(result.result) - (result.foundAs === null ? 0 : 0.5)
  return results.toSorted(
    (one, other) =>
      rank(one) - rank(other) ||
      (one.name < other.name ? -1 : one.name > other.name ? 1 : one.version - other.version),
  )
}
const order: readonly VerifyResult['result'][] = [
  'differs',
  'missing',
  'wrapped-elsewhere',
  'unread',
  'unpinned',
  'matches',
]
