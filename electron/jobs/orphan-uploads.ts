/**
 * Uploads that were begun and whose id never reached the journal: the program ended, or the answer got lost, in between.
 * A store tells of an open upload neither metadata nor job, so that they are known by what the journal says of the moment
 * before: the name, which uploads of that name there were, and the time. Nothing is sent before its id is journaled: they
 * have no part.
 */
import type { OpenWrite, StorageBackend, WriteId } from '../storage/backend.ts'
import { failureOf } from '../../shared/failure.ts'

/** What a step says that is journaled before a write is begun. */
export type BeforeWrite = {
  at: number
  objectName: string
  /** Uploads of the name then; null where the store does not tell, and nothing is known. */
  uploadsBefore: string[] | null
}

/** How far the store's clock may be from ours, and a begin that is tried again from its announcement. */
const withinMs = 15 * 60_000

/** To be journaled before `beginWrite`.
 * @returns null where the store does not tell */
export async function uploadsOfName(
  backend: StorageBackend,
  name: string,
  jobId: string,
): Promise<string[] | null> {
  try {
    return (await backend.listWrites({ of: { name, jobId } })).map(({ id }) => id)
  } catch (error) {
    if (failureOf(error) === null) throw error
    return null
  }
}

/** @param parts of the upload, as the store lists them */
export const isOrphanOf = (
  { objectName, uploadsBefore, at }: BeforeWrite,
  write: OpenWrite,
  parts: number | null,
): boolean =>
  write.name === objectName &&
  parts === 0 &&
  uploadsBefore !== null &&
  !uploadsBefore.includes(write.id) &&
  write.begunAt !== null &&
  Math.abs(write.begunAt - at) <= withinMs

/** Whether two ids mean one upload: what a store lists may say it otherwise than what it answered when it was begun. */
export const isSameWrite = ({ isSameWrite: same }: StorageBackend, one: WriteId, other: WriteId): boolean =>
  same === undefined ? one === other : same(one, other)

/** Aborts what an attempt of a job began and never came to know.
 * @param attempt `own`: the upload that it came to know, still open; what began with that one or later may be another's
 * @param journaled ids that any job's journal has: they are not lost
 * @throws WeightlockError `store/…` */
export async function abortOrphans(
  backend: StorageBackend,
  attempt: BeforeWrite & { jobId: string; own: WriteId | null },
  journaled: readonly WriteId[],
): Promise<void> {
  const { objectName: name, jobId, uploadsBefore, own } = attempt
  if (uploadsBefore === null) return
  const writes = await backend.listWrites({ of: { name, jobId } })
  const known = own === null ? null : writes.find(({ id }) => isSameWrite(backend, id, own))
  if (known === undefined) return
  for (const write of writes) {
    if (journaled.some((id) => isSameWrite(backend, id, write.id))) continue
    if (known !== null && (write.begunAt ?? Infinity) >= (known.begunAt ?? 0)) continue
    if (!isOrphanOf(attempt, write, 0) || (await partsOf(backend, write.id)) !== 0) continue
    await backend.abortWrite(write.id)
  }
}

async function partsOf(backend: StorageBackend, id: WriteId): Promise<number | null> {
  try {
    return (await backend.listParts(id)).length
  } catch (error) {
    if (failureOf(error) === null) throw error
    return null
  }
}
