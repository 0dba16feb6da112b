import { statusOf } from '../../components/job-progress/job-words.ts'
import { failureText } from '../../../shared/failure-text.ts'
import type { JobState, JobView } from '../../../shared/job.ts'

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

/** What a screen reader is told when a job changes its state; null for mere progress. */
export function announcement(before: JobView | undefined, now: JobView): string | null {
  if (before === undefined || before.state === now.state) return null
  const why = now.state === 'paused' && now.failure ? `, ${failureText(now.failure).title}` : ''
  return `${now.title}: ${statusOf(now).word}${why}`
}
