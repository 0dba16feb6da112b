/** A server may work on one request for many minutes without a word. Meanwhile it is asked for something small: one
 * that answers nothing at all is gone. */
import { setTimeout as pause } from 'node:timers/promises'

export type Asking = {
  /** Settles with whatever the server answers; throws where it does not. */
  ask: (signal: AbortSignal) => Promise<unknown>
  everyMs: number
  /** So many in a row without an answer. */
  misses: number
}

/** @throws Error of the name TimeoutError once the server is gone; what `send` throws */
export async function whileItAnswers<T>(
  { ask, everyMs, misses }: Asking,
  signal: AbortSignal | undefined,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const gone = new AbortController()
  const ended = new AbortController()
  const watch = async () => {
    for (let missed = 0; missed < misses;) {
      await pause(missed === 0 ? everyMs : 0, undefined, { signal: ended.signal })
      missed = await ask(ended.signal).then(
        () => 0,
        () => missed + 1,
      )
    }
    if (!ended.signal.aborted) gone.abort()
  }
  void watch().catch(() => undefined)
  try {
    return await send(AbortSignal.any([gone.signal, ...(signal === undefined ? [] : [signal])]))
  } catch (error) {
    if (!gone.signal.aborted || signal?.aborted === true) throw error
    throw Object.assign(new Error('it answers nothing any more', { cause: error }), { name: 'TimeoutError' })
  } finally {
    ended.abort()
  }
}
