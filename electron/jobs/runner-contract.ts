/** What runs jobs, as its callers see it, and what it works with. */
import type { Catalog, Json } from '../catalog/catalog.ts'
import type { StoredJob } from '../catalog/job-operations.ts'
import type { JobId, StoreId } from '../../shared/ids.ts'
import type { JobKind, JobView } from '../../shared/job.ts'
import type { AnyJobKind, JobContext } from './job-kind.ts'
import type { JobViews } from './job-views.ts'

export type StartJob = Pick<JobContext, 'by' | 'output'>

/** Called before and after every journaled step; tests stop the program there. */
export type Checkpoint = (at: { jobId: JobId; step: string; when: 'before' | 'after' }) => Promise<void>

export type RunnerDeps = {
  catalog: Catalog
  kinds: readonly AnyJobKind[]
  /** How many jobs run at once. */
  atOnce: number
  checkpoint: Checkpoint
  /** Something that was not expected; @returns its reference in the log */
  onBug: (where: string, error: unknown) => string
  changed: (change: { jobs: JobView[]; removed: JobId[] }) => void
  isRemoteStore: (storeId: StoreId) => Promise<boolean>
  /** After a job has come to rest. */
  ended: (job: JobView) => Promise<void>
}

export type Runner = {
  start: (kind: JobKind, spec: Json, start: StartJob, jobId?: JobId) => Promise<JobId>
  /** Takes up what was running, queued or unresolved when the program ended. */
  takeUp: () => Promise<void>
  views: JobViews
  pause: (jobIds: JobId[] | null) => Promise<void>
  /** The machine goes to sleep: what talks to a store in a network is paused. */
  suspend: () => Promise<void>
  resume: (jobIds: JobId[] | null) => Promise<void>
  /** Takes down what was decided for a job that stands still, for it to find when it goes on. */
  journal: (jobId: JobId, step: string, facts: Json) => Promise<void>
  cancel: (jobIds: JobId[] | null) => Promise<void>
  dismiss: (jobIds: JobId[] | null) => Promise<void>
  /** Settles when each has ended or stands still. */
  settled: (jobIds: JobId[]) => Promise<JobView[]>
  /** Stops everything so that the next start goes on with it. */
  stop: () => Promise<void>
  openJobs: () => number
  /** Where a job's result can be shown, or null. */
  revealPath: (job: StoredJob) => string | null
}
