/** Whether a scheduled destruction may happen by itself. Pure. One wrong clock must not destroy (cryptography.md,
 * section 5, "Retire"). */
import type { RetirementWait } from '../../shared/domain/retirement.ts'

/** Clocks are corrected by so much without being wrong. */
const toleranceMs = 2 * 60_000
/** And they drift. */
const driftShare = 0.001

type Reading = { wallMs: number; countMs: number }

/** By how much more time has passed by the wall clock than by the count, negative where it was set back; 0 where they
 * agree. */
export const clockJump = (before: Reading, now: Reading): number => {
  const counted = now.countMs - before.countMs
  const shown = now.wallMs - before.wallMs
  const jump = shown - counted
  return Math.abs(jump) > toleranceMs + driftShare * Math.abs(counted) ? jump : 0
}

/** @param watchedSinceMs since when the program has been open and the clock steady: what fell due before is not seen to
 * fall due
 * @param newestSeenMs the newest date in the audit log
 * @param aheadMs by how much the clock jumped since it was scheduled: one of the two clocks is wrong, and what is due by
 * one alone waits. What is not due by the clock as it is now is left alone: that one may be the right one, and the date
 * may move only away by the other */
export function whatIsDue(
  destroyAtMs: number,
  at: { wallMs: number; watchedSinceMs: number; newestSeenMs: number; aheadMs: number },
): 'not-yet' | 'destroy' | Extract<RetirementWait, 'closed' | 'clock'> {
  if (destroyAtMs > at.wallMs) return 'not-yet'
  if (at.wallMs + toleranceMs < at.newestSeenMs) return 'clock'
  if (destroyAtMs + at.aheadMs > at.wallMs) return 'clock'
  return destroyAtMs <= at.watchedSinceMs ? 'closed' : 'destroy'
}
