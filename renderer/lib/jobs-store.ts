/** The open jobs, as main owns them: one snapshot, then patches. */
import { useCallback, useSyncExternalStore } from 'react'
import type { Bridge } from '../../shared/contract/bridge.ts'
import type { EventPayload } from '../../shared/contract/events.ts'
import type { JobId } from '../../shared/ids.ts'
import type { JobView } from '../../shared/job.ts'
import { useProgram } from './program-context.ts'

export type JobsState = { loaded: boolean; jobs: JobView[] }
export type JobsStore = {
  get: () => JobsState
  subscribe: (listener: () => void) => () => void
  /** Listens and asks for the snapshot. @returns a function that stops listening */
  start: () => () => void
}

type Patch = EventPayload<'jobs:changed'>

const applyPatch = (jobs: JobView[], { jobs: changed, removed }: Patch): JobView[] => {
  const byId = new Map(jobs.map((job) => [job.jobId, job]))
  for (const job of changed) byId.set(job.jobId, job)
  for (const jobId of removed) byId.delete(jobId)
  return [...byId.values()]
}

export function makeJobsStore(bridge: Bridge): JobsStore {
  let state: JobsState = { loaded: false, jobs: [] }
  const listeners = new Set<() => void>()
  const set = (next: JobsState): void => {
    state = next
    for (const listener of listeners) listener()
  }
  return {
    get: () => state,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    start: () => {
      // A patch may overtake the snapshot: it is kept and applied on top.
      let early: Patch[] = []
      let stopped = false
      const off = bridge.on('jobs:changed', (patch) => {
        if (state.loaded) set({ loaded: true, jobs: applyPatch(state.jobs, patch) })
        else early.push(patch)
      })
      void bridge.invoke('jobs:snapshot', {}).then((result) => {
        if (stopped || !result.ok) return
        set({ loaded: true, jobs: early.reduce(applyPatch, result.value.jobs) })
        early = []
      })
      return () => {
        stopped = true
        off()
      }
    },
  }
}

/** Every open job, oldest first as main lists them. */
export function useJobs(): JobsState {
  const { jobs } = useProgram()
  return useSyncExternalStore(jobs.subscribe, jobs.get)
}

/** One open job, or undefined once it has left the list. */
export function useJob(jobId: JobId | null): JobView | undefined {
  const { jobs } = useProgram()
  const get = useCallback(() => jobs.get().jobs.find((job) => job.jobId === jobId), [jobs, jobId])
  return useSyncExternalStore(jobs.subscribe, get)
}

/** Still to come to an end by itself or by the user: what the rail counts. */
export const isOpen = (job: JobView): boolean => job.state !== 'done' && job.state !== 'cancelled'
