/** Rows of the audit log: appended by the operations they tell of, read in pages. */
import { auditEvents, type AuditEventCode } from '../../shared/audit-events.ts'
import type { AuditEntry } from '../../shared/domain/audit.ts'
import type { ArtifactId, JobId, KeyId } from '../../shared/ids.ts'
import type { AuditOperations } from './audit-operations.ts'
import { brokenLink, canonicalJson, hashOfEntry, noHash } from './audit-hash.ts'
import type { Actor, Facts } from './catalog.ts'
import type { Context } from './context.ts'
import { containing, termsOf } from './search-terms.ts'

export type NewEntry = {
  event: AuditEventCode
  on: string
  artifactId?: ArtifactId | null
  keyId?: KeyId | null
  jobId?: JobId | null
  facts?: Facts
  by: Actor
}

type AuditRow = Omit<AuditEntry, 'facts'> & { facts: string }

const columns = `sequence, at, event, category, subject AS "on", artifact_id AS artifactId, key_id AS keyId,
  job_id AS jobId, who, via, facts, previous_hash AS previousHash, hash`

const entryOf = ({ facts, ...row }: AuditRow): AuditEntry => ({ ...row, facts: factsOf(facts) })

/** Facts that somebody spoilt are shown as they are, and the entry's hash does not hold. */
function factsOf(json: string): Facts {
  try {
    return JSON.parse(json)
  } catch {
    return { unreadable: json }
  }
}

/** Appends an entry inside the transaction under way. */
export function audit(context: Context, entry: NewEntry): AuditEntry {
  const last = head(context)
  const unsealed: AuditEntry = {
    sequence: last.entries + 1,
    at: context.now(),
    event: entry.event,
    category: auditEvents[entry.event].category,
    on: entry.on,
    artifactId: entry.artifactId ?? null,
    keyId: entry.keyId ?? null,
    jobId: entry.jobId ?? null,
    who: entry.by.who,
    via: entry.by.via,
    facts: entry.facts ?? {},
    previousHash: last.hash,
    hash: '',
  }
  const sealed = { ...unsealed, hash: hashOfEntry(unsealed) }
  const { facts, ...row } = sealed
  context.run(
    `INSERT INTO audit (sequence, at, event, category, subject, artifact_id, key_id, job_id, who, via, facts,
       previous_hash, hash)
     VALUES ($sequence, $at, $event, $category, $on, $artifactId, $keyId, $jobId, $who, $via, $facts,
       $previousHash, $hash)`,
    { ...row, facts: canonicalJson(facts) },
  )
  context.changed('audit')
  return sealed
}

function head(context: Context): { entries: number; hash: string } {
  return (
    context.get<{ entries: number; hash: string }>(
      'SELECT sequence AS entries, hash FROM audit ORDER BY sequence DESC LIMIT 1',
    ) ?? { entries: 0, hash: noHash }
  )
}

/** Before the first entry, where an entry that was slipped in could hide. */
const fromTheStart = Number.MIN_SAFE_INTEGER

const range = (context: Context, from: number, limit: number): AuditEntry[] =>
  context
    .all<AuditRow>(`SELECT ${columns} FROM audit WHERE sequence >= $from ORDER BY sequence LIMIT $limit`, {
      from,
      limit: Math.min(limit, 1000),
    })
    .map(entryOf)

export function auditOperations(context: Context): AuditOperations {
  return {
    recordEvent: (entry) => audit(context, entry),
    auditPage: ({ query, category, since, offset, limit }) => {
      const where = [
        category === 'all' ? 'true' : 'category = $category',
        since === null ? 'true' : 'at >= $since',
      ]
      const parameters: Record<string, string | number> = {}
      if (category !== 'all') parameters['category'] = category
      if (since !== null) parameters['since'] = since
      for (const [index, term] of termsOf(query).entries()) {
        const name = `term${index}`
        parameters[name] = containing(term)
        where.push(matches(`$${name}`, eventsTitled(term)))
      }
      const condition = where.join(' AND ')
      const total = context.get<{ total: number }>(
        `SELECT count(*) AS total FROM audit WHERE ${condition}`,
        parameters,
      )
      const rows = context.all<AuditRow>(
        `SELECT ${columns} FROM audit WHERE ${condition} ORDER BY sequence DESC LIMIT $limit OFFSET $offset`,
        { ...parameters, limit, offset },
      )
      return { total: total?.total ?? 0, entries: head(context).entries, rows: rows.map(entryOf) }
    },
    auditRange: (from, limit) => range(context, from, limit),
    auditHead: () => head(context),
    auditCheck: (after, limit) => {
      const entries = range(context, after.sequence === 0 ? fromTheStart : after.sequence + 1, limit)
      const last = entries.at(-1)
      return {
        broken: brokenLink(entries, after),
        checked: entries.length,
        last: last ? { sequence: last.sequence, hash: last.hash } : after,
      }
    },
    auditHashAt: (sequence) =>
      context.get<{ hash: string }>('SELECT hash FROM audit WHERE sequence = $sequence', { sequence })
        ?.hash ?? null,
  }
}

/** Codes of events whose title holds the term. */
const eventsTitled = (term: string): string =>
  Object.entries(auditEvents)
    .filter(([, { title }]) => title.toLowerCase().includes(term))
    .map(([code]) => `'${code}'`)
    .join(', ')

const matches = (pattern: string, codes: string): string => `(
  subject LIKE ${pattern} ESCAPE '\\' OR who LIKE ${pattern} ESCAPE '\\' OR event IN (${codes})
  OR artifact_id IN (SELECT artifact_id FROM artifacts WHERE name_key LIKE ${pattern} ESCAPE '\\')
  OR key_id IN (SELECT key_id FROM keys WHERE search_key LIKE ${pattern} ESCAPE '\\')
  OR artifact_id LIKE ${pattern} ESCAPE '\\' OR job_id LIKE ${pattern} ESCAPE '\\')`
