import type { AuditEventCode } from '../../shared/audit-events.ts'
import type { ParsedRequest, Response } from '../../shared/contract/contract.ts'
import type { AuditEntry } from '../../shared/domain/audit.ts'
import type { ArtifactId, JobId, KeyId } from '../../shared/ids.ts'
import type { Actor, Facts } from './catalog.ts'

/** The audit log's rows. Entries are made by the operations that they tell of, in the same transaction. */
export type AuditOperations = {
  /** An event that changes nothing else in the catalog. @returns the entry */
  recordEvent: (request: {
    event: AuditEventCode
    /** What it happened to, in words. */
    on: string
    artifactId: ArtifactId | null
    keyId: KeyId | null
    jobId: JobId | null
    facts: Facts
    by: Actor
  }) => AuditEntry
  /** Newest first. The query looks at names, aliases, titles of events, people and ids. */
  auditPage: (request: ParsedRequest<'audit:list'>) => Response<'audit:list'>
  /** Oldest first, from that sequence on; `limit` ≤ 1,000. */
  auditRange: (from: number, limit: number) => AuditEntry[]
  /** Entries and the last hash; 64 zeros when there is none. */
  auditHead: () => { entries: number; hash: string }
  /** Checks the chain from the entry after `after` on, at most `limit` ≤ 1,000 entries, in the worker. */
  auditCheck: (
    after: { sequence: number; hash: string },
    limit: number,
  ) => {
    /** The first entry that does not hold, and why. */
    broken: { sequence: number; reason: string } | null
    checked: number
    last: { sequence: number; hash: string }
  }
  /** Null when there is no such entry. */
  auditHashAt: (sequence: number) => string | null
}
