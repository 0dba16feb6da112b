/** Runs jobs: a few at once, each journaled, each stoppable; what a crash interrupts goes on at the next start. */
import type { StoredJob } from '../catalog/job-operations.ts'
import { fail, type Failure } from '../../shared/failure.ts'
import { JobId, newId } from '../../shared/ids.ts'
import type { JobKind, JobView } from '../../shared/job.ts'
import { createJobAtWork } from './job-at-work.ts'
import type { AnyJobKind, JobContext } from './job-kind.ts'
import { createJobViews } from './job-views.ts'
import type { Runner, RunnerDeps } from './runner-contract.ts'
import { newEntry, type Running } from './running-job.ts'

export type { Checkpoint, RunnerDeps, Runner } from './runner-contract.ts'

const resting = new Set<JobView['state']>(['done', 'failed', 'cancelled', 'paused', 'unresolved'])

export function createRunner(deps: RunnerDeps): Runner {
  const { catalog } = deps
  const running = new Map<JobId, Running>()
  const queue: JobId[] = []
  const outputs = new Map<JobId, NonNullable<JobContext['output']>>()
  const waiting = new Set<() => void>()
  let stopped = false

  const views = createJobViews((change) => {
    deps.changed(change)
    for (const wake of waiting) wake()
  })
  const definitionOf = (kind: JobKind): AnyJobKind =>
    deps.kinds.find((each) => each.kind === kind) ??
    fail({ code: 'job/not-resumable', jobId: '', state: `of kind ${kind}` })

  const show = (stored: StoredJob): JobView => {
    const definition = definitionOf(stored.kind)
    return views.stored(stored, {
      canPause: definition.canPause,
      canRunAgain: definition.canRunAgain(stored.spec),
      canReveal: revealPath(stored) !== null,
    })
  }
  const revealPath = (stored: StoredJob): string | null => {
    const definition = definitionOf(stored.kind)
    return stored.state === 'done' ? definition.canReveal(stored.spec) : null
  }

  const { between, run, undoStanding, unrecorded } = createJobAtWork({
    deps,
    views,
    definitionOf,
    show,
    outputs,
    waitFor: async (other) => {
      const entry = running.get(other)
      await entry?.done
      return entry !== undefined
    },
  })

  function pump(): void {
    while (!stopped && running.size < deps.atOnce) {
      const jobId = queue.shift()
      if (jobId === undefined) return
      const entry = newEntry(null)
      occupy(jobId, entry, () => run(jobId, entry))
    }
  }

  /** While a job is run or undone, nothing else does either. */
  function occupy(jobId: JobId, entry: Running, work: () => Promise<void>): void {
    running.set(jobId, entry)
    entry.done = work()
      .catch((error: unknown) => unrecorded(jobId, error))
      .finally(() => {
        running.delete(jobId)
        for (const wake of waiting) wake()
        pump()
      })
  }

  async function enqueue(jobIds: JobId[]): Promise<void> {
    for (const jobId of jobIds) {
      if (running.has(jobId) || queue.includes(jobId)) continue
      // In the queue before anything is waited for, so that a cancel finds it there.
      queue.push(jobId)
      try {
        const stored = await catalog.setJobState(jobId, 'queued')
        if (queue.includes(jobId)) show(stored)
      } catch (error) {
        const at = queue.indexOf(jobId)
        if (at >= 0) queue.splice(at, 1)
        throw error
      }
    }
    pump()
  }

  async function halt(
    jobIds: JobId[],
    reason: 'pause' | 'cancel',
    pausedBy: Failure | null = null,
  ): Promise<void> {
    await Promise.all(
      jobIds.map(async (jobId) => {
        const entry = running.get(jobId)
        if (entry) {
          const pausable = views.get(jobId)?.canPause ?? false
          if (reason === 'pause' && !pausable) return
          if (entry.stop !== 'cancel') entry.stop = reason
          entry.pausedBy ??= pausedBy
          entry.control.abort(new DOMException(reason, 'AbortError'))
          await entry.done
          // It had stood still already when the cancel came.
          const state = views.get(jobId)?.state
          const isLeft = !entry.isUndoing && (state === 'failed' || state === 'paused')
          if (reason === 'cancel' && isLeft) await halt([jobId], reason)
          return
        }
        const at = queue.indexOf(jobId)
        if (at >= 0) queue.splice(at, 1)
        if (reason === 'pause') {
          if (at >= 0) show(await catalog.setJobState(jobId, 'paused'))
          return
        }
        const undoing = newEntry('cancel')
        occupy(jobId, undoing, () => undoStanding(jobId))
        return undoing.done
      }),
    )
  }

  const which = (jobIds: JobId[] | null, can: (view: JobView) => boolean): JobId[] => {
    const chosen = jobIds ?? views.all().map(({ jobId }) => jobId)
    return chosen.filter((jobId) => {
      const view = views.get(jobId) ?? fail({ code: 'job/not-found', jobId })
      if (can(view)) return true
      return jobIds === null ? false : fail({ code: 'job/not-resumable', jobId, state: view.state })
    })
  }

  return {
    views,
    start: async (kind, spec, { by, output }, jobId = newId(JobId)) => {
      const definition = definitionOf(kind)
      const described = definition.describe(spec)
      if (output) outputs.set(jobId, output)
      const job = { jobId, kind, spec, by, ...described }
      const stored = await between(jobId, 'begin', () => catalog.insertJob(job))
      show(stored)
      queue.push(jobId)
      pump()
      return jobId
    },
    takeUp: async () => {
      const again: JobId[] = []
      for (const stored of await catalog.openJobs()) {
        show(stored)
        if (stored.state === 'running' || stored.state === 'queued' || stored.state === 'unresolved')
          again.push(stored.jobId)
      }
      await enqueue(again)
    },
    pause: (jobIds) =>
      halt(
        which(jobIds, (view) => view.canPause),
        'pause',
      ),
    suspend: async () => {
      const isRemote = async (jobId: JobId) => {
        const { kind, spec } = await catalog.getJob(jobId)
        const stores = await definitionOf(kind).stores(spec)
        return (await Promise.all(stores.map(deps.isRemoteStore))).includes(true)
      }
      const jobIds = [...running.keys()]
      const remote = await Promise.all(jobIds.map(isRemote))
      await halt(
        jobIds.filter((_, n) => remote[n]),
        'pause',
        { code: 'job/suspended' },
      )
    },
    journal: (jobId, step, facts) => between(jobId, step, () => catalog.appendStep(jobId, step, facts)),
    resume: async (jobIds) => {
      // What failed is tried again where it is named.
      const chosen = which(jobIds, (view) => view.canResume || (jobIds !== null && view.canRetry))
      const isCancelled = (jobId: JobId) => running.get(jobId)?.stop === 'cancel'
      const refused = jobIds === null ? undefined : chosen.find(isCancelled)
      if (refused !== undefined) fail({ code: 'job/not-resumable', jobId: refused, state: 'being cancelled' })
      await enqueue(chosen.filter((jobId) => !isCancelled(jobId)))
    },
    cancel: (jobIds) =>
      halt(
        which(jobIds, (view) => view.canCancel),
        'cancel',
      ),
    dismiss: async (jobIds) => {
      for (const jobId of which(
        jobIds,
        (view) => view.state === 'failed' || view.state === 'done' || view.state === 'cancelled',
      )) {
        if (views.get(jobId)?.state === 'failed') {
          await halt([jobId], 'cancel')
          const state = views.get(jobId)?.state
          if (state === 'unresolved' || state === 'failed') continue
        }
        views.remove(jobId)
      }
    },
    settled: async (jobIds) => {
      const rest = () =>
        jobIds.every(
          (jobId) =>
            !running.has(jobId) && !queue.includes(jobId) && resting.has(views.get(jobId)?.state ?? 'done'),
        )
      while (!rest())
        await new Promise<void>((resolve) => {
          const wake = () => {
            waiting.delete(wake)
            resolve()
          }
          waiting.add(wake)
        })
      return jobIds.flatMap((jobId) => views.get(jobId) ?? [])
    },
    stop: async () => {
      stopped = true
      queue.length = 0
      for (const entry of running.values()) {
        entry.stop ??= 'quit'
        entry.control.abort(new DOMException('quit', 'AbortError'))
      }
      await Promise.all([...running.values()].map(({ done }) => done))
      views.close()
    },
    openJobs: () => running.size + queue.length,
    revealPath,
  }
}
