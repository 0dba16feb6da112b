import { fail } from '../../shared/failure.ts'
import { artifactRecord, versionRecord } from './artifact-rows.ts'
import { audit } from './audit-log.ts'
import type { Context } from './context.ts'
import { addEvent } from './key-changes.ts'
import { keyRecordNo } from './key-rows.ts'
import { adopt, meetOwner, pinOnFirstUse } from './ownership.ts'
import { rebuildInsert } from './rebuild.ts'
import { storeNo } from './stores.ts'
import type { VersionOperations } from './version-operations.ts'
import { closeWraps, insertWrap } from './version-rows.ts'

export function versionOperations(context: Context): VersionOperations {
  return {
    setVersionChecked: ({ artifactId, version, at, how, object }) => {
      const { versionNo, artifactNo } = versionRecord(context, artifactId, version)
      context.run(
        'UPDATE versions SET checked_at = $at, checked_how = $how, note = NULL WHERE version_no = $versionNo',
        { versionNo, at: Math.trunc(at), how },
      )
      context.run(
        `UPDATE objects SET revision = $revision, is_present = 1, checksum = coalesce($checksum, checksum)
         WHERE version_no = $versionNo AND store_no = $store AND object_name = $objectName`,
        {
          versionNo,
          store: storeNo(context, object.storeId),
          objectName: object.objectName,
          revision: object.revision,
          checksum: object.checksum ? JSON.stringify(object.checksum) : null,
        },
      )
      context.touchArtifact(artifactNo)
    },
    versionMissing: ({ artifactId, version, object, by }) => {
      const { versionNo, artifactNo, name, status } = versionRecord(context, artifactId, version)
      const store = object === undefined ? null : storeNo(context, object.storeId)
      const { changes } = context.run(
        `UPDATE objects SET is_present = 0 WHERE version_no = $versionNo AND is_present = 1
           AND ($store IS NULL OR (store_no = $store AND object_name = $objectName))`,
        { versionNo, store, objectName: object?.objectName ?? null },
      )
      context.run(
        `UPDATE versions SET is_unresolved = 0 WHERE version_no = $versionNo
           AND NOT EXISTS (SELECT 1 FROM objects o WHERE o.version_no = $versionNo AND o.is_present)`,
        { versionNo },
      )
      context.touchArtifact(artifactNo)
      if (status !== 'erased' && (changes > 0 || status === 'unresolved'))
        audit(context, { event: 'version-missing', on: name, artifactId, facts: { version }, by })
    },
    versionRefused: ({ artifactId, version, code, by, jobId }) => {
      const { versionNo, artifactNo, name } = versionRecord(context, artifactId, version)
      const on = new Date(context.now()).toISOString().slice(0, 10)
      context.run('UPDATE versions SET note = $note WHERE version_no = $versionNo', {
        versionNo,
        note: `Did not verify on ${on}: ${code}`,
      })
      audit(context, { event: 'version-refused', on: name, artifactId, jobId, facts: { version, code }, by })
      context.touchArtifact(artifactNo)
    },
    repinVersion: ({ artifactId, version, fingerprint, keyId, note, by }) => {
      const { versionNo, artifactNo, payloadNo, name } = versionRecord(context, artifactId, version)
      closeWraps(context, payloadNo)
      insertWrap(context, payloadNo, { keyId, fingerprint, isPinned: true })
      context.run('UPDATE versions SET note = $note WHERE version_no = $versionNo', { versionNo, note })
      audit(context, {
        event: 'version-repinned',
        on: name,
        artifactId,
        keyId,
        facts: { version, fingerprint, note },
        by,
      })
      context.touchArtifact(artifactNo)
    },
    wrapMet: ({ artifactId, version, fingerprint, keyId }) => {
      const { payloadNo } = versionRecord(context, artifactId, version)
      const known = context.get(
        'SELECT 1 FROM wraps WHERE payload_no = $payloadNo AND fingerprint = $fingerprint',
        { payloadNo, fingerprint },
      )
      if (known) return
      insertWrap(context, payloadNo, { keyId, fingerprint, isPinned: true })
      context.run(
        'UPDATE wraps SET until_at = from_at WHERE payload_no = $payloadNo AND fingerprint = $fingerprint',
        { payloadNo, fingerprint },
      )
    },
    updateObjectLocation: ({ artifactId, version, storeId, from, to, revision, by }) => {
      const { versionNo, artifactNo, name } = versionRecord(context, artifactId, version)
      const store = storeNo(context, storeId)
      if (context.get('SELECT 1 FROM objects WHERE store_no = $store AND object_name = $to', { store, to }))
        fail({ code: 'store/object-exists', store: storeId, objectName: to })
      const moved = context.run(
        `UPDATE objects SET object_name = $to, revision = $revision, is_present = 1, recorded_at = $at
         WHERE version_no = $versionNo AND store_no = $store AND object_name = $from`,
        { versionNo, store, from, to, revision, at: context.now() },
      )
      if (moved.changes === 0) fail({ code: 'store/object-not-found', store: storeId, objectName: from })
      context.run('DELETE FROM foreign_objects WHERE store_no = $store AND object_name = $to', { store, to })
      audit(context, { event: 'version-found', on: name, artifactId, facts: { version, from, to }, by })
      context.touchArtifact(artifactNo)
    },
    artifactDecrypted: ({ artifactId, version, keyId, to, jobId, by }) => {
      const { name } = artifactRecord(context, artifactId)
      const { keyNo } = keyRecordNo(context, keyId)
      const reason = `Version ${version}`
      addEvent(context, keyNo, { event: 'artifact-decrypted', from: null, to: null, reason, who: by.who })
      audit(context, {
        event: 'artifact-decrypted',
        on: name,
        artifactId,
        keyId,
        jobId,
        facts: { version, to },
        by,
      })
    },
    rebuildInsert: (request) => rebuildInsert(context, request),
    pinnedOnFirstUse: (request) => pinOnFirstUse(context, request),
    ownerMet: (request) => meetOwner(context, request),
    adopted: (request) => adopt(context, request),
  }
}
