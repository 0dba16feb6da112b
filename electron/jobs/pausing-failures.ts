/** What passes when somebody signs in again, sets a clock or reconnects: it pauses a job instead of failing it.
 * @see cryptography.md, section 8; product.md, "How it feels" */
import type { Failure } from '../../shared/failure.ts'

/** What systems call a network that is gone, or a server in it. */
const ofTheNetwork: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETRESET',
  'ENETUNREACH',
  'ENOTCONN',
  'ENOTFOUND',
  'EPIPE',
  'ESTALE',
  'ETIMEDOUT',
])

export const pausesJob = (failure: Failure): boolean =>
  failure.code === 'store/credentials-expired' ||
  failure.code === 'store/clock-skew' ||
  (failure.code === 'store/unreachable' && ofTheNetwork.has(failure.detail))
