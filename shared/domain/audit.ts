/** The audit log as it crosses the boundary. */
import { z } from 'zod'
import { ArtifactId, JobId, KeyId } from '../ids.ts'
import { Digest, Millis } from './quantities.ts'

export const AuditCategory = z.enum(['keys', 'artifacts', 'copies', 'stores', 'program'])
export type AuditCategory = z.infer<typeof AuditCategory>

export const AuditEntry = z.object({
  sequence: z.number().int().positive(),
  at: Millis,
  event: z.string(),
  category: AuditCategory,
  /** What it happened to, in words: an artifact's name, a key's alias, a store. */
  on: z.string(),
  artifactId: ArtifactId.nullable(),
  keyId: KeyId.nullable(),
  jobId: JobId.nullable(),
  who: z.string(),
  via: z.string(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  previousHash: Digest,
  hash: Digest,
})
export type AuditEntry = z.infer<typeof AuditEntry>

export const AuditVerdict = z.object({
  intact: z.boolean(),
  entries: z.number().int().nonnegative(),
  checkedAt: Millis,
  headHash: Digest.nullable(),
  /** Where it broke and why, or what could not be checked (a locked keychain cannot vouch for the tail). */
  brokenAt: z.number().int().nullable(),
  reason: z.string().nullable(),
  tailVouched: z.boolean(),
})
export type AuditVerdict = z.infer<typeof AuditVerdict>
