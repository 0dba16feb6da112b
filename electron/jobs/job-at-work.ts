/** One job at work: given what its kind needs, run to where it rests, settled, taken back. */
import type { Json } from '../catalog/catalog.ts'
import type { StoredJob } from '../catalog/job-operations.ts'
import { failureOf, type Failure } from '../../shared/failure.ts'
import type { JobId } from '../../shared/ids.ts'
import type { JobKind, JobPhase, JobView } from '../../shared/job.ts'
import type { AnyJobKind, JobContext, JobOutcome } from './job-kind.ts'
import type { JobViews } from './job-views.ts'
import { pausesJob } from './pausing-failures.ts'
import type { RunnerDeps } from './runner-contract.ts'
import type { Running } from './running-job.ts'

type StateChange = Parameters<RunnerDeps['catalog']['setJobState']>[2]
type Finish = (state: StoredJob['state'], change?: StateChange | null) => Promise<void>

export type JobAtWork = {
  /** Runs a job until it ends or stands still; `entry.stop` says what an abort of its signal is for. */
  run: (jobId: JobId, entry: Running) => Promise<void>
  /** Takes back a job that does not run. */
  undoStanding: (jobId: JobId) => Promise<void>
  /** Commits a step of the journal between its two checkpoints. */
  between: <T>(jobId: JobId, step: string, commit: () => Promise<T>) => Promise<T>
  /** The catalog could not take down how a job ended (its disk is full): shown as failed all the same. */
  unrecorded: (jobId: JobId, error: unknown) => Promise<void>
}

export function createJobAtWork({
  deps,
  views,
  definitionOf,
  show,
  outputs,
  waitFor,
}: {
  deps: RunnerDeps
  views: JobViews
  definitionOf: (kind: JobKind) => AnyJobKind
  show: (stored: StoredJob) => JobView
  /** Standard outputs of terminals that wait for a job. */
  outputs: Map<JobId, NonNullable<JobContext['output']>>
  waitFor: JobContext['waitFor']
}): JobAtWork {
  const { catalog } = deps

  const between: JobAtWork['between'] = async (jobId, step, commit) => {
    await deps.checkpoint({ jobId, step, when: 'before' })
    const committed = await commit()
    await deps.checkpoint({ jobId, step, when: 'after' })
    return committed
  }

  const contextOf = ({ jobId, by }: StoredJob, signal: AbortSignal): JobContext => ({
    jobId,
    signal,
    by,
    output: outputs.get(jobId) ?? null,
    report: (phase: JobPhase, doneBytes, totalBytes, parts) =>
      views.progress(jobId, phase, doneBytes, totalBytes, parts ?? null),
    shown: async () => void show(await catalog.getJob(jobId)),
    journal: (step, facts = {}) => between(jobId, step, () => catalog.appendStep(jobId, step, facts as Json)),
    checkpoint: (step, commit) => between(jobId, step, commit),
    waitFor,
    steps: async () =>
      (await catalog.steps(jobId)).map(({ step, facts, at }) => ({
        step,
        at,
        facts: (facts ?? {}) as Record<string, unknown>,
      })),
  })

  const failureFor = (where: string, error: unknown): Failure =>
    failureOf(error) ?? { code: 'internal/bug', reference: deps.onBug(where, error) }

  /** As its kind says that it ended. */
  const finishAs = (
    { spec }: StoredJob,
    definition: AnyJobKind,
    { outcome, report = [], failure }: JobOutcome,
    finish: Finish,
  ): Promise<void> =>
    failure
      ? finish('failed', { failure, report, outcome, safe: definition.safe(spec) })
      : finish('done', { outcome, report })

  async function undo(stored: StoredJob, context: JobContext, finish: Finish): Promise<void> {
    const definition = definitionOf(stored.kind)
    const { spec } = stored
    try {
      const finished = await definition.undo(spec, { ...context, signal: new AbortController().signal })
      if (finished) await finishAs(stored, definition, finished, finish)
      else await finish('cancelled', { outcome: 'Cancelled' })
    } catch (error) {
      await finish('unresolved', {
        failure: failureFor(`undoing ${stored.kind} job`, error),
        safe: definition.safe(spec),
      })
    }
  }

  return {
    between,
    run: async (jobId, entry) => {
      const stored = await catalog.setJobState(jobId, 'running')
      show(stored)
      const definition = definitionOf(stored.kind)
      const { spec } = stored
      const context = contextOf(stored, entry.control.signal)
      const finish: Finish = async (state, change) => {
        const counts = views.counts(jobId)
        await deps.ended(show(await catalog.setJobState(jobId, state, { ...counts, ...change })))
      }
      try {
        await finishAs(stored, definition, await definition.run(spec, context), finish)
      } catch (error) {
        if (entry.stop === 'quit') return
        if (entry.stop === 'cancel') {
          entry.isUndoing = true
          return await undo(stored, context, finish)
        }
        // What cannot be taken away now, because its store is gone, is journaled and taken away by the next run.
        const settle = () =>
          definition
            .settle(spec, { ...context, signal: new AbortController().signal })
            .catch((unsettled: unknown) => void failureFor(`settling ${stored.kind} job`, unsettled))
        if (entry.stop === 'pause') {
          await settle()
          const { pausedBy } = entry
          return await finish('paused', pausedBy && { failure: pausedBy, safe: definition.safe(spec) })
        }
        const failure = failureFor(`${stored.kind} job`, error)
        const unresolved = failure.code === 'artifact/unresolved'
        if (!unresolved) await settle()
        const passes = definition.canPause && definition.canRunAgain(spec) && pausesJob(failure)
        const state = unresolved ? 'unresolved' : passes ? 'paused' : 'failed'
        await finish(state, { failure, safe: definition.safe(spec) })
      } finally {
        outputs.delete(jobId)
      }
    },
    undoStanding: async (jobId) => {
      const stored = await catalog.getJob(jobId)
      if (stored.state === 'done' || stored.state === 'cancelled') return
      const context = contextOf(stored, new AbortController().signal)
      await undo(stored, context, async (state, change) => {
        await deps.ended(show(await catalog.setJobState(jobId, state, change ?? {})))
      })
    },
    unrecorded: async (jobId, error) => {
      const failure = failureFor('runner', error)
      const stored = await catalog.getJob(jobId).catch(() => null)
      if (stored === null) return views.remove(jobId)
      show({ ...stored, state: 'failed', failure, safe: definitionOf(stored.kind).safe(stored.spec) })
    },
  }
}
