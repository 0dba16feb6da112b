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
  doneBytes: number
  totalBytes: number
  startedAt: number
  endedAt: number | null
  pausedAt: number | null
  failure: Failure | null
  safe: string | null
  outcome: string | null
  report: string[]
  by: Actor
}

export type NewJob = Pick<
  StoredJob,
  'jobId' | 'kind' | 'spec' | 'title' | 'target' | 'artifactId' | 'keyId' | 'totalBytes' | 'by'
>

/** One line of the journal. `n` counts from 1 within the job. */
export type JobStep = { n: number; step: string; at: number; facts: Json }

/** What a step of the journal says of a write into a store. */
export type JournaledWrite = Pick<StoredJob, 'jobId' | 'title' | 'state'> & {
  /** Queued, running, paused, failed and to be retried, or unresolved. */
  isOpen: boolean
  /** Null where only the object's name is known: the step before the write began. */
  writeId: string | null
  objectName: string | null
  /** Ids of the object's uploads before the write began, where the step tells. */
  uploadsBefore: string[] | null
  /** When that was journaled. */
  at: number
  /** The machine that began it, where the step tells. */
  machine: string | null
}

/** Jobs and their journal (data.md, "Journal"). */
export type JobOperations = {
  /** State `queued`, journal step `begin` with the specification. */
  insertJob: (request: NewJob) => StoredJob
  /** On the disk before it answers: announce a step, then do it. @throws job/not-found */
  appendStep: (jobId: JobId, step: string, facts: Json) => void
  /** In order. */
  steps: (jobId: JobId) => JobStep[]
  /** Sets the state and whatever else is given; a state that is an end sets `endedAt`, `paused` sets
   * `pausedAt`, any other clears them, and
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
  /** Of jobs that name the store, the latest first. */
  journaledWrites: (storeId: StoreId) => JournaledWrite[]
  /** @throws job/not-found */
  getJob: (jobId: JobId) => StoredJob
  /** Queued, running, paused, failed and unresolved ones, oldest first. */
  openJobs: () => StoredJob[]
  /** The others, latest end first. */
  jobHistory: (offset: number, limit: number) => { total: number; jobs: StoredJob[] }
}
