/** The end of an artifact in the catalog, in committed steps: begun, its keys gone one by one, certified. */
import { createHash } from 'node:crypto'
import type { CertificateRow } from '../../shared/domain/certificate.ts'
import { fail } from '../../shared/failure.ts'
import { formatCounted } from '../../shared/format.ts'
import type { ArtifactId, JobId, KeyId } from '../../shared/ids.ts'
import { transition } from '../../shared/key-state.ts'
import { artifactRecord } from './artifact-rows.ts'
import { audit } from './audit-log.ts'
import type { Context } from './context.ts'
import { forgetInspectionOf, forgetInspectionOfVersions } from './inspection.ts'
import { endJob, insertStep, stepIsJournaled } from './jobs.ts'
import { changeState } from './key-changes.ts'
import { jobsHoldingKey, keyRecordNo } from './key-rows.ts'
import { keysToRetire, retirementImpact, sharedVersions } from './retirement-impact.ts'
import type {
  ConfirmedLoss,
  OtherNames,
  RetirementOperations,
  StoredCertificate,
} from './retirement-operations.ts'
import {
  allScheduled,
  cancelSchedule,
  forgetSchedule,
  letWait,
  schedule,
  scheduledOf,
  shiftAll,
} from './retirement-schedule.ts'

export function retirementOperations(context: Context): RetirementOperations {
  return {
    retirementImpact: (artifactIds) => retirementImpact(context, artifactIds),
    retirements: () => allScheduled(context),
    retirementScheduled: (request) => {
      const { artifactId, confirmed } = request
      const { name } = artifactRecord(context, artifactId)
      if (scheduledOf(context, artifactId) !== null) fail({ code: 'retirement/scheduled', name })
      requireRetirable(context, artifactId, confirmed, null)
      schedule(context, request)
    },
    retirementCancelled: ({ artifactId, by }) => cancelSchedule(context, artifactId, by),
    retirementWaits: ({ artifactId, why, by }) => letWait(context, artifactId, why, by),
    clockJumped: (byMs) => shiftAll(context, byMs),
    retirementBegun: (request) => begin(context, request),
    retirementCompleted: (request) => complete(context, request),
    newestSeenAt: () => context.get<{ at: number | null }>('SELECT max(at) AS at FROM audit')?.at ?? 0,
    decryptionsOf: (artifactId) =>
      context.get<{ count: number; lastAt: number | null }>(
        `SELECT count(*) AS count, max(at) AS lastAt FROM audit
         WHERE event = 'artifact-decrypted' AND artifact_id = $artifactId`,
        { artifactId },
      ) ?? { count: 0, lastAt: null },
    otherNames: (artifactId) =>
      context.all<OtherNames>(
        `SELECT v.number AS version, o.location, o.names, o.at FROM other_names o
         JOIN versions v ON v.version_no = o.version_no JOIN artifacts a ON a.artifact_no = v.artifact_no
         WHERE a.artifact_id = $artifactId ORDER BY v.number, o.at, o.location`,
        { artifactId },
      ),
    certificates: ({ artifactId, offset, limit }) => {
      const condition = artifactId === null ? 'true' : 'artifact_id = $artifactId'
      const parameters: Record<string, string> = artifactId === null ? {} : { artifactId }
      const counted = context.get<{ total: number }>(
        `SELECT count(*) AS total FROM certificates WHERE ${condition}`,
        parameters,
      )
      return {
        total: counted?.total ?? 0,
        rows: context.all<CertificateRow>(
          `SELECT certificate_id AS certificateId, artifact_id AS artifactId, artifact_name AS artifactName, at
           FROM certificates WHERE ${condition} ORDER BY certificate_no DESC LIMIT $limit OFFSET $offset`,
          { ...parameters, limit: Math.min(limit, 200), offset },
        ),
      }
    },
    certificate: (certificateId) =>
      context.get<StoredCertificate>(
        `SELECT certificate_id AS certificateId, artifact_id AS artifactId, artifact_name AS artifactName, at,
           statement, signature, public_key AS publicKeyPem FROM certificates WHERE certificate_id = $certificateId`,
        { certificateId },
      ) ?? fail({ code: 'certificate/not-found', certificateId }),
    certificateKeys: () =>
      context
        .all<{ key: string }>('SELECT DISTINCT public_key AS key FROM certificates')
        .map(({ key }) => key),
  }
}

/** Refuses what would take more than was confirmed, or what is at work.
 * @param jobId of the retirement itself, or null */
