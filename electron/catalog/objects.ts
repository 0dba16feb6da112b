import { fail } from '../../shared/failure.ts'
import { nameRulesOf } from '../../shared/name-rules.ts'
import { versionRecord } from './artifact-rows.ts'
import { audit } from './audit-log.ts'
import type { Context } from './context.ts'
import { insertStep } from './jobs.ts'
import { freeName, releaseReservation } from './naming.ts'
import type { ObjectOperations } from './object-operations.ts'
import { isOpaqueName } from './object-name.ts'
import { storeNo } from './stores.ts'
import { forgetObject, insertObject, removeObject } from './version-rows.ts'

export function objectOperations(context: Context): ObjectOperations {
  return {
    reserveCopy: (request) => reserveCopy(context, request),
    objectAdded: ({ jobId, artifactId, version, storeId, instead, from, by, ...object }) => {
      const { versionNo, artifactNo, name } = versionRecord(context, artifactId, version)
      const { objectName, ...stored } = object
      if (objectNo(context, versionNo, storeId, objectName) !== null) return
      context.run('DELETE FROM reservations WHERE job_id = $jobId', { jobId })
      const gone = instead === null ? null : objectNo(context, versionNo, storeId, instead)
      if (gone !== null) forgetObject(context, gone)
      insertObject(context, versionNo, { storeId, name: objectName, ...stored }, true)
      context.touchArtifact(artifactNo)
      insertStep(context, jobId, 'verified', { version, storeId, objectName })
      const to = storeName(context, storeId)
      const facts = { version, from, to, object: objectName }
      audit(context, { event: 'version-copied', on: name, artifactId, jobId, facts, by })
    },
    objectRemoved: ({ jobId, artifactId, version, storeId, objectName, event, facts, by }) => {
      const { versionNo, artifactNo, name } = versionRecord(context, artifactId, version)
      const no = objectNo(context, versionNo, storeId, objectName)
      if (no === null) return
      removeObject(context, versionNo, no)
      context.touchArtifact(artifactNo)
      insertStep(context, jobId, 'removed', { version, storeId, objectName })
      const where = { version, store: storeName(context, storeId), object: objectName }
      audit(context, { event, on: name, artifactId, jobId, facts: { ...where, ...facts }, by })
    },
  }
}

/** Of what is not deleted yet. */
const objectNo = (context: Context, versionNo: number, storeId: string, objectName: string): number | null =>
  context.get<{ no: number }>(
    `SELECT o.object_no AS no FROM objects o JOIN stores s ON s.store_no = o.store_no
     WHERE o.version_no = $versionNo AND s.store_id = $storeId AND o.object_name = $objectName
       AND o.deleted_at IS NULL`,
    { versionNo, storeId, objectName },
  )?.no ?? null

const storeName = (context: Context, storeId: string): string =>
  context.get<{ name: string }>('SELECT name FROM stores WHERE store_id = $storeId', { storeId })?.name ?? ''

function reserveCopy(
  context: Context,
  { jobId, artifactId, version, storeId, like, taken }: Parameters<ObjectOperations['reserveCopy']>[0],
): { objectName: string } {
  const store = storeNo(context, storeId)
  const { artifactNo, name } = versionRecord(context, artifactId, version)
  const held = context.get<{ objectName: string }>(
    `SELECT object_name AS objectName FROM reservations
     WHERE job_id = $jobId AND artifact_no = $artifactNo AND number = $version AND store_no = $store`,
    { jobId, artifactNo, version, store },
  )
  if (held && !taken.includes(held.objectName)) return held
  releaseReservation(context, jobId)
  const facts = context.get<{ isFolder: number; nameNumber: number }>(
    `SELECT v.is_folder AS isFolder, a.name_number AS nameNumber
     FROM versions v JOIN artifacts a ON a.artifact_no = v.artifact_no
     WHERE v.artifact_no = $artifactNo AND v.number = $version`,
    { artifactNo, version },
  )
  if (!facts) return fail({ code: 'artifact/not-found', query: name })
  const isFolder = facts.isFolder === 1
  const rules = nameRulesOf(process.platform)
  const named = isOpaqueName(like, artifactId)
    ? { name: artifactId, nameNumber: 1 }
    : { name, nameNumber: facts.nameNumber }
  const { objectName } = freeName(context, store, { ...named, isFolder, version, rules }, new Set(taken))
  context.run(
    `INSERT INTO reservations
       (job_id, artifact_no, store_no, number, object_name, is_new_artifact, reserved_at, is_copy)
     VALUES ($jobId, $artifactNo, $store, $version, $objectName, 0, $at, 1)`,
    { jobId, artifactNo, store, version, objectName, at: context.now() },
  )
  return { objectName }
}
