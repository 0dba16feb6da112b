/** Parts of a version: its payload, wraps and objects, put in and taken out together. */
import type { ModelSummary } from '../../shared/model-inspection.ts'
import type { Context } from './context.ts'
import type { EncryptedVersion } from './encrypt-operations.ts'
import { keyRecordNo } from './key-rows.ts'
import { storeNo } from './stores.ts'

/** As an encryption or a rebuild has it; unpinned, it has no digests. */
export type NewVersion = Pick<
  EncryptedVersion,
  'object' | 'plaintextBytes' | 'encryptedAt' | 'isFolder' | 'manifest'
> & {
  artifactNo: number
  number: number
  jobId: string | null
  payload: Pick<EncryptedVersion['payload'], 'nonce' | 'algorithm'> & {
    leafDigests: Uint8Array | null
    root: string | null
  }
  wrap: EncryptedVersion['wrap'] & { isPinned: boolean }
  isUnresolved: boolean
  summary: ModelSummary | null
}

/** Puts a version in. Its lists are brought up to date when the operation ends. */
export function insertVersion(context: Context, version: NewVersion): void {
  const { payload, wrap, summary, manifest } = version
  const { lastNo: payloadNo } = context.run(
    `INSERT INTO payloads (nonce, leaf_digests, root, algorithm)
     VALUES ($nonce, $leafDigests, $root, $algorithm)`,
    payload,
  )
  insertWrap(context, payloadNo, wrap)
  const { lastNo: versionNo } = context.run(
    `INSERT INTO versions (artifact_no, number, payload_no, job_id, plaintext_bytes, is_folder, encrypted_at,
       is_unresolved, kind, kind_label, summary, manifest)
     VALUES ($artifactNo, $number, $payloadNo, $jobId, $plaintextBytes, $isFolder, $encryptedAt,
       $isUnresolved, $kind, $kindLabel, $summary, $manifest)`,
    {
      artifactNo: version.artifactNo,
      number: version.number,
      payloadNo,
      jobId: version.jobId,
      plaintextBytes: version.plaintextBytes,
      isFolder: version.isFolder,
      encryptedAt: Math.trunc(version.encryptedAt),
      isUnresolved: version.isUnresolved,
      kind: summary?.kind ?? (version.isFolder ? 'folder' : 'binary'),
      kindLabel: summary?.label ?? '',
      summary: summary === null ? null : JSON.stringify(summary),
      manifest: manifest === null ? null : JSON.stringify(manifest),
    },
  )
  insertObject(context, versionNo, version.object, !version.isUnresolved)
  context.touchArtifact(version.artifactNo)
}

export function insertObject(
  context: Context,
  versionNo: number,
  object: NewVersion['object'],
  isPresent: boolean,
): void {
  const store = storeNo(context, object.storeId)
  for (const { no } of context.all<{ no: number }>(
    'SELECT object_no AS no FROM objects WHERE version_no = $versionNo AND deleted_at IS NOT NULL',
    { versionNo },
  ))
    forgetObject(context, no)
  context.run(
    `INSERT INTO objects (version_no, store_no, object_name, size_bytes, revision, checksum, is_present, recorded_at)
     VALUES ($versionNo, $store, $name, $sizeBytes, $revision, $checksum, $isPresent, $at)`,
    {
      versionNo,
      store,
      name: object.name,
      sizeBytes: object.sizeBytes,
      revision: object.revision,
      checksum: object.checksum ? JSON.stringify(object.checksum) : null,
      isPresent,
      at: context.now(),
    },
  )
  context.run('DELETE FROM foreign_objects WHERE store_no = $store AND object_name = $name', {
    store,
    name: object.name,
  })
}

/** An object that is gone. What only that was known of stays, marked as deleted. */
export function removeObject(context: Context, versionNo: number, objectNo: number): void {
  const others = context.get(
    'SELECT 1 FROM objects WHERE version_no = $versionNo AND object_no <> $objectNo AND deleted_at IS NULL',
    { versionNo, objectNo },
  )
  if (others) forgetObject(context, objectNo)
  else
    context.run('UPDATE objects SET is_present = 0, deleted_at = $at WHERE object_no = $objectNo', {
      objectNo,
      at: context.now(),
    })
}

/** Lists are made anew when the operation ends: touch the artifact. */
export function forgetObject(context: Context, objectNo: number): void {
  context.run('DELETE FROM artifact_list WHERE object_no = $objectNo', { objectNo })
  context.run('DELETE FROM objects WHERE object_no = $objectNo', { objectNo })
}

/** A header around a payload, accepted from now on; one that was accepted before is accepted again. */
export function insertWrap(
  context: Context,
  payloadNo: number,
  { keyId, fingerprint, isPinned }: NewVersion['wrap'],
): void {
  const { keyNo } = keyRecordNo(context, keyId)
  context.run(
    `INSERT INTO wraps (payload_no, key_no, fingerprint, from_at, until_at, is_pinned)
     VALUES ($payloadNo, $keyNo, $fingerprint, $at, NULL, $isPinned)
     ON CONFLICT (payload_no, fingerprint)
       DO UPDATE SET from_at = $at, until_at = NULL, is_pinned = $isPinned, key_no = $keyNo`,
    { payloadNo, keyNo, fingerprint, at: context.now(), isPinned },
  )
  context.touchKey(keyNo)
}

/** What was accepted until now is accepted no more; its key stays one that opens the payload. */
export const closeWraps = (context: Context, payloadNo: number): void => {
  context.run('UPDATE wraps SET until_at = $at WHERE payload_no = $payloadNo AND until_at IS NULL', {
    payloadNo,
    at: context.now(),
  })
}

/** Takes a version out, with its payload: only one that was never known to be stored. */
export function removeVersion(context: Context, versionNo: number): void {
  const row = context.get<{ payloadNo: number; artifactNo: number }>(
    'SELECT payload_no AS payloadNo, artifact_no AS artifactNo FROM versions WHERE version_no = $versionNo',
    { versionNo },
  )
  if (!row) return
  const keys = context.all<{ keyNo: number }>(
    'SELECT DISTINCT key_no AS keyNo FROM wraps WHERE payload_no = $payloadNo',
    { payloadNo: row.payloadNo },
  )
  context.run('DELETE FROM artifact_list WHERE artifact_no = $artifactNo', { artifactNo: row.artifactNo })
  context.run('DELETE FROM objects WHERE version_no = $versionNo', { versionNo })
  for (const table of ['former_payloads', 'other_names'])
    context.run(`DELETE FROM ${table} WHERE version_no = $versionNo`, { versionNo })
  context.run('DELETE FROM versions WHERE version_no = $versionNo', { versionNo })
  context.run('DELETE FROM wraps WHERE payload_no = $payloadNo', { payloadNo: row.payloadNo })
  context.run('DELETE FROM payloads WHERE payload_no = $payloadNo', { payloadNo: row.payloadNo })
  for (const { keyNo } of keys) context.touchKey(keyNo)
  context.touchArtifact(row.artifactNo)
}
