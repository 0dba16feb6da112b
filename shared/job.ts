/** Jobs as the window and the terminal see them. Main owns the state: a snapshot, then patches. */
import { z } from 'zod'
import { ArtifactId, JobId, KeyId } from './ids.ts'
import { Millis, SizeBytes } from './domain/quantities.ts'
import { FailureValue } from './domain/failure-value.ts'

export const JobKind = z.enum([
  'encrypt',
  'decrypt',
  'verify',
  'destroy-key',
  'rebuild',
  'adopt',
  'make-kit',
  'restore',
  'copy',
  'delete-object',
  'retire',
  'rewrap',
  're-encrypt',
])
export type JobKind = z.infer<typeof JobKind>

export const JobState = z.enum(['queued', 'running', 'paused', 'failed', 'cancelled', 'done', 'unresolved'])
export type JobState = z.infer<typeof JobState>

export const JobPhase = z.enum([
  'queued',
  'reading',
  'encrypting',
  'decrypting',
  'uploading',
  'copying',
  'deleting',
  'verifying',
  'finalising',
  'destroying',
])
export type JobPhase = z.infer<typeof JobPhase>

/** An upload's parts: the store has so many, and had some before this run. */
export const JobParts = z.object({
  sent: z.number().int().nonnegative(),
  of: z.number().int().positive(),
  before: z.number().int().nonnegative(),
})
export type JobParts = z.infer<typeof JobParts>

export const JobView = z.object({
  jobId: JobId,
  kind: JobKind,
  state: JobState,
  phase: JobPhase,
  /** What it works on: an artifact's name, a key's alias. */
  title: z.string(),
  /** Where to or from, `to nas-02/models · v3`. */
  target: z.string(),
  artifactId: ArtifactId.nullable(),
  keyId: KeyId.nullable(),
  doneBytes: SizeBytes,
  totalBytes: SizeBytes,
  /** Null where it sends none, or does not know yet. */
  parts: JobParts.nullable(),
  /** Over the last seconds; 0 when nothing moves. */
  bytesPerSecond: z.number().nonnegative(),
  secondsLeft: z.number().nonnegative().nullable(),
  startedAt: Millis,
  endedAt: Millis.nullable(),
  /** Since when it is paused; null where it is not. */
  pausedAt: Millis.nullable(),
  failure: FailureValue.nullable(),
  /** What is safe now, in one sentence, when it failed. */
  safe: z.string().nullable(),
  canPause: z.boolean(),
  canResume: z.boolean(),
  canRetry: z.boolean(),
  canCancel: z.boolean(),
  /** Where its result can be shown in the file manager. */
  canReveal: z.boolean(),
  /** One line of outcome for the history, `Verified`, `Destroyed, read back`. */
  outcome: z.string().nullable(),
  /** Findings of a verify, rebuild or adopt, one line each. */
  report: z.array(z.string()),
})
export type JobView = z.infer<typeof JobView>
