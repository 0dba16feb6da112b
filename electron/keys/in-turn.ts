/** One at a time for each key (import, export and destruction never overlap: cryptography.md, section 3), for each
 * artifact whose objects come and go, and for each store that is looked through. */
import type { ArtifactId, KeyId, StoreId } from '../../shared/ids.ts'

type Subject = KeyId | ArtifactId | StoreId

/** The last in each queue. One program owns a data folder, so that a queue in this process is enough. */
const queues = new Map<Subject, Promise<void>>()

/** Runs `use` once nothing else is at work with it.
 * @param signal gives up waiting; `use` sees to itself
 * @throws the signal's reason, where it was aborted before the turn came */
export async function inTurn<T>(subject: Subject, use: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const before = queues.get(subject) ?? Promise.resolve()
  const mine = Promise.withResolvers<void>()
  const turn = before.then(() => mine.promise)
  queues.set(subject, turn)
  void turn.then(() => {
    if (queues.get(subject) === turn) queues.delete(subject)
  })
  try {
    await unlessAborted(before, signal)
    return await use()
  } finally {
    mine.resolve()
  }
}

async function unlessAborted(turn: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return turn
  signal.throwIfAborted()
  const { promise, reject } = Promise.withResolvers<never>()
  const stop = () => reject(signal.reason as Error)
  signal.addEventListener('abort', stop, { once: true })
  try {
    await Promise.race([turn, promise])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
