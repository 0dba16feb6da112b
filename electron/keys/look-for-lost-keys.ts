/** Asks the keychain for each key, one after another and slowly, so that a lost one is known before it is needed. The
 * keychain is asked by key: it is never made to list what it holds. */
import type { Catalog } from '../catalog/catalog.ts'
import type { SecretsProvider } from '../secrets/provider.ts'
import { failureOf } from '../../shared/failure.ts'
import type { KeyId } from '../../shared/ids.ts'

export type LostKeyPace = {
  /** From the start of the program to the first question. */
  delayMs: number
  /** Between two questions. */
  betweenMs: number
  /** Until a keychain that did not answer is asked again. */
  againMs: number
  /** From the end of a round to the next one. */
  nextMs: number
}

/** Twenty keys a second, once the window has long been there, and again each hour. */
export const usualPace: LostKeyPace = { delayMs: 20_000, betweenMs: 50, againMs: 600_000, nextMs: 3_600_000 }

/** Round after round while the program runs. What it says is noted by `notingPresence`.
 * @param onBug what was not expected
 * @returns a function that stops it, and settles when it asks nothing more */
export function lookForLostKeys(
  {
    catalog,
    secrets,
    isMine,
  }: {
    catalog: Pick<Catalog, 'usableKeys'>
    secrets: Pick<SecretsProvider, 'presence'>
    /** Another machine's keychain says nothing of a folder's keys. */
    isMine: () => boolean
  },
  pace: LostKeyPace,
  onBug: (error: unknown) => void,
): () => Promise<void> {
  const stopping = new AbortController()
  const { signal } = stopping
  const round = async (): Promise<void> => {
    for (let after: KeyId | null = null; ;) {
      const page: Awaited<ReturnType<typeof catalog.usableKeys>> = await catalog.usableKeys(after, 200)
      for (const { keyId, state } of page) {
        if (signal.aborted) return
        if (state === 'pre-activation') continue
        await secrets.presence(keyId)
        await rest(pace.betweenMs, signal)
      }
      after = page.at(-1)?.keyId ?? null
      if (after === null || signal.aborted) return
    }
  }
  const rounds = async (): Promise<void> => {
    await rest(pace.delayMs, signal)
    while (!signal.aborted) {
      if (!isMine()) {
        await rest(pace.againMs, signal)
        continue
      }
      try {
        await round()
        await rest(pace.nextMs, signal)
      } catch (error) {
        // The keychain is locked or away: of no key anything is known.
        if (failureOf(error) === null) throw error
        await rest(pace.againMs, signal)
      }
    }
  }
  const done = rounds().catch((error: unknown) => {
    if (!signal.aborted) onBug(error)
  })
  return async () => {
    stopping.abort()
    await done
  }
}

/** Keeps no process alive. */
function rest(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  timer.unref()
  const stop = () => {
    clearTimeout(timer)
    resolve()
  }
  signal.addEventListener('abort', stop, { once: true })
  return promise.finally(() => signal.removeEventListener('abort', stop))
}
