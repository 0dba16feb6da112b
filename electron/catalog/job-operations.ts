import type { Failure } from '../../shared/failure.ts'
import type { ArtifactId, JobId, KeyId, StoreId } from '../../shared/ids.ts'
import type { JobKind, JobState } from '../../shared/job.ts'
import type { Actor, Json } from './catalog.ts'

/** A job as it is kept. Progress is not: only the last counts, when it stands still. */
export type StoredJob = {
  jobId: JobId
  kind: JobKind
  /** What was asked, as its kind wrote it. No secrets. */
  spec: Json
  state: JobState
  title: string
  target: string
  artifactId: ArtifactId | null
  keyId: KeyId | null
  storeId: StoreId | null
  doneBytes: number
  totalBytes: number
  startedAt: number
  endedAt: number | null
  failure: Failure | null
  safe: string | null
  outcome: string | null
  report: string[]
  dismissed: boolean
  by: Actor
}

export type NewJob = Pick<
  StoredJob,
  'jobId' | 'kind' | 'spec' | 'title' | 'target' | 'artifactId' | 'keyId' | 'storeId' | 'totalBytes' | 'by'
>

/** One line of the journal. `n` counts from 1 within the job. */
export type JobStep = { n: number; step: string; at: number; facts: Json }

/** Jobs and their journal (data.md, "Journal"). */
export type JobOperations = {
  /** State `queued`, journal step `begin` with the specification. */
  insertJob: (request: NewJob) => StoredJob
  /** Many at once, one commit. */
  insertJobs: (requests: NewJob[]) => StoredJob[]
  /** On the disk before it answers: announce a step, then do it. @throws job/not-found */
  appendStep: (jobId: JobId, step: string, facts: Json) => JobStep
  /** Several with one commit. @throws job/not-found */
  appendSteps: (jobId: JobId, steps: { step: string; facts: Json }[]) => JobStep[]
  /** In order. */
  steps: (jobId: JobId) => JobStep[]
  /** Facts of a step leave the file for good (a journaled old header, when the job ends). */
  forgetStep: (jobId: JobId, step: string) => void
  /** Sets the state and whatever else is given; a state that is an end sets `endedAt`, any other clears it, and
   * `queued` and `running` clear the failure. `cancelled` gives back the reservation. @throws job/not-found */
  setJobState: (
    jobId: JobId,
    state: JobState,
    change?: Partial<
      Pick<
        StoredJob,
        | 'failure'
        | 'safe'
        | 'outcome'
        | 'report'
        | 'doneBytes'
        | 'totalBytes'
        | 'title'
        | 'target'
        | 'artifactId'
        | 'keyId'
        | 'spec'
      >
    >,
  ) => StoredJob
  /** Takes a failed job off the open ones; gives back its reservation. */
  dismissJob: (jobId: JobId) => StoredJob
  /** @throws job/not-found */
  getJob: (jobId: JobId) => StoredJob
  /** Queued, running, paused, unresolved, and failed ones not dismissed; oldest first. */
  openJobs: () => StoredJob[]
  /** The others, latest end first. */
  jobHistory: (offset: number, limit: number) => { total: number; jobs: StoredJob[] }
}
