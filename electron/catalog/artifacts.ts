import { fail } from '../../shared/failure.ts'
import type { ArtifactOperations } from './artifact-operations.ts'
import { artifactDetails, versionForOpening } from './artifact-details.ts'
import { artifactRow, artifactRowsById, findArtifacts } from './artifact-rows.ts'
import type { Context } from './context.ts'
import type { listing } from './list-entries.ts'
import { storeNo } from './stores.ts'

type Listing = ReturnType<typeof listing>
type Owned = NonNullable<ReturnType<ArtifactOperations['objectOwner']>>
type StoredVersion = ReturnType<ArtifactOperations['versionsInStore']>['versions'][number]

export function artifactOperations(context: Context, list: Listing): ArtifactOperations {
  return {
    listEntries: list.listEntries,
    listArtifactIds: list.listArtifactIds,
    findArtifact: (query) => {
      const found = findArtifacts(context, query)
      const [artifact] = found
      if (!artifact) fail({ code: 'artifact/not-found', query })
      if (found.length > 1)
        fail({ code: 'artifact/ambiguous', query, artifactIds: found.map((row) => row.artifactId) })
      return artifact
    },
    artifactRow: (artifactId) => artifactRow(context, artifactId),
    artifactRows: (artifactIds) => artifactRowsById(context, artifactIds),
    artifactDetails: (artifactId) => artifactDetails(context, artifactId),
    versionForOpening: (artifactId, version) => versionForOpening(context, artifactId, version),
    whoHasFingerprint: (fingerprint) => {
      const row = context.get<Owned & { isAccepted: number }>(
        `SELECT a.artifact_id AS artifactId, a.name, v.number AS version, w.until_at IS NULL AS isAccepted
         FROM wraps w JOIN versions v ON v.payload_no = w.payload_no
         JOIN artifacts a ON a.artifact_no = v.artifact_no
         WHERE w.fingerprint = $fingerprint ORDER BY w.until_at IS NULL DESC LIMIT 1`,
        { fingerprint },
      )
      return row ? { ...row, isAccepted: row.isAccepted === 1 } : null
    },
    objectOwner: (storeId, objectName) =>
      context.get<Owned>(
        `SELECT a.artifact_id AS artifactId, a.name, v.number AS version FROM objects o
         JOIN versions v ON v.version_no = o.version_no JOIN artifacts a ON a.artifact_no = v.artifact_no
         WHERE o.store_no = $no AND o.object_name = $objectName
         UNION ALL SELECT a.artifact_id, a.name, r.number FROM reservations r
         JOIN artifacts a ON a.artifact_no = r.artifact_no
         WHERE r.store_no = $no AND r.object_name = $objectName LIMIT 1`,
        { no: storeNo(context, storeId), objectName },
      ) ?? null,
    versionsInStore: (storeId, after, limit) => {
      const rows = context.all<StoredVersion & { objectNo: number }>(
        `SELECT a.artifact_id AS artifactId, a.name, v.number AS version, s.store_id AS storeId,
           o.object_name AS objectName, o.size_bytes AS sizeBytes, v.status, o.object_no AS objectNo
         FROM objects o JOIN versions v ON v.version_no = o.version_no
         JOIN artifacts a ON a.artifact_no = v.artifact_no JOIN stores s ON s.store_no = o.store_no
         WHERE ($no = 0 OR o.store_no = $no) AND o.deleted_at IS NULL AND (a.artifact_no, v.number, o.object_no) > ($a, $v, $o)
         ORDER BY a.artifact_no, v.number, o.object_no LIMIT $limit`,
        {
          no: storeId === null ? 0 : storeNo(context, storeId),
          ...position(context, after),
          limit: Math.min(limit, 1000),
        },
      )
      const last = rows.at(-1)
      return {
        versions: rows.map(({ objectNo: _objectNo, ...row }) => row),
        next: last && rows.length === Math.min(limit, 1000) ? String(last.objectNo) : null,
      }
    },
  }
}

/** Where a page of `versionsInStore` begins: after the object of that number. */
function position(context: Context, after: string | null): { a: number; v: number; o: number } {
  if (after === null) return { a: 0, v: 0, o: 0 }
  const row = context.get<{ a: number; v: number; o: number }>(
    `SELECT v.artifact_no AS a, v.number AS v, o.object_no AS o FROM objects o
     JOIN versions v ON v.version_no = o.version_no WHERE o.object_no = $no`,
    { no: Number(after) },
  )
  return row ?? { a: Number.MAX_SAFE_INTEGER, v: 0, o: 0 }
}
