/** What of a download is on the disk, verified and durable: after a pause or a crash it goes on behind that. */
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { JobContext } from '../../job-kind.ts'
import { diskIdentity, temporaryOf, type DiskIdentity } from './plaintext-target.ts'

/** Leaves between two looks at the disk: 67 MB. */
const leavesBetween = 4

const Arrived = z.object({
  location: z.string(),
  /** Of the ciphertext. */
  fingerprint: z.string(),
  temporary: z.object({ device: z.string(), inode: z.string(), bornNs: z.string() }),
  /** The first so many leaves are there. */
  leaves: z.number().int().nonnegative(),
})

/** @returns how many leaves an earlier run left in this job's temporary; 0 where it is not the same file any more */
export async function arrivedLeaves(
  context: JobContext,
  location: string,
  fingerprint: string,
): Promise<number> {
  const step = (await context.steps()).findLast((each) => each.step === 'arrived')
  const arrived = step === undefined ? null : Arrived.parse(step.facts)
  if (arrived?.location !== location || arrived.fingerprint !== fingerprint) return 0
  const found = await diskIdentity(temporaryOf(location, context.jobId))
  return isDeepStrictEqual(found, arrived.temporary) ? arrived.leaves : 0
}

export type Arrival = {
  done(leaf: number): void
  /** Waits for what it began. @throws what failed of it */
  settled(): Promise<void>
}

/** Journals from time to time how far the download has come without a gap.
 * @param from leaves that were there before
 * @param every so many leaves
 * @param makeDurable resolves when all that was written is on the disk */
export function trackArrival(
  context: JobContext,
  from: number,
  facts: { location: string; fingerprint: string; temporary: DiskIdentity },
  makeDurable: () => Promise<void>,
  every = leavesBetween,
): Arrival {
  const ahead = new Set<number>()
  let [upTo, recorded] = [from, from]
  let recording: Promise<void> = Promise.resolve()
  let isRecording = false

  const record = async (leaves: number) => {
    await makeDurable()
    await context.journal('arrived', { ...facts, leaves } satisfies z.infer<typeof Arrived>)
  }

  return {
    done: (leaf) => {
      ahead.add(leaf)
      while (ahead.delete(upTo)) upTo++
      if (isRecording || upTo - recorded < every) return
      isRecording = true
      recorded = upTo
      recording = record(upTo).finally(() => {
        isRecording = false
      })
      recording.catch(() => undefined)
    },
    settled: () => recording,
  }
}
