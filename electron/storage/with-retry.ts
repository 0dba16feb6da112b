/**
 * Tries again what failed for a passing reason, around any backend: bounded, with growing pauses and jitter.
 * Only calls that may be repeated without harm are: a begun write would be begun twice, and whether a complete,
 * a copy or a replaced head went through is the caller's to settle by reading.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { failureOf } from '../../shared/failure.ts'
import type { StorageBackend } from './backend.ts'
import { errnoOf } from './durable-files.ts'

export type RetryPolicy = {
  /** Tries in all. */
  attempts: number
  firstPauseMs: number
  longestPauseMs: number
  isTransient: (error: unknown) => boolean
  /** Injected in tests. */
  wait: (pauseMs: number, signal: AbortSignal | undefined) => Promise<void>
  random: () => number
}

const passing = new Set([
  'EAGAIN',
  'EBUSY',
  'EINTR',
  'ETIMEDOUT',
  'ECONNRESET',
  'ECONNREFUSED',
  'ENETDOWN',
  'ENETUNREACH',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ESTALE',
])

/** Failures of a backend that knows better what may be repeated, and tried again itself. */
export const retriedInside = new WeakSet<Error>()

/** A store out of reach for a reason of the network or a busy file; never a full, read-only or missing one. */
export const isTransientFailure = (error: unknown): boolean =>
  failureOf(error)?.code === 'store/unreachable' &&
  error instanceof Error &&
  !retriedInside.has(error) &&
  passing.has(errnoOf(error.cause) ?? '')

export const defaultRetry: RetryPolicy = {
  attempts: 5,
  firstPauseMs: 200,
  longestPauseMs: 5000,
  isTransient: isTransientFailure,
  wait: async (pauseMs, signal) => {
    await pause(pauseMs, undefined, signal === undefined ? {} : { signal })
  },
  random: Math.random,
}

/** Runs it again for as long as the policy says.
 * @throws what the last try threw, or the signal's reason */
export async function retrying<T>(
  policy: RetryPolicy,
  signal: AbortSignal | undefined,
  run: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      if (attempt >= policy.attempts || signal?.aborted === true || !policy.isTransient(error)) throw error
      await policy.wait(pauseMs(policy, attempt), signal)
    }
  }
}

/** How long to wait after a try that failed: twice as long each time, and up to half less at random. */
export function pauseMs(policy: RetryPolicy, attempt: number): number {
  const longestMs = Math.min(policy.firstPauseMs * 2 ** (attempt - 1), policy.longestPauseMs)
  return longestMs * (0.5 + policy.random() / 2)
}

export function withRetry(backend: StorageBackend, policy: RetryPolicy = defaultRetry): StorageBackend {
  const again = <T>(signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> =>
    retrying(policy, signal, run)
  return {
    ...backend,
    capabilities: () => again(undefined, () => backend.capabilities()),
    head: (name, options) => again(options?.signal, () => backend.head(name, options)),
    list: (prefix, page, options) => again(options?.signal, () => backend.list(prefix, page, options)),
    read: (name, range, options) => again(options?.signal, () => backend.read(name, range, options)),
    writePart: (id, part, bytes, options) =>
      again(options?.signal, () => backend.writePart(id, part, bytes, options)),
    listParts: (id, options) => again(options?.signal, () => backend.listParts(id, options)),
    listWrites: (options) => again(options?.signal, () => backend.listWrites(options)),
    abortWrite: (id, options) => again(options?.signal, () => backend.abortWrite(id, options)),
  }
}
