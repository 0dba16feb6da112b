/** How a rotation's new headers and payloads come to be accepted, and the old ones cease to be. */
import type { ArtifactId, JobId, KeyId } from '../../shared/ids.ts'
import { artifactRecord, versionRecord } from './artifact-rows.ts'
import { audit } from './audit-log.ts'
import type { Context } from './context.ts'
import { endJob, insertStep, stepIsJournaled } from './jobs.ts'
import { addEvent, changeState } from './key-changes.ts'
import { keyRecordNo } from './key-rows.ts'
import type { RotatedVersion, RotationOperations } from './rotation-operations.ts'
import { giveUp, meetGivenUp } from './rotation-given-up.ts'
import {
  exchangePayload,
  insertPlannedWrap,
  keepPlanned,
  removeReplacement,
  replacementOf,
  wipeHeaders,
} from './rotation-payloads.ts'
import { objectLocation, storeNo } from './stores.ts'

type Switching =
  | 'headerPlanned'
  | 'objectSwitched'
  | 'payloadPlanned'
  | 'rotationCompleted'
  | 'rotationGivenUp'
  | 'givenUpPayloadMet'
  | 'rotationTakenBack'
type Completed = Parameters<RotationOperations['rotationCompleted']>[0]

export function switchingOperations(context: Context): Pick<RotationOperations, Switching> {
  return {
    headerPlanned: ({ jobId, artifactId, version, keyId, fingerprint, header }) => {
      if (stepIsJournaled(context, jobId, 'header', { version, fingerprint })) return
      const { payloadNo } = versionRecord(context, artifactId, version)
      insertPlannedWrap(context, payloadNo, { keyId, fingerprint })
      insertStep(context, jobId, 'header', { version, keyId, fingerprint, header })
    },
    payloadPlanned: ({ jobId, artifactId, version, keyId, fingerprint, payload }) => {
      if (stepIsJournaled(context, jobId, 'payload', { version, fingerprint })) return
      const { versionNo } = versionRecord(context, artifactId, version)
      removeReplacement(context, versionNo)
      const { lastNo: payloadNo } = context.run(
        `INSERT INTO payloads (nonce, leaf_digests, root, algorithm)
         VALUES ($nonce, $leafDigests, $root, $algorithm)`,
        payload,
      )
      insertPlannedWrap(context, payloadNo, { keyId, fingerprint })
      context.run(
        `INSERT INTO replacements (version_no, payload_no, job_id) VALUES ($versionNo, $payloadNo, $jobId)`,
        { versionNo, payloadNo, jobId },
      )
      insertStep(context, jobId, 'payload', { version, keyId, fingerprint })
    },
    objectSwitched: (request) => switchObject(context, request),
    rotationCompleted: (request) => complete(context, request),
    rotationGivenUp: (request) => giveUp(context, request),
    givenUpPayloadMet: (request) => meetGivenUp(context, request),
    rotationTakenBack: ({ jobId, artifactId }) => takeBack(context, jobId, artifactId),
  }
}

function complete(context: Context, request: Completed): { more: number[] } {
  const { jobId, artifactId, method, keyId, versions, outcome, report, by } = request
  if (stepIsJournaled(context, jobId, 'end', {})) return { more: [] }
  const { artifactNo, name } = artifactRecord(context, artifactId)
  const covered = [...versions.map(({ version }) => version), ...request.absent]
  const more = uncovered(context, artifactNo, covered)
  if (more.length > 0) return { more }
  for (const each of versions) switchVersion(context, artifactId, jobId, each)
  keepPlanned(context, artifactNo)
  const from = switchKeys(context, artifactNo, request)
  context.touchArtifact(artifactNo)
  const event = method === 'rewrap' ? 'artifact-rewrapped' : 'artifact-re-encrypted'
  const facts = { versions: versions.length, from, to: keyId, reason: request.reason }
  audit(context, { event, on: name, artifactId, keyId, jobId, facts, by })
  insertStep(context, jobId, 'end', null)
  endJob(context, jobId, { outcome, report })
  wipeHeaders(context, jobId)
  return { more: [] }
}

/** What was stored while the rotation ran, under the key that it replaces. */
const uncovered = (context: Context, artifactNo: number, covered: number[]): number[] =>
  context
    .all<{ number: number }>(
      `SELECT number FROM versions WHERE artifact_no = $artifactNo
         AND status NOT IN ('erased', 'deleted', 'unresolved') ORDER BY number`,
      { artifactNo },
    )
    .map(({ number }) => number)
    .filter((number) => !covered.includes(number))

