/** All about one artifact, and all about one version. */
import type { ArtifactDetails, VersionInfo } from '../../shared/domain/artifact.ts'
import type { KeyEvent } from '../../shared/domain/key.ts'
import type { ObjectChecksum } from '../../shared/domain/object-checksum.ts'
import { fail } from '../../shared/failure.ts'
import type { ArtifactId, KeyId } from '../../shared/ids.ts'
import { ModelSummary } from '../../shared/model-inspection.ts'
import type { StoredObject, VersionForOpening, Wrap } from './artifact-operations.ts'
import { artifactRecord, artifactRow } from './artifact-rows.ts'
import type { Context } from './context.ts'
import { keyRowsOfArtifact } from './key-rows.ts'
import { objectLocation } from './stores.ts'
import { taintedBy } from './tainted.ts'

type VersionRow = Omit<VersionInfo, 'keyIds' | 'taintedBy' | 'objects' | 'ciphertextBytes'> & {
  versionNo: number
  payloadNo: number
  summary: string | null
}

export function artifactDetails(context: Context, artifactId: ArtifactId): ArtifactDetails {
  const artifact = artifactRow(context, artifactId)
  const { artifactNo, createdAt } = artifactRecord(context, artifactId)
  const versions = context.all<VersionRow>(
    `SELECT v.version_no AS versionNo, v.payload_no AS payloadNo, v.number AS version, v.status, v.summary,
       v.plaintext_bytes AS plaintextBytes, v.encrypted_at AS encryptedAt, p.root AS rootDigest,
       p.algorithm AS digestAlgorithm, v.checked_at AS checkedAt, v.checked_how AS checkedHow, v.note,
       (SELECT w.fingerprint FROM wraps w WHERE w.payload_no = v.payload_no
        ORDER BY w.until_at IS NULL DESC, w.from_at DESC, w.wrap_no DESC LIMIT 1) AS fingerprint
     FROM versions v JOIN payloads p ON p.payload_no = v.payload_no
     WHERE v.artifact_no = $artifactNo ORDER BY v.number DESC`,
    { artifactNo },
  )
  return {
    artifact,
    createdAt,
    versions: versions.map((row) => versionInfo(context, row)),
    keys: keyRowsOfArtifact(context, artifactNo),
    keyEvents: context.all<KeyEvent & { keyId: KeyId }>(
      `SELECT k.key_id AS keyId, e.at, e.event, e.from_state AS "from", e.to_state AS "to", e.reason, e.who
       FROM key_events e JOIN keys k ON k.key_no = e.key_no
       WHERE k.artifact_no = $artifactNo ORDER BY e.at, e.event_no`,
      { artifactNo },
    ),
    summary: summaryOf(versions[0]?.summary ?? null),
  }
}

function summaryOf(json: string | null): ModelSummary | null {
  if (json === null) return null
  const parsed = ModelSummary.safeParse(JSON.parse(json))
  return parsed.success ? parsed.data : null
}

function versionInfo(
  context: Context,
  { versionNo, payloadNo, summary: _summary, ...row }: VersionRow,
): VersionInfo {
  const objects = objectsOf(context, versionNo)
  return {
    ...row,
    taintedBy: taintedBy(context, payloadNo),
    ciphertextBytes: objects[0]?.sizeBytes ?? 0,
    keyIds: [...new Set(wrapsOf(context, payloadNo).map((wrap) => wrap.keyId))],
    objects: objects.map(({ storeId, store, storeLocation, objectName, state }) => ({
      storeId,
      store,
      objectName,
      location: objectLocation(storeLocation, objectName),
      state,
    })),
  }
}

type ObjectRow = StoredObject &
  Pick<VersionInfo['objects'][number], 'store' | 'state'> & { storeLocation: string }

