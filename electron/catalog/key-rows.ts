/** Rows of keys as lists and details show them. */
import type { KeyCopy, KeyEvent, KeyRow } from '../../shared/domain/key.ts'
import { fail } from '../../shared/failure.ts'
import type { JobId, KeyId } from '../../shared/ids.ts'
import type { Context, Parameters } from './context.ts'
import type { JobUsingKey, KeyRecord } from './key-operations.ts'
import { stepIsJournaled } from './jobs.ts'
import { cryptoPeriodMs, readSettings } from './policy.ts'

type Row = Omit<KeyRow, 'rotationDueAt' | 'cryptoPeriodDays' | 'places' | 'isMissing'> & {
  keyNo: number
  places: string
  isMissing: 0 | 1
}

const columns = `
  SELECT k.key_no AS keyNo, k.key_id AS keyId, k.alias, k.number, k.state, k.algorithm, k.created_at AS createdAt,
    k.activated_at AS activatedAt, k.inactive_at AS inactiveAt,
    k.compromised_at AS compromisedAt, k.destroy_at AS destroyAt, a.artifact_id AS artifactId, a.name AS artifactName, k.protects,
    k.protects_bytes AS protectsBytes, k.backend, k.copies_elsewhere AS copiesElsewhere,
    (SELECT json_group_array(DISTINCT c.place) FROM key_copies c
     WHERE c.key_no = k.key_no AND c.state NOT IN ('destroyed', 'found-missing')) AS places,
    k.state <> 'destroyed' AND EXISTS (SELECT 1 FROM key_copies c
     WHERE c.key_no = k.key_no AND c.place = 'keychain' AND c.state = 'found-missing') AS isMissing`
const withArtifact = 'LEFT JOIN artifacts a ON a.artifact_no = k.artifact_no'

function keyRows(context: Context, source: string, parameters: Parameters): NumberedRow[] {
  const { cryptoPeriodDays } = readSettings(context)
  const periodMs = cryptoPeriodMs(context)
  return context.all<Row>(`${columns} ${source}`, parameters).map(({ keyNo, ...row }) => {
    const rotationDueAt =
      row.state === 'active' && row.activatedAt !== null ? row.activatedAt + periodMs : null
    const places: KeyRow['places'] = JSON.parse(row.places)
    const isMissing = row.isMissing === 1
    return { keyNo, key: { ...row, cryptoPeriodDays, rotationDueAt, places, isMissing } }
  })
}

type NumberedRow = { keyNo: number; key: KeyRow }

/** @param condition over `keys k` */
const keysWhere = (context: Context, condition: string, parameters: Parameters): KeyRow[] =>
  keyRows(context, `FROM keys k ${withArtifact} WHERE ${condition}`, parameters).map(({ key }) => key)

export function keyRow(context: Context, keyId: KeyId): KeyRow {
  const [row] = keysWhere(context, 'k.key_id = $keyId', { keyId })
  return row ?? fail({ code: 'key/not-found', keyId })
}

/** Those that are there, in the order asked. */
export function keyRowsByNo(context: Context, keyNos: number[]): KeyRow[] {
  const rows = keyRows(
    context,
    `FROM json_each($list) wanted CROSS JOIN keys k ON k.key_no = wanted.value ${withArtifact}`,
    { list: JSON.stringify(keyNos) },
  )
  const found = new Map(rows.map(({ keyNo, key }) => [keyNo, key]))
  return keyNos.flatMap((keyNo) => found.get(keyNo) ?? [])
}

/** Newest first. */
export const keyRowsOfArtifact = (context: Context, artifactNo: number): KeyRow[] =>
  keysWhere(context, 'k.artifact_no = $artifactNo ORDER BY k.number DESC', { artifactNo })

/** A key's number and what changes of state need. @throws key/not-found */
export function keyRecordNo(context: Context, keyId: KeyId) {
  return findRecord(context, 'k.key_id = $value', keyId) ?? fail({ code: 'key/not-found', keyId })
}

export type NumberedKey = KeyRecord & { keyNo: number; artifactNo: number | null; alias: string }

/** @param condition over `keys k`, with `$value` */
export const findRecord = (context: Context, condition: string, value: string): NumberedKey | undefined =>
  context.get<NumberedKey>(`${recordSelect} WHERE ${condition} LIMIT 1`, { value })

export const recordSelect = `
  SELECT k.key_no AS keyNo, k.key_id AS keyId, k.artifact_no AS artifactNo, a.artifact_id AS artifactId, k.alias,
    k.state, k.algorithm, k.recipient, k.backend
  FROM keys k LEFT JOIN artifacts a ON a.artifact_no = k.artifact_no`

export const recordOf = ({
  keyNo: _no,
  artifactNo: _artifact,
  alias: _alias,
  ...record
}: NumberedKey): KeyRecord => record

/** Open jobs that name the key or its artifact, or hold a version of it; not those that only read, and failed: nothing
 * of theirs is lost with the key. */
export const jobsUsingKey = (context: Context, { keyId, artifactId }: KeyRecord): JobUsingKey[] =>
  context.all<JobUsingKey>(
    `SELECT job_id AS jobId, kind, state, title FROM jobs
     WHERE is_open = 1 AND NOT (state = 'failed' AND kind IN ('decrypt', 'verify')) AND (
       key_id = $keyId OR artifact_id = $artifactId
       OR job_id IN (SELECT r.job_id FROM reservations r JOIN artifacts a ON a.artifact_no = r.artifact_no
                     WHERE a.artifact_id = $artifactId))
     ORDER BY job_no`,
    { keyId, artifactId },
  )

/** Those that stand in the way of its end: a retirement that has not begun takes nothing, and waits for one that has.
 * @param jobId that wants to destroy it */
export const jobsHoldingKey = (context: Context, key: KeyRecord, jobId: JobId | null): JobUsingKey[] =>
  jobsUsingKey(context, key).filter(
    (other) =>
      other.jobId !== jobId &&
      !(other.kind === 'retire' && !stepIsJournaled(context, other.jobId, 'retiring', {})),
  )

export const keyEvents = (context: Context, keyNo: number): KeyEvent[] =>
  context.all<KeyEvent>(
    `SELECT at, event, from_state AS "from", to_state AS "to", reason, who FROM key_events
     WHERE key_no = $keyNo ORDER BY at, event_no`,
    { keyNo },
  )

export const keyCopies = (context: Context, keyNo: number): KeyCopy[] =>
  context.all<KeyCopy>(
    `SELECT place, location AS "where", state, at, last_seen_at AS lastSeenAt FROM key_copies
     WHERE key_no = $keyNo ORDER BY place <> 'keychain', at, location`,
    { keyNo },
  )
