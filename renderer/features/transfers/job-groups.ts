import type { JobKind, JobState, JobView } from '../../../shared/job.ts'

/** Jobs that stand still until someone decides come last among the open ones; what ended in this session after them. */
const order: Record<JobState, number> = {
  running: 0,
  queued: 1,
  paused: 2,
  unresolved: 3,
  failed: 4,
  done: 5,
  cancelled: 6,
}

/** The open list in the order in which it is read: what moves first, newest first within a group.
 * Running jobs keep the order in which they began, so that rows do not jump. */
export const inReadingOrder = (jobs: JobView[]): JobView[] =>
  jobs.toSorted((a, b) => {
    if (a.state !== b.state) return order[a.state] - order[b.state]
    return a.state === 'running' || a.state === 'queued'
      ? a.startedAt - b.startedAt
      : b.startedAt - a.startedAt
  })

const phaseWords = {
  queued: 'Waiting',
  reading: 'Reading',
  encrypting: 'Encrypting',
  decrypting: 'Decrypting',
  uploading: 'Uploading',
  verifying: 'Verifying',
  finalising: 'Finalising',
  destroying: 'Destroying',
} as const satisfies Record<JobView['phase'], string>

const failedWords: Record<JobKind, string> = {
  encrypt: 'Encryption failed',
  decrypt: 'Decryption failed',
  verify: 'Verification failed',
  'destroy-key': 'Destruction failed',
  rebuild: 'Rebuild failed',
  adopt: 'Adoption failed',
}

export const kindWords: Record<JobKind, string> = {
  encrypt: 'Encrypt',
  decrypt: 'Decrypt',
  verify: 'Verify',
  'destroy-key': 'Destroy key',
  rebuild: 'Rebuild',
  adopt: 'Adopt',
}

const doneWords: Record<JobKind, string> = {
  encrypt: 'Stored and verified',
  decrypt: 'Verified and written',
  verify: 'Verified',
  'destroy-key': 'Destroyed, read back',
  rebuild: 'Rebuilt',
  adopt: 'Adopted',
}

export type Tone = 'plain' | 'ok' | 'warn' | 'danger' | 'quiet'

/** The word for where a job stands, and its colour; the caller adds the time where it stands still. */
export function statusOf(job: JobView): { word: string; tone: Tone } {
  switch (job.state) {
    case 'queued':
      return { word: 'Waiting', tone: 'quiet' }
    case 'running':
      return { word: phaseWords[job.phase], tone: 'plain' }
    case 'paused':
      return { word: 'Paused', tone: 'warn' }
    case 'failed':
      return { word: failedWords[job.kind], tone: 'danger' }
    case 'unresolved':
      return { word: 'Outcome unknown', tone: 'warn' }
    case 'done':
      return { word: job.outcome ?? doneWords[job.kind], tone: 'ok' }
    case 'cancelled':
      return { word: job.outcome ?? 'Cancelled', tone: 'quiet' }
  }
}

/** Share done from 0 to 100, or null where there is nothing to measure. */
export const percentDone = (job: JobView): number | null =>
  job.totalBytes === 0 ? null : Math.min(100, (100 * job.doneBytes) / job.totalBytes)

/** What a screen reader is told when a job changes its state; null for mere progress. */
export function announcement(before: JobView | undefined, now: JobView): string | null {
  if (before === undefined || before.state === now.state) return null
  return `${now.title}: ${statusOf(now).word}`
}
