/** Whether a scheduled destruction may happen by itself. Pure. One wrong clock must not destroy (cryptography.md,
 * section 5, "Retire"). */
import type { RetirementWait } from '../../shared/domain/retirement.ts'

/** Clocks are corrected by so much without being wrong. */
const toleranceMs = 2 * 60_000
/** And they drift. */
const driftShare = 0.001

type Reading = { wallMs: number; countMs: number }

/** Whether wall clock and count disagree on how much time has passed, forwards or back. */
export const clockJumped = (before: Reading, now: Reading): boolean => {
  const counted = now.countMs - before.countMs
  const shown = now.wallMs - before.wallMs
  return Math.abs(shown - counted) > toleranceMs + driftShare * Math.abs(counted)
}

/** @param watchedSinceMs since when the program has been open and the clock steady: what fell due before is not seen to
 * fall due
 * @param newestSeenMs the newest date in the audit log */
export function whatIsDue(
  destroyAtMs: number,
  at: { wallMs: number; watchedSinceMs: number; newestSeenMs: number },
): 'not-yet' | 'destroy' | Extract<RetirementWait, 'closed' | 'clock'> {
  if (at.wallMs + toleranceMs < at.newestSeenMs) return 'clock'
  if (destroyAtMs > at.wallMs) return 'not-yet'
  return destroyAtMs <= at.watchedSinceMs ? 'closed' : 'destroy'
}
