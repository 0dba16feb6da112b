/** Whether a destruction of a key is under way, as the journal tells it. */
import type { Catalog } from '../catalog/catalog.ts'
import type { StoredJob } from '../catalog/job-operations.ts'
import { fail } from '../../shared/failure.ts'
import type { JobId, KeyId } from '../../shared/ids.ts'

type Reads = Pick<Catalog, 'openJobsOfKey' | 'getJob' | 'steps'>

/** The job that is to destroy the key and has not ended, begun or not. @throws key/not-found */
export async function openDestruction(catalog: Reads, keyId: KeyId): Promise<StoredJob | null> {
  for (const { jobId, kind } of await catalog.openJobsOfKey(keyId)) {
    if (kind !== 'destroy-key') continue
    const job = await catalog.getJob(jobId)
    if (job.keyId === keyId) return job
  }
  return null
}

/** @throws key/being-destroyed where a destruction, or the retirement of its artifact, was announced and has not ended;
 * key/not-found */
export async function refuseWhileDestroying(catalog: Reads, keyId: KeyId): Promise<void> {
  const job = (await openDestruction(catalog, keyId)) ?? (await openRetirement(catalog, keyId))
  if (job === null) return
  const isAnnounced = (await catalog.steps(job.jobId)).some(
    ({ step }) => step === 'destroying' || step === 'retiring',
  )
  if (isAnnounced) fail({ code: 'key/being-destroyed', keyId })
}

const openRetirement = async (catalog: Reads, keyId: KeyId): Promise<{ jobId: JobId } | null> =>
  (await catalog.openJobsOfKey(keyId)).find(({ kind }) => kind === 'retire') ?? null
