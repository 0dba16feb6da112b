/** Uploads in parts that were begun in a store and neither completed nor aborted: they are billed until then. */
import { z } from 'zod'
import { JobId } from '../ids.ts'
import { JobState } from '../job.ts'
import { Millis, SizeBytes } from './quantities.ts'

/** `ours`: this journal has it, and its job is over; `job`: an open job here goes on with it; `other`: this journal
 * does not have it: a colleague's, another program's. */
export const UploadOwner = z.enum(['ours', 'job', 'other'])
export type UploadOwner = z.infer<typeof UploadOwner>

export const StoreUpload = z.object({
  /** 16 hex digits, the same at every look. */
  uploadId: z.string().regex(/^[0-9a-f]{16}$/),
  /** The object that it would become. */
  objectName: z.string(),
  begunAt: Millis.nullable(),
  /** What has arrived so far; null where the store does not say. */
  parts: z.number().int().nonnegative().nullable(),
  sizeBytes: SizeBytes.nullable(),
  whose: UploadOwner,
  /** Of `ours` and `job`. */
  job: z.object({ jobId: JobId, title: z.string(), state: JobState }).nullable(),
})
export type StoreUpload = z.infer<typeof StoreUpload>

/** @property complete false where the server tells of uploads only by name: those of other names are not in it */
export const StoreUploads = z.object({ uploads: z.array(StoreUpload), complete: z.boolean() })
export type StoreUploads = z.infer<typeof StoreUploads>
