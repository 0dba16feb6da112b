/** Retirements that wait for their date: a date on keys that rest until then (cryptography.md, section 5, "Retire"). */
import type { KeyState } from '../../shared/domain/key.ts'
import type { RetirementWait, ScheduledRetirement } from '../../shared/domain/retirement.ts'
import { fail } from '../../shared/failure.ts'
import type { ArtifactId, KeyId } from '../../shared/ids.ts'
import { artifactRecord } from './artifact-rows.ts'
import { audit } from './audit-log.ts'
import { byItself, type Actor } from './catalog.ts'
import type { Context } from './context.ts'
import { changeState, tellOfKey } from './key-changes.ts'
import { keyRecordNo } from './key-rows.ts'
import type { ConfirmedLoss, RetirementOperations } from './retirement-operations.ts'

type Row = Omit<ScheduledRetirement, 'isDue' | 'deleteCiphertext'> & {
  aheadMs: number
  via: Actor['via']
  deleteCiphertext: number
  confirmed: string
}

const select = `
  SELECT a.artifact_id AS artifactId, a.name, r.scheduled_at AS scheduledAt, r.destroy_at AS destroyAt, r.who, r.via,
    r.delete_ciphertext AS deleteCiphertext, r.confirmed, r.waits, r.ahead_ms AS aheadMs,
    (SELECT count(*) FROM retirement_keys k WHERE k.artifact_no = r.artifact_no) AS keys
  FROM retirements r JOIN artifacts a ON a.artifact_no = r.artifact_no`

const shown = (context: Context, { deleteCiphertext, via, confirmed, ...row }: Row) => ({
  ...row,
  deleteCiphertext: deleteCiphertext === 1,
  isDue: row.destroyAt <= context.now(),
  confirmed: JSON.parse(confirmed) as ConfirmedLoss,
  by: { who: row.who, via },
})

/** The next one first. */
export const allScheduled = (context: Context): ReturnType<RetirementOperations['retirements']> =>
  context.all<Row>(`${select} ORDER BY r.destroy_at, a.name_key`).map((row) => shown(context, row))

/** Of one artifact, or null. */
export function scheduledOf(context: Context, artifactId: ArtifactId): ScheduledRetirement | null {
  const row = context.get<Row>(`${select} WHERE a.artifact_id = $artifactId`, { artifactId })
  if (!row) return null
  const { confirmed: _confirmed, by: _by, aheadMs: _ahead, ...scheduled } = shown(context, row)
  return scheduled
}

/** Its keys rest until then. What was checked before is the caller's to check. */
export function schedule(
  context: Context,
  { artifactId, destroyAt, deleteCiphertext, confirmed, by }: Scheduling,
): void {
  const { artifactNo, name } = artifactRecord(context, artifactId)
  const destroyOn = new Date(destroyAt).toISOString()
  context.run(
    `INSERT INTO retirements (artifact_no, scheduled_at, destroy_at, who, via, delete_ciphertext, confirmed)
     VALUES ($artifactNo, $now, $destroyAt, $who, $via, $deleteCiphertext, $confirmed)`,
    {
      artifactNo,
      now: context.now(),
      destroyAt,
      ...by,
      deleteCiphertext,
      confirmed: JSON.stringify(confirmed),
    },
  )
  const reason = `To be destroyed on ${destroyOn.slice(0, 10)}`
  for (const keyId of confirmed.keyIds) {
    const key = keyRecordNo(context, keyId)
    if (key.state === 'destroyed') continue
    context.run(
      `INSERT INTO retirement_keys (artifact_no, key_no, state_before) VALUES ($artifactNo, $keyNo, $state)`,
      { artifactNo, keyNo: key.keyNo, state: key.state },
    )
    context.run('UPDATE keys SET destroy_at = $destroyAt WHERE key_no = $keyNo', {
      destroyAt,
      keyNo: key.keyNo,
    })
    const facts = { destroyOn }
    if (key.state === 'active')
      changeState(context, key, { to: 'suspended', event: 'key-scheduled', reason, jobId: null, facts, by })
    else tellOfKey(context, key, { event: 'key-scheduled', reason, jobId: null, facts, by })
    context.touchKey(key.keyNo)
  }
  const facts = { destroyOn, keys: confirmed.keyIds.length, deleteCiphertext }
  audit(context, { event: 'retirement-scheduled', on: name, artifactId, facts, by })
  context.touchArtifact(artifactNo)
}
type Scheduling = Parameters<RetirementOperations['retirementScheduled']>[0]

