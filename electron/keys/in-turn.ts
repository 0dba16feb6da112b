/** One at a time for each key: import, export and destruction never overlap (cryptography.md, section 3). */
import type { KeyId } from '../../shared/ids.ts'

/** The last in each queue. One program owns a data folder, so that a queue in this process is enough. */
const queues = new Map<KeyId, Promise<void>>()

/** Runs `use` once nothing else is at work with this key. */
export async function inTurn<T>(keyId: KeyId, use: () => Promise<T>): Promise<T> {
  const before = queues.get(keyId) ?? Promise.resolve()
  const mine = Promise.withResolvers<void>()
  const turn = before.then(() => mine.promise)
  queues.set(keyId, turn)
  await before
  try {
    return await use()
  } finally {
    mine.resolve()
    if (queues.get(keyId) === turn) queues.delete(keyId)
  }
}
