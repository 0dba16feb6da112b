/** Jobs as clients see them: a snapshot, then patches, at most ten a second for each job. */
import type { StoredJob } from '../catalog/job-operations.ts'
import type { JobId } from '../../shared/ids.ts'
import type { JobParts, JobPhase, JobView } from '../../shared/job.ts'
import { createRate, type Rate } from './rate.ts'

const patchEveryMs = 100

/** What its kind says may be done with it. */
type Can = { canPause: boolean; canRunAgain: boolean; canReveal: boolean }

export type JobViews = {
  all: () => JobView[]
  get: (jobId: JobId) => JobView | undefined
  /** Takes over what the catalog says; leaves at once. */
  stored: (job: StoredJob, can: Can) => JobView
  /** Leaves with the next patch. */
  progress: (
    jobId: JobId,
    phase: JobPhase,
    doneBytes: number,
    totalBytes: number,
    parts: JobParts | null,
  ) => void
  counts: (jobId: JobId) => { doneBytes: number; totalBytes: number }
  remove: (jobId: JobId) => void
  close: () => void
}

/** A stored job as a view, outside any progress: for the history. */
export function viewOf(job: StoredJob, can: Can): JobView {
  const moving = job.state === 'running' || job.state === 'queued'
  return {
    jobId: job.jobId,
    kind: job.kind,
    state: job.state,
    phase: 'queued',
    title: job.title,
    target: job.target,
    artifactId: job.artifactId,
    keyId: job.keyId,
    doneBytes: job.doneBytes,
    totalBytes: job.totalBytes,
    parts: null,
    bytesPerSecond: 0,
    secondsLeft: null,
    startedAt: job.startedAt,
    endedAt: job.endedAt,
    pausedAt: job.pausedAt,
    failure: job.failure,
    safe: job.safe,
    canPause: can.canPause && moving,
    canResume: can.canRunAgain && (job.state === 'paused' || job.state === 'unresolved'),
    canRetry: can.canRunAgain && job.state === 'failed',
    canCancel: job.state !== 'done' && job.state !== 'cancelled',
    canReveal: can.canReveal,
    outcome: job.outcome,
    report: job.report,
  }
}

export function createJobViews(changed: (change: { jobs: JobView[]; removed: JobId[] }) => void): JobViews {
  const views = new Map<JobId, JobView>()
  const rates = new Map<JobId, Rate>()
  const dirty = new Set<JobId>()
  let timer: NodeJS.Timeout | null = null

  const flush = () => {
    timer = null
    const jobs = [...dirty].flatMap((jobId) => views.get(jobId) ?? [])
    dirty.clear()
    if (jobs.length > 0) changed({ jobs, removed: [] })
  }
  return {
    all: () => [...views.values()],
    get: (jobId) => views.get(jobId),
    stored: (job, can) => {
      const before = views.get(job.jobId)
      const view = viewOf(job, can)
      if (before && job.state === 'running') view.phase = before.phase
      // Where it stands still, what the store has stays worth knowing.
      if (before && job.state !== 'done' && job.state !== 'cancelled') view.parts = before.parts
      if (job.state !== 'running') rates.delete(job.jobId)
      views.set(job.jobId, view)
      dirty.delete(job.jobId)
      changed({ jobs: [view], removed: [] })
      return view
    },
    progress: (jobId, phase, doneBytes, totalBytes, parts) => {
      const view = views.get(jobId)
      if (!view) return
      const now = performance.now()
      const rate = rates.get(jobId) ?? createRate()
      rates.set(jobId, rate)
      rate.note(doneBytes, now)
      const bytesPerSecond = rate.bytesPerSecond(now)
      const secondsLeft = bytesPerSecond > 0 ? Math.max(0, totalBytes - doneBytes) / bytesPerSecond : null
      views.set(jobId, { ...view, phase, doneBytes, totalBytes, parts, bytesPerSecond, secondsLeft })
      dirty.add(jobId)
      timer ??= setTimeout(flush, patchEveryMs)
    },
    counts: (jobId) => {
      const view = views.get(jobId)
      return { doneBytes: view?.doneBytes ?? 0, totalBytes: view?.totalBytes ?? 0 }
    },
    remove: (jobId) => {
      views.delete(jobId)
      rates.delete(jobId)
      dirty.delete(jobId)
      changed({ jobs: [], removed: [jobId] })
    },
    close: () => {
      if (timer) clearTimeout(timer)
    },
  }
}
