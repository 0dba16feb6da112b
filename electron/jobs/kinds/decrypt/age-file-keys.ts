/** What opens an age file that is not ours: held in memory for its job alone, never journaled. */
import type { Identity } from '../../../age/stanza.ts'
import { fail } from '../../../../shared/failure.ts'
import type { JobId } from '../../../../shared/ids.ts'
import { keptSecrets } from '../../kept-secrets.ts'

export type SuppliedKeys = { identities: Identity[]; wipe: () => void }

export type AgeFileKeys = {
  keep: (jobId: JobId, keys: SuppliedKeys) => void
  /** @throws WeightlockError `job/not-resumable` after a restart */
  take: (jobId: JobId) => SuppliedKeys
  /** Called when the job has come to an end. */
  drop: (jobId: JobId) => void
}

/** For as long as the program runs: a job that is resumed later needs them anew. */
export function createAgeFileKeys(): AgeFileKeys {
  const { keep, find, drop } = keptSecrets<SuppliedKeys>((keys) => keys.wipe())
  return {
    keep,
    take: (jobId) =>
      find(jobId) ?? fail({ code: 'job/not-resumable', jobId, state: 'without the identity that was given' }),
    drop,
  }
}
