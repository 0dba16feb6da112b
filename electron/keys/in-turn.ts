/** One at a time for each key (import, export and destruction never overlap: cryptography.md, section 3), and for each
 * artifact whose objects come and go. */
import type { ArtifactId, KeyId } from '../../shared/ids.ts'

type Subject = KeyId | ArtifactId

/** The last in each queue. One program owns a data folder, so that a queue in this process is enough. */
const queues = new Map<Subject, Promise<void>>()

/** Runs `use` once nothing else is at work with it. */
export async function inTurn<T>(subject: Subject, use: () => Promise<T>): Promise<T> {
  const before = queues.get(subject) ?? Promise.resolve()
  const mine = Promise.withResolvers<void>()
  const turn = before.then(() => mine.promise)
  queues.set(subject, turn)
  await before
  try {
    return await use()
  } finally {
    mine.resolve()
    if (queues.get(subject) === turn) queues.delete(subject)
  }
}
