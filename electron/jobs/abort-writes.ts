/** What a job began to write and did not complete goes: by the ids in its journal, and what it never came to know. */
import type { JobId } from '../../shared/ids.ts'
import type { WriteId } from '../storage/backend.ts'
import { abortOrphans, type BeforeWrite } from './orphan-uploads.ts'
import type { OpenStore, Services } from './services.ts'

/** What the journal says of one write. */
export type WriteAttempt = BeforeWrite & {
  /** Null where its id was never journaled. */
  own: WriteId | null
}

/** @throws WeightlockError `store/…` */
export async function abortWrites(
  { catalog }: Pick<Services, 'catalog'>,
  { row, backend }: OpenStore,
  jobId: JobId,
  attempts: readonly WriteAttempt[],
): Promise<void> {
  if (backend.writeTarget !== undefined) {
    // A folder tells whose its temporaries are.
    for (const name of new Set(attempts.map(({ objectName }) => objectName)))
      for (const { id } of await backend.listWrites({ of: { name, jobId } })) await backend.abortWrite(id)
    return
  }
  const journaled = await catalog.journaledWrites(row.storeId)
  const known = journaled.flatMap(({ writeId }) => writeId ?? [])
  for (const attempt of attempts) {
    await abortOrphans(backend, { ...attempt, jobId }, known)
    if (attempt.own !== null) await backend.abortWrite(attempt.own)
  }
}
