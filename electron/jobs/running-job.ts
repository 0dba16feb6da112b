/** A job while it is run or taken back. */
import type { Failure } from '../../shared/failure.ts'

type StopReason = 'pause' | 'cancel' | 'quit'
export type Running = {
  control: AbortController
  stop: StopReason | null
  /** Why it is paused, where nobody asked for it. */
  pausedBy: Failure | null
  /** Once the job is being taken back. */
  isUndoing: boolean
  done: Promise<void>
}
export const newEntry = (stop: StopReason | null): Running => ({
  control: new AbortController(),
  stop,
  pausedBy: null,
  isUndoing: stop === 'cancel',
  done: Promise.resolve(),
})
