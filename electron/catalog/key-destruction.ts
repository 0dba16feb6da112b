/** The end of a key, in three committed steps: announced, gone, proved (cryptography.md, section 5). */
import { fail } from '../../shared/failure.ts'
import type { ArtifactId } from '../../shared/ids.ts'
import { audit } from './audit-log.ts'
import type { Actor } from './catalog.ts'
import type { Context } from './context.ts'
import { forgetInspectionOf } from './inspection.ts'
import { endJob, insertSteps, stepIsJournaled } from './jobs.ts'
import { addEvent, changeState, keychainItem, recordCopy } from './key-changes.ts'
import { keyRecordNo } from './key-rows.ts'
import type { KeyOperations } from './key-operations.ts'

type Erased = { artifactId: ArtifactId; name: string; version: number }

export function keyDestructionOperations(
  context: Context,
): Pick<KeyOperations, 'keyDestroying' | 'keyDestroyed' | 'keyDestroyCompleted'> {
  return {
    keyDestroying: ({ jobId, keyId, wasPresent, reason, by }) => {
      const key = keyRecordNo(context, keyId)
      if (stepIsJournaled(context, jobId, 'destroying', { keyId })) return
      if (key.state === 'destroyed') fail({ code: 'key/destroyed', keyId })
      insertSteps(context, jobId, [{ step: 'destroying', facts: { keyId, wasPresent } }])
      addEvent(context, key.keyNo, { event: 'key-destroying', from: null, to: null, reason, who: by.who })
      audit(context, {
        event: 'key-destroying',
        on: key.alias,
        artifactId: key.artifactId,
        keyId,
        jobId,
        facts: { state: key.state, wasPresent, reason },
        by,
      })
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
      insertSteps(context, jobId, [{ step: 'destroyed', facts: { keyId, wasPresent } }])
    },
    keyDestroyCompleted: ({ jobId, keyId, triedToOpen, forgetInspection, outcome, report, by }) => {
      const key = keyRecordNo(context, keyId)
      const erased = erasedVersions(context, key.keyNo)
      if (stepIsJournaled(context, jobId, 'end', {})) return { erased }
      for (const { artifactId, name, version } of erased)
        audit(context, { event: 'artifact-erased', on: name, artifactId, jobId, facts: { version }, by })
      if (triedToOpen.length > 0)
        audit(context, {
          event: 'opening-failed-as-it-must',
          on: `${triedToOpen.length} ${triedToOpen.length === 1 ? 'version' : 'versions'}`,
          artifactId: key.artifactId,
          keyId,
          jobId,
          facts: { versions: triedToOpen.length },
          by,
        })
      if (forgetInspection) forgetWhollyErased(context, key.keyNo, by)
      insertSteps(context, jobId, [{ step: 'end', facts: null }])
      endJob(context, jobId, { outcome, report })
      return { erased }
    },
  }
}

/** Versions that the key once wrapped and no key opens any more. */
const erasedVersions = (context: Context, keyNo: number): Erased[] =>
  context.all<Erased>(
    `SELECT a.artifact_id AS artifactId, a.name, v.number AS version FROM versions v
     JOIN artifacts a ON a.artifact_no = v.artifact_no
     WHERE v.status = 'erased' AND v.payload_no IN (SELECT payload_no FROM wraps WHERE key_no = $keyNo)
     ORDER BY a.artifact_no, v.number`,
    { keyNo },
  )

function forgetWhollyErased(context: Context, keyNo: number, by: Actor): void {
  const artifacts = context.all<{ artifactNo: number }>(
    `SELECT DISTINCT v.artifact_no AS artifactNo FROM versions v
     WHERE v.payload_no IN (SELECT payload_no FROM wraps WHERE key_no = $keyNo)
       AND NOT EXISTS (SELECT 1 FROM versions x WHERE x.artifact_no = v.artifact_no AND x.status <> 'erased')`,
    { keyNo },
  )
  for (const { artifactNo } of artifacts) forgetInspectionOf(context, artifactNo, by)
}
