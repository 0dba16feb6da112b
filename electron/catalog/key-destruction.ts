/** The end of a key, in three committed steps: announced, gone, proved (cryptography.md, section 5). */
import { fail } from '../../shared/failure.ts'
import { formatCounted } from '../../shared/format.ts'
import type { ArtifactId, JobId, KeyId } from '../../shared/ids.ts'
import { transition } from '../../shared/key-state.ts'
import { artifactRecord } from './artifact-rows.ts'
import { audit } from './audit-log.ts'
import type { Actor } from './catalog.ts'
import type { Context } from './context.ts'
import { forgetInspectionOf, forgetInspectionOfVersions } from './inspection.ts'
import { refuseWhileItOpens } from './still-opens.ts'
import { endJob, insertStep, stepIsJournaled } from './jobs.ts'
import { changeState, keychainItem, recordCopy, tellOfKey } from './key-changes.ts'
import { keyImpact } from './key-impact.ts'
import type { KeyOperations } from './key-operations.ts'
import { jobsHoldingKey, keyCopies, keyRecordNo, type NumberedKey } from './key-rows.ts'

type Erased = { artifactId: ArtifactId; name: string; version: number }

export function keyDestructionOperations(
  context: Context,
): Pick<KeyOperations, 'keyDestroying' | 'keyDestroyed' | 'keyDestroyCompleted'> {
  return {
    keyDestroying: ({ jobId, keyId, wasPresent, confirmed, kept, reason, by }) => {
      const key = keyRecordNo(context, keyId)
      const isAnnounced = stepIsJournaled(context, jobId, 'destroying', { keyId })
      if (isAnnounced && key.state === 'destroyed') return
      if (key.state === 'destroyed') fail({ code: 'key/destroyed', keyId })
      if (!wasPresent && isLeftBehind(context, key.keyNo)) fail({ code: 'key/missing-from-keychain', keyId })
      if (confirmed) refuseMoreThan(context, keyId, confirmed)
      if (isAnnounced) return
      if (kept) refuseWhileItOpens(context, key, kept)
      refuseWhileUsed(context, key, jobId)
      insertStep(context, jobId, 'destroying', { keyId, wasPresent })
      if (transition(key.state, 'suspended').ok) {
        const facts = { wasPresent }
        changeState(context, key, { to: 'suspended', event: 'key-destroying', reason, jobId, facts, by })
        return
      }
      const facts = { state: key.state, wasPresent, reason }
      tellOfKey(context, key, { event: 'key-destroying', reason, jobId, facts, by })
    },
    keyDestroyed: ({ jobId, keyId, wasPresent, reason, facts, by }) => {
      const key = keyRecordNo(context, keyId)
      if (key.state === 'destroyed') return
      changeState(context, key, { to: 'destroyed', event: 'key-destroyed', reason, jobId, facts, by })
      const state = wasPresent ? 'destroyed' : 'found-missing'
      recordCopy(context, key.keyNo, { place: 'keychain', where: keychainItem(keyId), state })
      if (!wasPresent)
        audit(context, {
          event: 'key-found-missing',
          on: key.alias,
          artifactId: key.artifactId,
          keyId,
          jobId,
          facts: { place: 'keychain' },
          by,
        })
      insertStep(context, jobId, 'destroyed', { keyId, wasPresent })
    },
    keyDestroyCompleted: ({ jobId, keyId, triedToOpen, outcome, report, by }) => {
      const key = keyRecordNo(context, keyId)
      const erased = erasedVersions(context, key.keyNo)
      if (stepIsJournaled(context, jobId, 'end', {})) return { erased }
      for (const { artifactId, name, version } of erased)
        audit(context, { event: 'artifact-erased', on: name, artifactId, jobId, facts: { version }, by })
      if (triedToOpen.length > 0)
        audit(context, {
          event: 'opening-failed-as-it-must',
          on: formatCounted(triedToOpen.length, 'version'),
          artifactId: key.artifactId,
          keyId,
          jobId,
          facts: { versions: triedToOpen.length },
          by,
        })
      forgetErased(context, erased, by)
      forgetWhollyErased(context, key.keyNo, by)
      insertStep(context, jobId, 'end', null)
      endJob(context, jobId, { outcome, report })
      return { erased }
    },
  }
}

/** In a keychain that is not this one: nobody here can destroy it. */
const isLeftBehind = (context: Context, keyNo: number): boolean =>
  keyCopies(context, keyNo).some(({ place, state }) => place === 'keychain' && state === 'not-here')

/** Refuses while another job may write with the key. The job that made it takes it back whatever its artifact's other
 * jobs do: nobody else has used it. */
function refuseWhileUsed(context: Context, key: NumberedKey, jobId: JobId): void {
  const { keyId } = key
  if (key.state === 'pre-activation' && stepIsJournaled(context, jobId, 'key', { keyId })) return
  const jobs = jobsHoldingKey(context, key, jobId)
  if (jobs.length > 0) fail({ code: 'key/still-protects', keyId, jobs })
}

/** Refuses where the key is the last of a version that was not there, or had another key, when it was confirmed. */
function refuseMoreThan(
  context: Context,
  keyId: KeyId,
  confirmed: readonly { artifactId: ArtifactId; version: number }[],
): void {
  const known = new Set(confirmed.map(({ artifactId, version }) => `${artifactId} ${version}`))
  const more = keyImpact(context, keyId).goneForGood.filter(
    ({ artifactId, version }) => !known.has(`${artifactId} ${version}`),
  )
  if (more.length > 0) fail({ code: 'key/protects-more', keyId, versions: more.length })
}

/** A payload is erased only with every key that ever wrapped it: an old copy of a file still has its old header. */
const payloadIsErased = (payloadNo: string): string => `NOT EXISTS (
  SELECT 1 FROM wraps w JOIN keys k ON k.key_no = w.key_no
  WHERE w.payload_no = ${payloadNo} AND k.state <> 'destroyed')`

/** Versions that the key once wrapped and no key opens any more, also not from an older copy. */
const erasedVersions = (context: Context, keyNo: number): Erased[] =>
  context.all<Erased>(
    `SELECT a.artifact_id AS artifactId, a.name, v.number AS version FROM versions v
     JOIN artifacts a ON a.artifact_no = v.artifact_no
     WHERE v.status = 'erased' AND ${payloadIsErased('v.payload_no')} AND v.payload_no IN (SELECT payload_no FROM wraps WHERE key_no = $keyNo)
     ORDER BY a.artifact_no, v.number`,
    { keyNo },
  )

/** Each version as it is erased, whatever other versions its artifact has. */
function forgetErased(context: Context, erased: readonly Erased[], by: Actor): void {
  for (const [artifactId, versions] of Map.groupBy(erased, (each) => each.artifactId)) {
    const { artifactNo } = artifactRecord(context, artifactId)
    const numbers = versions.map(({ version }) => version)
    forgetInspectionOfVersions(context, artifactNo, numbers, by)
  }
}

function forgetWhollyErased(context: Context, keyNo: number, by: Actor): void {
  const artifacts = context.all<{ artifactNo: number }>(
    `SELECT DISTINCT v.artifact_no AS artifactNo FROM versions v
     WHERE v.payload_no IN (SELECT payload_no FROM wraps WHERE key_no = $keyNo)
       AND NOT EXISTS (SELECT 1 FROM versions x WHERE x.artifact_no = v.artifact_no
         AND NOT (x.status = 'erased' AND ${payloadIsErased('x.payload_no')}))`,
    { keyNo },
  )
  for (const { artifactNo } of artifacts) forgetInspectionOf(context, artifactNo, by)
}
