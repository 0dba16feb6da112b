import { fail, type Failure } from '../../shared/failure.ts'
import type { JobId } from '../../shared/ids.ts'
import type { JobState } from '../../shared/job.ts'
import type { Actor, Json } from './catalog.ts'
import type { Context } from './context.ts'
import { journaledWrites } from './journaled-writes.ts'
import type { JobOperations, JobStep, NewJob, StoredJob } from './job-operations.ts'
import { releaseReservation } from './naming.ts'

type Row = Omit<StoredJob, 'spec' | 'failure' | 'report' | 'by'> & {
  spec: string
  failure: string | null
  report: string
  who: Actor['who']
  via: Actor['via']
}
type Change = NonNullable<Parameters<JobOperations['setJobState']>[2]>

const select = `
  SELECT job_id AS jobId, kind, state, title, target, artifact_id AS artifactId, key_id AS keyId,
    spec, done_bytes AS doneBytes, total_bytes AS totalBytes, started_at AS startedAt, ended_at AS endedAt, paused_at AS pausedAt, failure,
    safe, outcome, report, who, via
  FROM jobs`

const jobOf = ({ who, via, ...row }: Row): StoredJob => ({
  ...row,
  spec: JSON.parse(row.spec),
  failure: row.failure === null ? null : (JSON.parse(row.failure) as Failure),
  report: JSON.parse(row.report),
  by: { who, via },
})

function getJob(context: Context, jobId: JobId): StoredJob {
  const row = context.get<Row>(`${select} WHERE job_id = $jobId`, { jobId })
  return row ? jobOf(row) : fail({ code: 'job/not-found', jobId })
}

function jobNo(context: Context, jobId: JobId): number {
  const row = context.get<{ jobNo: number }>('SELECT job_no AS jobNo FROM jobs WHERE job_id = $jobId', {
    jobId,
  })
  return row?.jobNo ?? fail({ code: 'job/not-found', jobId })
}

/** Announces a step in the journal. @throws job/not-found */
export function insertStep(context: Context, jobId: JobId, step: string, facts: Json): void {
  context.run(
    `INSERT INTO job_steps (job_no, n, step, at, facts)
     SELECT $no, 1 + coalesce(max(n), 0), $step, $at, $facts FROM job_steps WHERE job_no = $no`,
    { no: jobNo(context, jobId), step, at: context.now(), facts: JSON.stringify(facts) },
  )
}

const readSteps = (context: Context, jobId: JobId): JobStep[] =>
  context
    .all<Omit<JobStep, 'facts'> & { facts: string }>(
      'SELECT n, step, at, facts FROM job_steps WHERE job_no = $no ORDER BY n',
      { no: jobNo(context, jobId) },
    )
    .map((row) => ({ ...row, facts: JSON.parse(row.facts) }))

/** Whether the job has journaled that step with (at least) these facts. */
export const stepIsJournaled = (
  context: Context,
  jobId: JobId,
  name: string,
  wanted: Record<string, Json>,
): boolean =>
  readSteps(context, jobId).some(({ step, facts }) => {
    if (step !== name) return false
    const known = typeof facts === 'object' && facts !== null && !Array.isArray(facts) ? facts : {}
    return Object.entries(wanted).every(([fact, value]) => known[fact] === value)
  })

const openStates: readonly JobState[] = ['queued', 'running', 'paused', 'failed', 'unresolved']
const isEnd = (state: JobState): boolean => state === 'done' || state === 'cancelled' || state === 'failed'

/** The job is done, as part of the transaction that finished its work. */
export const endJob = (context: Context, jobId: JobId, end: { outcome: string; report: string[] }): void => {
  setState(context, jobId, 'done', end)
}

/** Sets the state and what else is given. */
export function setState(context: Context, jobId: JobId, state: JobState, change: Change = {}): StoredJob {
  const before = getJob(context, jobId)
  const isSame = before.state === state
  const starts = state === 'queued' || state === 'running'
  const after: StoredJob = {
    ...before,
    ...(starts ? { failure: null, safe: null } : {}),
    ...change,
    state,
    endedAt: isEnd(state) ? ((isSame ? before.endedAt : null) ?? context.now()) : null,
    pausedAt: state === 'paused' ? ((isSame ? before.pausedAt : null) ?? context.now()) : null,
  }
  context.run(
    `UPDATE jobs SET state = $state, is_open = $isOpen, title = $title, target = $target, artifact_id = $artifactId,
       key_id = $keyId, spec = $spec, done_bytes = $doneBytes, total_bytes = $totalBytes, ended_at = $endedAt, paused_at = $pausedAt,
       failure = $failure, safe = $safe, outcome = $outcome, report = $report
     WHERE job_id = $jobId`,
    {
      jobId,
      state,
      isOpen: openStates.includes(state),
      title: after.title,
      target: after.target,
      artifactId: after.artifactId,
      keyId: after.keyId,
      spec: JSON.stringify(after.spec),
      doneBytes: Math.trunc(after.doneBytes),
      totalBytes: Math.trunc(after.totalBytes),
      endedAt: after.endedAt,
      pausedAt: after.pausedAt,
      failure: after.failure === null ? null : JSON.stringify(after.failure),
      safe: after.safe,
      outcome: after.outcome,
      report: JSON.stringify(after.report),
    },
  )
  if (state === 'cancelled') releaseReservation(context, jobId)
  return after
}

function insertJob(context: Context, job: NewJob): StoredJob {
  const { by, spec, ...facts } = job
  context.run(
    `INSERT INTO jobs (job_id, kind, state, is_open, title, target, artifact_id, key_id, spec,
       done_bytes, total_bytes, started_at, report, who, via)
     VALUES ($jobId, $kind, 'queued', 1, $title, $target, $artifactId, $keyId, $spec,
       0, $totalBytes, $at, '[]', $who, $via)`,
    {
      ...facts,
      totalBytes: Math.trunc(facts.totalBytes),
      spec: JSON.stringify(spec),
      at: context.now(),
      who: by.who,
      via: by.via,
    },
  )
  insertStep(context, job.jobId, 'begin', spec)
  return getJob(context, job.jobId)
}

export function jobOperations(context: Context): JobOperations {
  return {
    insertJob: (request) => insertJob(context, request),
    appendStep: (jobId, step, facts) => insertStep(context, jobId, step, facts),
    journaledWrites: (storeId) => journaledWrites(context, storeId),
    steps: (jobId) => readSteps(context, jobId),
    setJobState: (jobId, state, change) => setState(context, jobId, state, change),
    getJob: (jobId) => getJob(context, jobId),
    openJobs: () => context.all<Row>(`${select} WHERE is_open = 1 ORDER BY job_no`).map(jobOf),
    jobHistory: (offset, limit) => ({
      total:
        context.get<{ total: number }>('SELECT count(*) AS total FROM jobs WHERE is_open = 0')?.total ?? 0,
      jobs: context
        .all<Row>(
          `${select} WHERE is_open = 0 ORDER BY ended_at DESC, job_no DESC LIMIT $limit OFFSET $offset`,
          { limit: Math.min(limit, 200), offset },
        )
        .map(jobOf),
    }),
  }
}