/** Present ones first, then those of the default store. */
const objectsOf = (context: Context, versionNo: number): ObjectRow[] =>
  context
    .all<Omit<ObjectRow, 'checksum'> & { checksum: string | null }>(
      `SELECT s.store_id AS storeId, s.name AS store, s.location AS storeLocation, o.object_name AS objectName,
       o.size_bytes AS sizeBytes, o.revision, o.checksum,
       CASE WHEN o.deleted_at IS NOT NULL THEN 'deleted' WHEN o.is_present THEN 'present' ELSE 'missing' END AS state
     FROM objects o JOIN stores s ON s.store_no = o.store_no
     WHERE o.version_no = $versionNo ORDER BY o.is_present DESC, s.is_default DESC, o.object_no`,
      { versionNo },
    )
    .map((row) => ({
      ...row,
      checksum: row.checksum === null ? null : (JSON.parse(row.checksum) as ObjectChecksum),
    }))

type WrapRow = Omit<Wrap, 'isAccepted'> & { isAccepted: number; isDestroyed: number }

/** Newest first; the first is the current one, if any is accepted. */
const wrapsOf = (context: Context, payloadNo: number): WrapRow[] =>
  context.all<WrapRow>(
    `SELECT k.key_id AS keyId, w.fingerprint, w.until_at IS NULL AS isAccepted,
       k.state = 'destroyed' AS isDestroyed
     FROM wraps w JOIN keys k ON k.key_no = w.key_no WHERE w.payload_no = $payloadNo
     ORDER BY w.until_at IS NULL DESC, w.from_at DESC, w.wrap_no DESC`,
    { payloadNo },
  )

type OpeningRow = Omit<VersionForOpening, 'isFolder' | 'manifest' | 'wraps' | 'keyIds' | 'objects'> & {
  versionNo: number
  payloadNo: number
  isFolder: number
  manifest: string | null
}

export function versionForOpening(
  context: Context,
  artifactId: ArtifactId,
  version: number | null,
): VersionForOpening {
  const { artifactNo, name } = artifactRecord(context, artifactId)
  const row = context.get<OpeningRow>(
    `SELECT a.artifact_id AS artifactId, a.name, v.number AS version, a.ownership, v.status,
       p.nonce, p.leaf_digests AS leafDigests, p.root, p.algorithm,
       v.plaintext_bytes AS plaintextBytes, v.is_folder AS isFolder, v.manifest,
       v.version_no AS versionNo, p.payload_no AS payloadNo
     FROM versions v JOIN artifacts a ON a.artifact_no = v.artifact_no
     JOIN payloads p ON p.payload_no = v.payload_no
     WHERE v.artifact_no = $artifactNo AND ($version IS NULL OR v.number = $version)
     ORDER BY v.number DESC LIMIT 1`,
    { artifactNo, version },
  )
  if (!row) fail({ code: 'artifact/not-found', query: version === null ? name : `${name} v${version}` })
  const { versionNo, payloadNo, isFolder, manifest, ...facts } = row
  return {
    ...facts,
    ...openingWraps(context, payloadNo),
    isFolder: isFolder === 1,
    manifest: manifest === null ? null : JSON.parse(manifest),
    objects: objectsOf(context, versionNo)
      .filter(({ state }) => state !== 'deleted')
      .map(({ store: _store, storeLocation: _location, state: _state, ...object }) => object),
    ...replacementOf(context, versionNo),
  }
}

function openingWraps(context: Context, payloadNo: number): Pick<VersionForOpening, 'wraps' | 'keyIds'> {
  const wraps = wrapsOf(context, payloadNo)
  return {
    wraps: wraps.map(({ keyId, fingerprint, isAccepted }) => ({
      keyId,
      fingerprint,
      isAccepted: isAccepted === 1,
    })),
    keyIds: [...new Set(wraps.filter((wrap) => wrap.isDestroyed === 0).map((wrap) => wrap.keyId))],
  }
}

function replacementOf(context: Context, versionNo: number): Pick<VersionForOpening, 'replacement'> {
  const row = context.get<
    { payloadNo: number } & Pick<VersionForOpening, 'nonce' | 'leafDigests' | 'root' | 'algorithm'>
  >(
    `SELECT p.payload_no AS payloadNo, p.nonce, p.leaf_digests AS leafDigests, p.root, p.algorithm
     FROM replacements r JOIN payloads p ON p.payload_no = r.payload_no WHERE r.version_no = $versionNo`,
    { versionNo },
  )
  if (!row) return {}
  const { payloadNo, ...payload } = row
  return { replacement: { ...payload, ...openingWraps(context, payloadNo) } }
}
