import type { JobKind, JobView } from '../../../shared/job.ts'

const phaseWords = {
  queued: 'Waiting',
  reading: 'Reading',
  encrypting: 'Encrypting',
  decrypting: 'Decrypting',
  uploading: 'Uploading',
  copying: 'Copying',
  deleting: 'Deleting',
  verifying: 'Verifying',
  finalising: 'Finalising',
  destroying: 'Destroying',
} as const satisfies Record<JobView['phase'], string>

const failedWords: Record<JobKind, string> = {
  encrypt: 'Encryption failed',
  decrypt: 'Decryption failed',
  verify: 'Verification failed',
  'destroy-key': 'Destruction failed',
  rebuild: 'Rebuild failed',
  adopt: 'Adoption failed',
  'make-kit': 'No kit was made',
  restore: 'Restore failed',
  copy: 'Copy failed',
  'delete-object': 'Deletion failed',
  retire: 'Retirement failed',
  rewrap: 'Rewrap failed',
  're-encrypt': 'Re-encryption failed',
}

export const kindWords: Record<JobKind, string> = {
  encrypt: 'Encrypt',
  decrypt: 'Decrypt',
  verify: 'Verify',
  'destroy-key': 'Destroy key',
  rebuild: 'Rebuild',
  adopt: 'Adopt',
  'make-kit': 'Make recovery kit',
  restore: 'Restore keys',
  copy: 'Copy',
  'delete-object': 'Delete ciphertext',
  retire: 'Retire',
  rewrap: 'Rewrap',
  're-encrypt': 'Re-encrypt',
}

const doneWords: Record<JobKind, string> = {
  encrypt: 'Stored and verified',
  decrypt: 'Verified and written',
  verify: 'Verified',
  'destroy-key': 'Destroyed, read back',
  rebuild: 'Rebuilt',
  adopt: 'Adopted',
  'make-kit': 'Kit written',
  restore: 'Restored',
  copy: 'Copied and verified',
  'delete-object': 'Deleted, read back',
  retire: 'Retired, with a certificate',
  rewrap: 'Rewrapped and verified',
  're-encrypt': 'Re-encrypted and verified',
}

export type Tone = 'plain' | 'ok' | 'warn' | 'danger' | 'quiet'

/** The word for where a job stands, and its colour; the caller adds the time where it stands still. */
export function statusOf(job: JobView): { word: string; tone: Tone } {
  switch (job.state) {
    case 'queued':
      return { word: 'Waiting', tone: 'quiet' }
    case 'running':
      return { word: phaseWords[job.phase], tone: 'plain' }
    case 'paused':
      return { word: 'Paused', tone: 'warn' }
    case 'failed':
      return { word: failedWords[job.kind], tone: 'danger' }
    case 'unresolved':
      return { word: 'Outcome unknown', tone: 'warn' }
    case 'done':
      return { word: job.outcome ?? doneWords[job.kind], tone: 'ok' }
    case 'cancelled':
      return { word: job.outcome ?? 'Cancelled', tone: 'quiet' }
  }
}

/** Share done from 0 to 100, or null where there is nothing to measure. */
export const percentDone = (job: JobView): number | null =>
  job.totalBytes === 0 ? null : Math.min(100, (100 * job.doneBytes) / job.totalBytes)
