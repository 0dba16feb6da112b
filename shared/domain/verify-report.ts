/** What a check of stored objects found, object by object. */
import { z } from 'zod'
import { ArtifactId, StoreId } from '../ids.ts'
import { FailureValue } from './failure-value.ts'
import { VerifyLevel } from './artifact.ts'
import { Millis, SizeBytes } from './quantities.ts'

/** `matches`: what was checked is what was stored; `unpinned`: there, and nothing here to compare it with; `missing`:
 * proved absent; `wrapped-elsewhere`: another header around what may be our payload, which only a full check can tell;
 * `differs`: not what was stored; `unread`: the store could not be asked. */
export const VerifyFinding = z.enum([
  'matches',
  'unpinned',
  'missing',
  'wrapped-elsewhere',
  'differs',
  'unread',
])
export type VerifyFinding = z.infer<typeof VerifyFinding>

/** `leaves`: some of the payload's digests; `payload`: all of them. */
export const VerifyAspect = z.enum(['size', 'header', 'stored-checksum', 'leaves', 'payload'])
export type VerifyAspect = z.infer<typeof VerifyAspect>

export const verifyAspectWords: Record<VerifyAspect, string> = {
  size: 'size',
  header: 'header',
  'stored-checksum': 'stored checksum',
  leaves: 'some of the payload',
  payload: 'all of the payload',
}

/** One object of one version in one store. Its field names are stable: people script against them. */
export const VerifyResult = z.object({
  artifactId: ArtifactId,
  name: z.string(),
  version: z.number().int().positive(),
  storeId: StoreId,
  store: z.string(),
  objectName: z.string(),
  /** The name under which it was found, where it was renamed. */
  foundAs: z.string().nullable(),
  level: VerifyLevel,
  result: VerifyFinding,
  /** Of its failure; null where it matches. */
  code: z.string().nullable(),
  failure: FailureValue.nullable(),
  checked: z.array(VerifyAspect),
  notChecked: z.array(VerifyAspect),
  /** Of the payload: leaves of 16 MiB that were read, and that there are. */
  leavesRead: z.number().int().nonnegative(),
  leaves: z.number().int().nonnegative(),
  sizeBytes: SizeBytes,
})
export type VerifyResult = z.infer<typeof VerifyResult>

/** What else lies in a store that was looked at as a whole. */
export const VerifiedStore = z.object({
  storeId: StoreId,
  store: z.string(),
  objects: z.number().int().nonnegative(),
  /** Not written by Weightlock, or not known here. */
  foreign: z.number().int().nonnegative(),
})
export type VerifiedStore = z.infer<typeof VerifiedStore>

export const VerifyCounts = z.object({
  checked: z.number().int().nonnegative(),
  matches: z.number().int().nonnegative(),
  unpinned: z.number().int().nonnegative(),
  missing: z.number().int().nonnegative(),
  renamed: z.number().int().nonnegative(),
  wrappedElsewhere: z.number().int().nonnegative(),
  differs: z.number().int().nonnegative(),
  unread: z.number().int().nonnegative(),
})
export type VerifyCounts = z.infer<typeof VerifyCounts>

export const VerifyReport = z.object({
  level: VerifyLevel,
  startedAt: Millis,
  endedAt: Millis.nullable(),
  counts: VerifyCounts,
  /** Of the whole report, not of this page. */
  total: z.number().int().nonnegative(),
  /** What does not match first. */
  results: z.array(VerifyResult),
  stores: z.array(VerifiedStore),
})
export type VerifyReport = z.infer<typeof VerifyReport>

export function countFindings(results: readonly VerifyResult[]): VerifyCounts {
  const of = (finding: VerifyFinding) => results.filter(({ result }) => result === finding).length
  return {
    checked: results.length,
    matches: of('matches'),
    unpinned: of('unpinned'),
    missing: of('missing'),
    renamed: results.filter(({ foundAs }) => foundAs !== null).length,
    wrappedElsewhere: of('wrapped-elsewhere'),
    differs: of('differs'),
    unread: of('unread'),
  }
}
