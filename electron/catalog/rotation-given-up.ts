/** The end of a rotation whose objects are gone, given up by name: nothing that may open them is taken away. */
import type { KeyId, JobId } from '../../shared/ids.ts'
import { artifactRecord, versionRecord } from './artifact-rows.ts'
import { audit } from './audit-log.ts'
import type { Actor } from './catalog.ts'
import type { Context } from './context.ts'
import { endJob, insertStep, stepIsJournaled } from './jobs.ts'
import { tellOfKey } from './key-changes.ts'
import { keyRecordNo } from './key-rows.ts'
import type { RotationOperations } from './rotation-operations.ts'
import { exchangePayload, keepPlanned, wipeHeaders } from './rotation-payloads.ts'
import { storeNo } from './stores.ts'

export function giveUp(
  context: Context,
  request: Parameters<RotationOperations['rotationGivenUp']>[0],
): void {
  const { jobId, artifactId, keyId, objects, outcome, report, by } = request
  if (stepIsJournaled(context, jobId, 'end', {})) return
  const { artifactNo, name } = artifactRecord(context, artifactId)
  keepPlanned(context, artifactNo)
  for (const { version, storeId, objectName } of objects)
    context.run(
      `UPDATE objects SET is_present = 0
       WHERE version_no = $versionNo AND store_no = $store AND object_name = $objectName`,
      {
        versionNo: versionRecord(context, artifactId, version).versionNo,
        store: storeNo(context, storeId),
        objectName,
      },
    )
  keepForOpening(context, keyId, jobId, by)
  context.touchArtifact(artifactNo)
  const facts = { objects: objects.map(({ objectName }) => objectName).join(', '), to: keyId }
  audit(context, { event: 'rotation-given-up', on: name, artifactId, keyId, jobId, facts, by })
  insertStep(context, jobId, 'end', null)
  endJob(context, jobId, { outcome, report })
  wipeHeaders(context, jobId)
}

/** Used, and used no more, at once: an artifact has one active key, and that one stays. */
function keepForOpening(context: Context, keyId: KeyId, jobId: JobId, by: Actor): void {
  const key = keyRecordNo(context, keyId)
  if (key.state !== 'pre-activation') return
  const reason = 'Its rotation was given up: it opens what may turn up again'
  context.run(
    `UPDATE keys SET state = 'deactivated', reason = $reason, activated_at = $at, inactive_at = $at
     WHERE key_no = $keyNo`,
    { reason, at: context.now(), keyNo: key.keyNo },
  )
  const moves = [
    ['key-activated', 'pre-activation', 'active'],
    ['key-deactivated', 'active', 'deactivated'],
  ] as const
  for (const [event, from, to] of moves)
    tellOfKey(context, key, { event, from, to, reason, jobId, facts: { from, to, reason }, by })
  context.touchKey(key.keyNo)
}

/** One that is being written now is its own job's to switch to. */
export function meetGivenUp(
  context: Context,
  { artifactId, version, fingerprint }: Parameters<RotationOperations['givenUpPayloadMet']>[0],
): void {
  const { artifactNo, versionNo, payloadNo: before } = versionRecord(context, artifactId, version)
  const met = context.get<{ payloadNo: number }>(
    `SELECT r.payload_no AS payloadNo FROM replacements r JOIN jobs j ON j.job_id = r.job_id
     JOIN wraps w ON w.payload_no = r.payload_no AND w.fingerprint = $fingerprint
     WHERE r.version_no = $versionNo AND j.is_open = 0`,
    { versionNo, fingerprint },
  )
  if (met === undefined) return
  exchangePayload(context, versionNo, before, met.payloadNo)
  context.touchArtifact(artifactNo)
}