/** Takes the date off again, and gives back what it took. @throws retirement/not-scheduled */
export function cancelSchedule(context: Context, artifactId: ArtifactId, by: Actor): void {
  const { artifactNo, name } = artifactRecord(context, artifactId)
  if (scheduledOf(context, artifactId) === null) fail({ code: 'retirement/not-scheduled', name })
  for (const { keyId, before } of keysScheduled(context, artifactNo)) {
    const key = keyRecordNo(context, keyId)
    context.run('UPDATE keys SET destroy_at = NULL WHERE key_no = $keyNo', { keyNo: key.keyNo })
    context.touchKey(key.keyNo)
    if (key.state === 'destroyed') continue
    const told = {
      event: 'key-schedule-cancelled',
      reason: 'Destruction cancelled',
      jobId: null,
      by,
    } as const
    if (before === 'active' && key.state === 'suspended' && !hasActiveKey(context, key.artifactNo))
      changeState(context, key, { ...told, to: 'active' })
    else tellOfKey(context, key, { ...told, facts: { state: key.state } })
  }
  context.run('DELETE FROM retirements WHERE artifact_no = $artifactNo', { artifactNo })
  audit(context, { event: 'retirement-cancelled', on: name, artifactId, by })
  context.touchArtifact(artifactNo)
}

/** A version that was made meanwhile has made a key of its own. */
const hasActiveKey = (context: Context, artifactNo: number | null): boolean =>
  context.get(`SELECT 1 FROM keys WHERE artifact_no = $artifactNo AND state = 'active'`, { artifactNo }) !==
  undefined

const keysScheduled = (context: Context, artifactNo: number): { keyId: KeyId; before: KeyState }[] =>
  context.all(
    `SELECT k.key_id AS keyId, r.state_before AS before FROM retirement_keys r JOIN keys k ON k.key_no = r.key_no
     WHERE r.artifact_no = $artifactNo ORDER BY k.key_no`,
    { artifactNo },
  )

/** Its destruction begins: the date has done its work. */
export function forgetSchedule(context: Context, artifactNo: number): void {
  context.run(
    `UPDATE keys SET destroy_at = NULL
     WHERE key_no IN (SELECT key_no FROM retirement_keys WHERE artifact_no = $artifactNo)`,
    { artifactNo },
  )
  context.run('DELETE FROM retirements WHERE artifact_no = $artifactNo', { artifactNo })
}

/** Every date that somebody waits for: each was set by the clock as it was. */
export const shiftAll = (context: Context, byMs: number): void => {
  context.run('UPDATE retirements SET ahead_ms = ahead_ms + $byMs', { byMs: Math.trunc(byMs) })
}

/** It waits for a yes from now on, and why; the first reason stays. */
export function letWait(context: Context, artifactId: ArtifactId, why: RetirementWait, by: Actor): void {
  const { artifactNo, name } = artifactRecord(context, artifactId)
  const { changes } = context.run(
    'UPDATE retirements SET waits = $why WHERE artifact_no = $artifactNo AND waits IS NULL',
    { artifactNo, why },
  )
  if (changes === 0) return
  audit(context, { event: 'retirement-waits', on: name, artifactId, facts: { why }, by })
  context.changed('artifacts')
}

/** All of them: the folder came from another machine. */
export const letAllWait = (context: Context): void => {
  for (const { artifactId } of allScheduled(context)) letWait(context, artifactId, 'moved', byItself)
}

/** A copy of the folder leaves them to the original. */
export const forgetAllSchedules = (context: Context): void => {
  for (const { artifactId } of allScheduled(context))
    forgetSchedule(context, artifactRecord(context, artifactId).artifactNo)
}
