/** What a job needs and nobody may write down: held in memory for it alone, never journaled. */
import type { JobId } from '../../shared/ids.ts'

export type KeptSecrets<Secret> = {
  keep: (jobId: JobId, secret: Secret) => void
  /** Null after a restart. It stays until `drop`. */
  find: (jobId: JobId) => Secret | null
  /** Called when the job has come to an end. */
  drop: (jobId: JobId) => void
}

/** @param wipe what is done with a secret that is dropped */
export function keptSecrets<Secret>(wipe: (secret: Secret) => void): KeptSecrets<Secret> {
  const kept = new Map<JobId, Secret>()
  return {
    keep: (jobId, secret) => void kept.set(jobId, secret),
    find: (jobId) => kept.get(jobId) ?? null,
    drop: (jobId) => {
      const secret = kept.get(jobId)
      if (secret !== undefined) wipe(secret)
      kept.delete(jobId)
    },
  }
}
