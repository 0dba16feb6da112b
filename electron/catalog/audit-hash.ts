/** How audit entries hang together: each carries the hash of the one before (cryptography.md, section 7). */
import { createHash } from 'node:crypto'
import type { AuditEntry } from '../../shared/domain/audit.ts'

/** What the first entry carries as the hash before it. */
export const noHash = '0'.repeat(64)

/** An entry as it is hashed and exported: its time in ISO 8601 UTC, everything but its own hash. */
export function auditRecord({ hash: _hash, at, ...rest }: AuditEntry): Record<string, unknown> {
  const time = new Date(at)
  return { ...rest, at: Number.isNaN(time.getTime()) ? String(at) : time.toISOString() }
}

/** SHA-256 over the canonical JSON of the record, hex. */
export const hashOfEntry = (entry: AuditEntry): string =>
  createHash('sha256')
    .update(canonicalJson(auditRecord(entry)))
    .digest('hex')

/** JSON without spaces, names sorted by code unit at every depth. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`
}

/** Where and why a chain does not hold, or null.
 * @param entries consecutive rows, oldest first
 * @param before sequence and hash of the row before them */
export function brokenLink(
  entries: AuditEntry[],
  before: { sequence: number; hash: string },
): { sequence: number; reason: string } | null {
  let { sequence, hash } = before
  for (const entry of entries) {
    if (entry.sequence !== sequence + 1)
      return {
        sequence: sequence + 1,
        reason: `entry ${sequence + 1} is missing; ${entry.sequence} follows ${sequence}`,
      }
    if (entry.previousHash !== hash)
      return {
        sequence: entry.sequence,
        reason: `entry ${entry.sequence} does not continue the one before it`,
      }
    if (hashOfEntry(entry) !== entry.hash)
      return { sequence: entry.sequence, reason: `entry ${entry.sequence} was changed after it was written` }
    sequence = entry.sequence
    hash = entry.hash
  }
  return null
}
