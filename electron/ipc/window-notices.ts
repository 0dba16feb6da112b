/** What the desktop is told of jobs: progress on the taskbar, staying awake, a notice when nobody is looking. */
import { failureText } from '../../shared/failure-text.ts'
import type { JobView } from '../../shared/job.ts'
import { safeText } from '../../shared/safe-text.ts'
import type { Host } from '../host/host.ts'

export type WindowNotices = { jobsChanged: (all: JobView[]) => void; jobEnded: (job: JobView) => void }

export function createWindowNotices(host: Host | null): WindowNotices {
  let awake = false
  return {
    jobsChanged: (all) => {
      if (host === null) return
      const moving = all.filter(({ state }) => state === 'running' || state === 'queued')
      const total = moving.reduce((sum, { totalBytes }) => sum + totalBytes, 0)
      const done = moving.reduce((sum, { doneBytes }) => sum + doneBytes, 0)
      host.setProgress(moving.length === 0 ? null : total === 0 ? 0 : Math.min(1, done / total))
      if (awake !== moving.length > 0) {
        awake = moving.length > 0
        host.keepAwake(awake)
      }
    },
    jobEnded: (job) => {
      if (host === null || host.isFocused()) return
      if (job.state === 'done') host.notify(safeText(job.title), job.outcome ?? 'Done')
      if ((job.state === 'failed' || job.state === 'paused') && job.failure)
        host.notify(safeText(job.title), failureText(job.failure).title)
    },
  }
}
