/** What a store was found to do, allow and lack: as data, for whoever shows it or keeps it. */
import { z } from 'zod'
import type { Failure } from '../../shared/failure.ts'

/** What a backend asks of its server, each an action of its own to whoever grants permissions. */
export const storeActions = [
  'list',
  'read',
  'write',
  'delete',
  'abort-upload',
  'list-parts',
  'list-uploads',
  'list-versions',
  'delete-version',
  'read-versioning',
  'read-tags',
] as const
export type StoreAction = (typeof storeActions)[number]

export type ProbedAction = {
  action: StoreAction
  /** As whoever runs the store grants it: `s3:PutObject`. */
  permission: string
  /** On what it is granted. */
  resource: string
  /** What is not to be had without it, in one sentence. */
  without: string
  /** Without it the store cannot be used; the rest is convenience. */
  isRequired: boolean
  answer: 'works' | 'denied' | 'failed' | 'not-tried'
  /** Of `denied` and `failed`. */
  failure: Failure | null
}

/** What a server does, whoever asks. Worth keeping: it saves the questions at the next start. */
export const StoreFindings = z.object({
  /** A put with a condition is refused where the condition does not hold. */
  conditionalPut: z.boolean(),
  conditionalComplete: z.boolean(),
  conditionalCopy: z.boolean(),
  conditionalDelete: z.boolean(),
  objectVersions: z.boolean(),
  copyParts: z.boolean(),
  /** What it attests of an upload in parts: the whole by CRC-32 or CRC-64/NVME, each part by CRC-32, or nothing. */
  checksums: z.enum(['full-crc32', 'full-crc64nvme', 'parts-crc32', 'none']),
  /** Some list the open uploads of an exact name only. */
  listsUploads: z.enum(['all', 'by-name', 'none']),
})
export type StoreFindings = z.infer<typeof StoreFindings>

export type StoreProbe = {
  atMs: number
  tookMs: number
  /** What kept the rest from being tried: out of reach, no such bucket, wrong credentials. */
  failure: Failure | null
  /** The connection is not encrypted: a server on this machine. */
  isPlain: boolean
  actions: ProbedAction[]
  /** Null where too little was allowed to know. */
  findings: StoreFindings | null
  /** Objects that were written and could not be deleted again. */
  left: string[]
  /** Uploads that were begun and could not be aborted. */
  leftUploads: number
  /** To whom permissions are granted. */
  grantee: string
  /** Statements of a policy, to copy; null where the store has none. */
  policy: { whole: string; missing: string | null } | null
}
