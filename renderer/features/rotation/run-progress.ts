/** How far the jobs of one rotation are. Pure. */
import { percentDone } from '../../components/job-progress/job-words.ts'
import type { JobId } from '../../../shared/ids.ts'
import type { JobView } from '../../../shared/job.ts'

export type RunProgress = {
  total: number
  done: JobView[]
  /** Running, and those that pause. */
  atWork: JobView[]
  waiting: number
  /** Ended otherwise than well: failed, cancelled, or with an outcome that is not known. */
  stopped: JobView[]
  /** 0 to 100: each job alike, whatever its size. */
  percent: number
  hasEnded: boolean
  canPause: JobId[]
  canResume: JobId[]
  canRetry: JobId[]
  canCancel: JobId[]
}

const ids = (jobs: JobView[]): JobId[] => jobs.map(({ jobId }) => jobId)

/** @param jobs those of the run that are known; the others count as waiting */
export function progressOf(jobIds: readonly JobId[], jobs: readonly JobView[]): RunProgress {
  const wanted = new Set(jobIds)
  const mine = jobs.filter(({ jobId }) => wanted.has(jobId))
  const done = mine.filter(({ state }) => state === 'done')
  const stopped = mine.filter(
    ({ state }) => state === 'failed' || state === 'cancelled' || state === 'unresolved',
  )
  const atWork = mine.filter(({ state }) => state === 'running' || state === 'paused')
  const parts = atWork.reduce((sum, job) => sum + (percentDone(job) ?? 0) / 100, 0)
  const total = jobIds.length
  return {
    total,
    done,
    atWork,
    waiting: total - done.length - stopped.length - atWork.length,
    stopped,
    percent: total === 0 ? 100 : (100 * (done.length + stopped.length + parts)) / total,
    hasEnded: total > 0 && done.length + stopped.length === total,
    canPause: ids(mine.filter(({ canPause }) => canPause)),
    canResume: ids(mine.filter(({ canResume, state }) => canResume && state === 'paused')),
    canRetry: ids(stopped.filter(({ canRetry, canResume }) => canRetry || canResume)),
    canCancel: ids(
      mine.filter(({ canCancel, state }) => canCancel && state !== 'failed' && state !== 'unresolved'),
    ),
  }
}
