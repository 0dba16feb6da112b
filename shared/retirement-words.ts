/** Why a scheduled destruction that fell due waits for a yes, in words. */
import type { RetirementWait } from './domain/retirement.ts'

export const waitWords: Record<RetirementWait, string> = {
  closed: 'it fell due while Weightlock was closed',
  clock: 'the clock jumped while it was waiting',
  moved: 'the data folder came from another machine',
  changed: 'more would be lost than was confirmed',
  begun: 'it was started, and did not begin to destroy',
}
