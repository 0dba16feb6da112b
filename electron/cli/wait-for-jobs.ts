/** Follows jobs to their end. Ctrl-C pauses them, so that they can go on later. */
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import { type Failure, fail } from '../../shared/failure.ts'
import type { JobId } from '../../shared/ids.ts'
import type { JobView } from '../../shared/job.ts'
import { safeText } from '../../shared/safe-text.ts'
import { valueOf } from './calls.ts'
import type { Context } from './command.ts'

/** Why a job that stands still did not do what it was for; null when it did. */
export function failureOfJob({ state, failure, jobId }: JobView): Failure | null {
  if (state === 'done') return failure
  if (state === 'paused' && failure !== null) return failure
  if (state === 'paused' || state === 'queued' || state === 'running') return { code: 'job/stopped' }
  return failure ?? { code: 'job/not-resumable', jobId, state }
}

export type EndedJobs = { jobs: JobView[]; artifacts: ArtifactRow[] }

type OnInterrupt = 'pause' | 'cancel'

/**
 * @param onInterrupt what cannot go on later (output to a pipe) is cancelled instead
 * @returns the jobs in the order asked for, each ended or standing still
 */
export async function waitForJobs(
  context: Context,
  jobIds: readonly JobId[],
  onInterrupt: OnInterrupt = 'pause',
): Promise<EndedJobs> {
  if (jobIds.length === 0) return { jobs: [], artifacts: [] }
  const { bridge, interrupted, progress } = context
  const views = new Map<JobId, JobView | null>(jobIds.map((jobId) => [jobId, null]))
  const stopListening = bridge.onEvent((event) => {
    if (event.event !== 'jobs:changed') return
    for (const job of event.payload.jobs) if (views.has(job.jobId)) views.set(job.jobId, job)
    progress.show([...views.values()].filter((view) => view !== null))
  })
  const stop = () => {
    progress.clear()
    // One that cannot be stopped any more ends by itself, and is waited for.
    const known = [...views.values()].filter((view) => view !== null)
    const isUnstoppable =
      known.length > 0 && known.every(({ canPause, state }) => state === 'running' && !canPause)
    context.note(
      onInterrupt === 'cancel'
        ? 'Stopping…'
        : isUnstoppable
          ? 'This cannot be paused, and is finished first…'
          : 'Pausing…',
    )
    void bridge.invoke(`jobs:${onInterrupt}`, { jobIds: [...jobIds] })
  }
  if (interrupted.aborted) stop()
  else interrupted.addEventListener('abort', stop, { once: true })
  try {
    const ended = valueOf(await bridge.invoke('jobs:wait', { jobIds: [...jobIds] }))
    const order = new Map(jobIds.map((jobId, index) => [jobId, index]))
    const place = (job: JobView) => order.get(job.jobId) ?? 0
    progress.clear()
    for (const { state, failure, jobId, title } of ended.jobs)
      if (state === 'paused' && failure !== null) {
        context.standsStill()
        context.note(
          `${safeText(title)} is paused, not lost: \`weightlock jobs resume ${jobId}\` goes on with it`,
        )
      }
    return { ...ended, jobs: ended.jobs.toSorted((one, other) => place(one) - place(other)) }
  } finally {
    stopListening()
    interrupted.removeEventListener('abort', stop)
    progress.clear()
  }
}

/** One job that must succeed.
 * @throws its failure */
export async function waitForJob(
  context: Context,
  jobId: JobId,
  onInterrupt: OnInterrupt = 'pause',
): Promise<JobView> {
  const { jobs } = await waitForJobs(context, [jobId], onInterrupt)
  const job = jobs[0] ?? fail({ code: 'job/not-found', jobId })
  const failure = onInterrupt === 'cancel' && job.state === 'cancelled' ? jobStopped : failureOfJob(job)
  return failure ? fail(failure) : job
}

const jobStopped: Failure = { code: 'job/stopped' }