function switchObject(context: Context, request: Parameters<RotationOperations['objectSwitched']>[0]): void {
  const { jobId, artifactId, version, fingerprint, storeId, objectName, checksum, otherNames, ...stored } =
    request
  const { versionNo, artifactNo } = versionRecord(context, artifactId, version)
  context.run(
    `UPDATE objects SET revision = $revision, size_bytes = $sizeBytes, checksum = $checksum, is_present = 1
     WHERE version_no = $versionNo AND store_no = $store AND object_name = $objectName`,
    {
      ...stored,
      versionNo,
      store: storeNo(context, storeId),
      objectName,
      checksum: checksum ? JSON.stringify(checksum) : null,
    },
  )
  if (otherNames > 0) {
    const store = context.get<{ location: string }>('SELECT location FROM stores WHERE store_id = $storeId', {
      storeId,
    })
    const location = objectLocation(store?.location ?? '', objectName)
    const left = { versionNo, location, jobId, names: otherNames, at: context.now() }
    context.run('INSERT INTO other_names VALUES ($versionNo, $location, $jobId, $names, $at)', left)
  }
  insertStep(context, jobId, 'switched', { version, fingerprint, storeId, objectName })
  context.touchArtifact(artifactNo)
}

function switchVersion(
  context: Context,
  artifactId: ArtifactId,
  jobId: JobId,
  { version, fingerprint }: RotatedVersion,
): void {
  const { versionNo, payloadNo: before } = versionRecord(context, artifactId, version)
  const replacement = replacementOf(context, versionNo, jobId)
  const payloadNo = replacement ?? before
  if (replacement !== null) exchangePayload(context, versionNo, before, replacement)
  context.run(
    `UPDATE wraps SET until_at = CASE WHEN fingerprint = $fingerprint THEN NULL ELSE $at END,
       from_at = CASE WHEN fingerprint = $fingerprint THEN $at ELSE from_at END
     WHERE payload_no = $payloadNo AND until_at IS NULL`,
    { payloadNo, fingerprint, at: context.now() },
  )
  context.run('UPDATE versions SET note = NULL WHERE version_no = $versionNo', { versionNo })
}

/** @returns the id of the key that was in use, or null */
function switchKeys(context: Context, artifactNo: number, request: Completed): KeyId | null {
  const { keyId, reason, jobId, by } = request
  const key = keyRecordNo(context, keyId)
  const used = context.get<{ keyId: KeyId }>(
    `SELECT key_id AS keyId FROM keys WHERE artifact_no = $artifactNo AND state = 'active' AND key_id <> $keyId`,
    { artifactNo, keyId },
  )
  if (used) {
    const replaced = keyRecordNo(context, used.keyId)
    const told = {
      event: 'key-deactivated',
      reason: `${reason}; replaced by ${key.alias}`,
      jobId,
      by,
    } as const
    changeState(context, replaced, { to: 'deactivated', ...told })
  }
  changeState(context, key, { to: 'active', event: 'key-activated', reason, jobId, by })
  addEvent(context, key.keyNo, {
    event: request.method === 'rewrap' ? 'artifact-rewrapped' : 'artifact-re-encrypted',
    from: null,
    to: null,
    reason: `${request.versions.length === 1 ? 'Version' : 'Versions'} ${request.versions.map(({ version }) => version).join(', ')}`,
    who: by.who,
  })
  return used?.keyId ?? null
}

function takeBack(context: Context, jobId: JobId, artifactId: ArtifactId): void {
  const { artifactNo } = artifactRecord(context, artifactId)
  const planned = context.all<{ versionNo: number }>(
    'SELECT version_no AS versionNo FROM replacements WHERE job_id = $jobId',
    { jobId },
  )
  for (const { versionNo } of planned) removeReplacement(context, versionNo)
  // Somebody may have read such a header before it was taken back: its key stays one that wrapped the payload.
  const wraps = context.all<{ wrapNo: number; keyNo: number }>(
    `SELECT wrap_no AS wrapNo, key_no AS keyNo FROM wraps WHERE from_at = 0 AND payload_no IN (
       SELECT payload_no FROM versions WHERE artifact_no = $artifactNo)`,
    { artifactNo },
  )
  for (const { wrapNo, keyNo } of wraps) {
    context.run('UPDATE wraps SET from_at = $at, until_at = $at WHERE wrap_no = $wrapNo', {
      wrapNo,
      at: context.now(),
    })
    context.touchKey(keyNo)
  }
  wipeHeaders(context, jobId)
  context.touchArtifact(artifactNo)
}
