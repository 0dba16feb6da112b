/** Notices of jobs that were just begun. */
import { useLocation } from 'wouter'
import type { JobId } from '../../shared/ids.ts'
import { isOpen } from '../lib/jobs-store.ts'
import { useProgram } from '../lib/program-context.ts'
import { showNotice } from './notice.tsx'

type JobsNotice = {
  jobIds: JobId[]
  /** While they run: `Encrypting 3 artifacts`. */
  running: string
  /** In its place once all have ended well: `3 artifacts encrypted`. */
  done: string
  message?: string
}

/** Says what has begun, with the way to Transfers, and says what became of it where that is soon. A job that does not
 * end well takes the notice away: its row and the rail tell more. */
export function useJobsNotice(): (notice: JobsNotice) => void {
  const { jobs } = useProgram()
  const [, navigate] = useLocation()
  return ({ jobIds, running, done, message = '' }) => {
    const action = { label: 'Show in Transfers', run: () => navigate('/transfers') }
    const seen = new Set<JobId>()
    let stop = (): void => {}
    const notice = showNotice({ title: running, message, action, onClose: () => stop() })
    const look = (): void => {
      const now = new Map(jobs.get().jobs.map((job) => [job.jobId, job]))
      for (const jobId of jobIds) if (now.has(jobId)) seen.add(jobId)
      const left = jobIds.map((jobId) => now.get(jobId))
      if (
        left.some(
          (job) => job?.state === 'failed' || job?.state === 'cancelled' || job?.state === 'unresolved',
        )
      ) {
        stop()
        notice.close()
      } else if (seen.size === jobIds.length && left.every((job) => job === undefined || !isOpen(job))) {
        stop()
        notice.become({ title: done, action })
      }
    }
    stop = jobs.subscribe(look)
    look()
  }
}
