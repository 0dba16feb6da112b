/** Rows of artifacts as lists and details show them. */
import type { ArtifactRow, Ownership } from '../../shared/domain/artifact.ts'
import { fail } from '../../shared/failure.ts'
import type { ArtifactId } from '../../shared/ids.ts'
import type { Context } from './context.ts'
import { cryptoPeriodMs } from './policy.ts'
import { payloadIsTainted } from './tainted.ts'
import { objectLocation } from './stores.ts'

/** The scope of `artifact_list` in which every artifact has one row. */
export const everyStore = 0

type Flag = 'isFolder' | 'isTainted' | 'isKeyMissing' | 'isArchived'
type Row = Omit<ArtifactRow, Flag | 'rotationDueAt' | 'location'> & {
  [Name in Flag]: number
} & {
  artifactNo: number
  activatedAt: number | null
  storeLocation: string
}

const select = `
  SELECT l.artifact_no AS artifactNo, a.artifact_id AS artifactId, a.name, a.folder, v.number AS version,
    (SELECT count(*) FROM versions x WHERE x.artifact_no = a.artifact_no) AS versions,
    v.kind, v.kind_label AS kindLabel, v.is_folder AS isFolder, v.plaintext_bytes AS plaintextBytes,
    o.size_bytes AS ciphertextBytes, v.encrypted_at AS encryptedAt,
    k.key_id AS keyId, k.state AS keyState, k.algorithm AS keyAlgorithm, k.activated_at AS activatedAt,
    iif(k.state = 'destroyed', NULL, k.destroy_at) AS keyDestroyAt,
    k.copies_elsewhere AS copiesElsewhere, s.store_id AS storeId, s.name AS store, s.location AS storeLocation,
    o.object_name AS objectName, w.fingerprint, a.ownership, a.archived_at IS NOT NULL AS isArchived,
    k.state <> 'destroyed' AND EXISTS (SELECT 1 FROM key_copies c
      WHERE c.key_no = k.key_no AND c.place = 'keychain' AND c.state = 'found-missing') AS isKeyMissing,
    EXISTS (SELECT 1 FROM versions x WHERE x.artifact_no = a.artifact_no AND ${payloadIsTainted('x.payload_no')}) AS isTainted,
    iif(v.status IN ('stored', 'unpinned') AND NOT o.is_present, 'missing', v.status) AS status
  FROM json_each($list) wanted
  CROSS JOIN artifact_list l ON l.artifact_no = wanted.value AND l.scope = $scope
  JOIN artifacts a ON a.artifact_no = l.artifact_no
  JOIN versions v ON v.version_no = l.version_no
  JOIN objects o ON o.object_no = l.object_no
  JOIN stores s ON s.store_no = o.store_no
  JOIN wraps w ON w.wrap_no = l.wrap_no
  JOIN keys k ON k.key_no = w.key_no`

function rowOf(periodMs: number, { artifactNo, activatedAt, storeLocation, ...row }: Row) {
  const artifact: ArtifactRow = {
    ...row,
    isFolder: row.isFolder === 1,
    isTainted: row.isTainted === 1,
    isKeyMissing: row.isKeyMissing === 1,
    isArchived: row.isArchived === 1,
    rotationDueAt: row.keyState === 'active' && activatedAt !== null ? activatedAt + periodMs : null,
    location: objectLocation(storeLocation, row.objectName),
  }
  return { artifactNo, artifact }
}

/** Rows of these artifacts, in this order; what is not listed in the scope is left out. */
export function artifactRowsByNo(context: Context, artifactNos: number[], scope: number): ArtifactRow[] {
  const periodMs = cryptoPeriodMs(context)
  const rows = context
    .all<Row>(select, { scope, list: JSON.stringify(artifactNos) })
    .map((row) => rowOf(periodMs, row))
  const found = new Map(rows.map(({ artifactNo, artifact }) => [artifactNo, artifact]))
  return artifactNos.flatMap((no) => found.get(no) ?? [])
}

/** Those that are there, in the order asked. */
export function artifactRowsById(context: Context, artifactIds: ArtifactId[]): ArtifactRow[] {
  const numbers = context.all<{ artifactId: ArtifactId; artifactNo: number }>(
    `SELECT a.artifact_id AS artifactId, a.artifact_no AS artifactNo
     FROM json_each($list) wanted CROSS JOIN artifacts a ON a.artifact_id = wanted.value`,
    { list: JSON.stringify(artifactIds) },
  )
  const noOf = new Map(numbers.map(({ artifactId, artifactNo }) => [artifactId, artifactNo]))
  const wanted = artifactIds.flatMap((id) => noOf.get(id) ?? [])
  return artifactRowsByNo(context, wanted, everyStore)
}

/** @throws artifact/not-found, also while it has no version */
export function artifactRow(context: Context, artifactId: ArtifactId): ArtifactRow {
  const [row] = artifactRowsById(context, [artifactId])
  return row ?? fail({ code: 'artifact/not-found', query: artifactId })
}

/** An artifact's number and facts of its own. @throws artifact/not-found */
export function artifactRecord(context: Context, artifactId: ArtifactId) {
  const row = context.get<{
    artifactNo: number
    name: string
    ownership: Ownership
    createdAt: number
  }>(
    `SELECT artifact_no AS artifactNo, name, ownership, created_at AS createdAt FROM artifacts
     WHERE artifact_id = $artifactId`,
    { artifactId },
  )
  return row ?? fail({ code: 'artifact/not-found', query: artifactId })
}

/** A version's number and facts of its own. @throws artifact/not-found */
export function versionRecord(context: Context, artifactId: ArtifactId, version: number) {
  const { artifactNo, name, ownership } = artifactRecord(context, artifactId)
  const row = context.get<{ versionNo: number; payloadNo: number; status: ArtifactRow['status'] }>(
    `SELECT version_no AS versionNo, payload_no AS payloadNo, status FROM versions
     WHERE artifact_no = $artifactNo AND number = $version`,
    { artifactNo, version },
  )
  if (!row) fail({ code: 'artifact/not-found', query: `${name} v${version}` })
  return { ...row, artifactNo, name, ownership }
}

/** By id, exact name, object name, or location. */
export function findArtifacts(context: Context, query: string): ArtifactRow[] {
  const byName = context.all<{ artifactNo: number }>(
    `SELECT artifact_no AS artifactNo FROM artifacts WHERE artifact_id = $query
     UNION SELECT artifact_no FROM artifacts WHERE name = $query LIMIT 100`,
    { query },
  )
  const found = artifactRowsByNo(
    context,
    byName.map((row) => row.artifactNo),
    everyStore,
  )
  if (found.length > 0) return found
  const stores = context.all<{ storeNo: number; location: string }>(
    'SELECT store_no AS storeNo, location FROM stores',
  )
  const asObject = stores.map(({ storeNo, location }) => {
    const inside = query.startsWith(objectLocation(location, ''))
    const name = inside ? query.slice(objectLocation(location, '').length) : query
    return [storeNo, location.includes('\\') ? name.replaceAll('\\', '/') : name]
  })
  const byObject = context.all<{ artifactNo: number }>(
    `SELECT DISTINCT v.artifact_no AS artifactNo FROM json_each($objects) j
     CROSS JOIN objects o ON o.store_no = j.value ->> 0 AND o.object_name = j.value ->> 1
     JOIN versions v ON v.version_no = o.version_no LIMIT 100`,
    { objects: JSON.stringify(asObject) },
  )
  return artifactRowsByNo(
    context,
    byObject.map((row) => row.artifactNo),
    everyStore,
  )
}
