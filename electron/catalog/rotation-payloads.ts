/** What a rotation plans for payloads: headers that are accepted before they are anywhere, payloads that take the place of
 * others. */
import type { JobId, KeyId } from '../../shared/ids.ts'
import type { Context } from './context.ts'
import { closeWraps, insertWrap } from './version-rows.ts'

/** Accepted, and never the one that lists show: its key is not in use yet. */
export function insertPlannedWrap(
  context: Context,
  payloadNo: number,
  { keyId, fingerprint }: { keyId: KeyId; fingerprint: string },
): void {
  insertWrap(context, payloadNo, { keyId, fingerprint, isPinned: true })
  context.run('UPDATE wraps SET from_at = 0 WHERE payload_no = $payloadNo AND fingerprint = $fingerprint', {
    payloadNo,
    fingerprint,
  })
}

export function removeReplacement(context: Context, versionNo: number): void {
  const planned = replacementOf(context, versionNo)
  if (planned === null) return
  context.run('DELETE FROM replacements WHERE version_no = $versionNo', { versionNo })
  context.run('DELETE FROM wraps WHERE payload_no = $planned', { planned })
  context.run('DELETE FROM payloads WHERE payload_no = $planned', { planned })
}

/** @param jobId null: of whichever job */
export const replacementOf = (
  context: Context,
  versionNo: number,
  jobId: JobId | null = null,
): number | null =>
  context.get<{ payloadNo: number }>(
    `SELECT payload_no AS payloadNo FROM replacements
     WHERE version_no = $versionNo AND ($jobId IS NULL OR job_id = $jobId)`,
    { versionNo, jobId },
  )?.payloadNo ?? null

export function exchangePayload(
  context: Context,
  versionNo: number,
  before: number,
  payloadNo: number,
): void {
  closeWraps(context, before)
  context.run('INSERT OR IGNORE INTO former_payloads VALUES ($before, $versionNo)', { before, versionNo })
  context.run('UPDATE versions SET payload_no = $payloadNo WHERE version_no = $versionNo', {
    payloadNo,
    versionNo,
  })
  context.run('DELETE FROM replacements WHERE version_no = $versionNo', { versionNo })
  touchKeysOf(context, before)
}

function touchKeysOf(context: Context, payloadNo: number): void {
  for (const { keyNo } of context.all<{ keyNo: number }>(
    'SELECT DISTINCT key_no AS keyNo FROM wraps WHERE payload_no = $payloadNo',
    { payloadNo },
  ))
    context.touchKey(keyNo)
}

/** An old header in a journal, this job's or that of one that ended, would open the payload for whoever has the old key. */
export function wipeHeaders(context: Context, jobId: JobId): void {
  context.run(
    `UPDATE job_steps SET facts = json_remove(facts, '$.header', '$.oldHeader')
     WHERE job_no IN (SELECT job_no FROM jobs WHERE job_id = $jobId
         OR (is_open = 0 AND artifact_id = (SELECT artifact_id FROM jobs WHERE job_id = $jobId)))
       AND (instr(facts, '"header"') > 0 OR instr(facts, '"oldHeader"') > 0)`,
    { jobId },
  )
  context.wipeAfterwards()
}

/** What was planned may be in a file that was missed: it stays accepted when its job ends, behind what lists show. */
export const keepPlanned = (context: Context, artifactNo: number): void => {
  context.run(
    `UPDATE wraps SET from_at = 1 WHERE from_at = 0 AND payload_no IN (
       SELECT payload_no FROM versions WHERE artifact_no = $artifactNo
       UNION SELECT r.payload_no FROM replacements r JOIN versions v ON v.version_no = r.version_no
       WHERE v.artifact_no = $artifactNo)`,
    { artifactNo },
  )
}
