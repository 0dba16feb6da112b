/** A job while it is run or taken back. */
type StopReason = 'pause' | 'cancel' | 'quit'
export type Running = {
  control: AbortController
  stop: StopReason | null
  /** Once the job is being taken back. */
  isUndoing: boolean
  done: Promise<void>
}
export const newEntry = (stop: StopReason | null): Running => ({
  control: new AbortController(),
  stop,
  isUndoing: stop === 'cancel',
  done: Promise.resolve(),
})