function requireRetirable(
  context: Context,
  artifactId: ArtifactId,
  confirmed: ConfirmedLoss,
  jobId: JobId | null,
): KeyId[] {
  const { artifactNo, name, ownership } = artifactRecord(context, artifactId)
  if (ownership === 'reader') fail({ code: 'artifact/not-owner', name })
  const versions = context.all<{ version: number; status: string }>(
    'SELECT number AS version, status FROM versions WHERE artifact_no = $artifactNo',
    { artifactNo },
  )
  if (versions.some(({ status }) => status === 'unresolved')) fail({ code: 'artifact/unresolved', name })
  const known = new Set(confirmed.versions.map((each) => `${each.artifactId} ${each.version}`))
  const keyIds = keysToRetire(context, [artifactNo])
  const moreVersions = versions.filter(({ version }) => !known.has(`${artifactId} ${version}`)).length
  const keys = keyIds.map((keyId) => keyRecordNo(context, keyId)).filter(({ state }) => state !== 'destroyed')
  const moreKeys = keys.filter(({ keyId }) => !confirmed.keyIds.includes(keyId)).length
  if (moreVersions + moreKeys > 0)
    fail({ code: 'retirement/more-than-confirmed', name, versions: moreVersions, keys: moreKeys })
  const lost = sharedVersions(context, [artifactNo]).find(
    (each) => !each.staysOpen && !known.has(`${each.artifactId} ${each.version}`),
  )
  if (lost) fail({ code: 'retirement/key-shared', name, keyId: lost.keyId, otherName: lost.name })
  for (const key of keys) {
    const jobs = jobsHoldingKey(context, key, jobId)
    if (jobs.length > 0) fail({ code: 'key/still-protects', keyId: key.keyId, jobs })
  }
  return keyIds
}

function begin(
  context: Context,
  { jobId, artifactId, confirmed, by }: Parameters<RetirementOperations['retirementBegun']>[0],
): void {
  const { artifactNo, name } = artifactRecord(context, artifactId)
  if (stepIsJournaled(context, jobId, 'retiring', {})) return
  const keyIds = requireRetirable(context, artifactId, confirmed, jobId)
  forgetSchedule(context, artifactNo)
  for (const keyId of keyIds) {
    const key = keyRecordNo(context, keyId)
    if (key.state === 'active' && transition(key.state, 'suspended').ok)
      changeState(context, key, {
        to: 'suspended',
        event: 'key-suspended',
        reason: 'Its artifact is being retired',
        jobId,
        by,
      })
    context.touchKey(key.keyNo)
  }
  insertStep(context, jobId, 'retiring', { keyIds })
  audit(context, {
    event: 'retirement-begun',
    on: name,
    artifactId,
    jobId,
    facts: { keys: keyIds.length },
    by,
  })
}

/** A version that was made while the others went. */
const hasMore = (context: Context, artifactNo: number, numbers: readonly number[]): boolean =>
  context.get(
    `SELECT 1 FROM versions WHERE artifact_no = $artifactNo AND number NOT IN (SELECT value FROM json_each($list))`,
    { artifactNo, list: JSON.stringify(numbers) },
  ) !== undefined

function complete(
  context: Context,
  request: Parameters<RetirementOperations['retirementCompleted']>[0],
): void {
  const { jobId, artifactId, triedToOpen, certificate, outcome, report, by } = request
  if (stepIsJournaled(context, jobId, 'end', {})) return
  const { artifactNo, name } = artifactRecord(context, artifactId)
  const about = { on: name, artifactId, jobId, by }
  const erased = context.all<{ version: number }>(
    `SELECT number AS version FROM versions WHERE artifact_no = $artifactNo AND status = 'erased' ORDER BY number`,
    { artifactNo },
  )
  for (const { version } of erased) audit(context, { ...about, event: 'artifact-erased', facts: { version } })
  if (triedToOpen.length > 0)
    audit(context, {
      ...about,
      event: 'opening-failed-as-it-must',
      on: formatCounted(triedToOpen.length, 'version'),
      facts: { versions: triedToOpen.length },
    })
  const numbers = erased.map(({ version }) => version)
  if (hasMore(context, artifactNo, numbers)) forgetInspectionOfVersions(context, artifactNo, numbers, by)
  else forgetInspectionOf(context, artifactNo, by)
  context.run(
    `INSERT INTO certificates (certificate_id, artifact_id, artifact_name, at, statement, signature, public_key)
     VALUES ($jobId, $artifactId, $artifactName, $at, $statement, $signature, $publicKeyPem)`,
    { jobId, artifactId, ...certificate },
  )
  const sha256 = createHash('sha256').update(certificate.statement).digest('hex')
  audit(context, { ...about, event: 'artifact-retired', facts: { certificate: jobId, sha256 } })
  insertStep(context, jobId, 'end', null)
  endJob(context, jobId, { outcome, report })
  context.touchArtifact(artifactNo)
}
