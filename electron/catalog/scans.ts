/** What a store was seen to hold, against what the catalog says it holds. */
import { formatCounted } from '../../shared/format.ts'
import { audit } from './audit-log.ts'
import type { Context } from './context.ts'
import { refreshPresence } from './refresh.ts'
import { nameKey } from './search-terms.ts'
import type { ScannedObject, StoreOperations } from './store-operations.ts'
import { storeNo } from './stores.ts'
import { byItself } from './catalog.ts'

type Scan = { storeNo: number; startedAt: number }
type ScanOperations = Pick<StoreOperations, 'scanStarted' | 'scanPage' | 'scanFinished' | 'foreignObjects'>

export const folderOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('/')))

export function scanOperations(context: Context): ScanOperations {
  const scans = new Map<number, Scan>()
  let lastScanId = 0
  const drop = (scanId: number) => {
    scans.delete(scanId)
    context.run('DELETE FROM scanned WHERE scan_id = $scanId', { scanId })
  }
  const scanOf = (scanId: number): Scan => {
    const scan = scans.get(scanId)
    if (!scan) throw new Error(`scan ${scanId} is not under way`)
    return scan
  }
  return {
    scanStarted: (storeId) => {
      const no = storeNo(context, storeId)
      for (const [scanId, scan] of scans) if (scan.storeNo === no) drop(scanId)
      lastScanId += 1
      scans.set(lastScanId, { storeNo: no, startedAt: context.now() })
      return { scanId: lastScanId }
    },
    scanPage: (scanId, objects) => {
      const { storeNo: no } = scanOf(scanId)
      for (const object of objects) {
        context.run(
          `INSERT OR REPLACE INTO scanned
             (scan_id, folder, name, name_key, size_bytes, modified_at, is_age_file)
           VALUES ($scanId, $folder, $name, $key, $sizeBytes, $modifiedAt, $isAgeFile)`,
          {
            scanId,
            folder: folderOf(object.name),
            name: object.name,
            key: nameKey(object.name),
            sizeBytes: object.sizeBytes,
            modifiedAt: Math.max(0, Math.trunc(object.modifiedAt)),
            isAgeFile: object.isAgeFile,
          },
        )
      }
      if (showForeign(context, scanId, no, objects) > 0) context.changed('artifacts')
    },
    scanFinished: (scanId) => {
      const scan = scanOf(scanId)
      const counts = compare(context, scanId, scan)
      drop(scanId)
      return { ...counts, at: context.now() }
    },
    foreignObjects: (storeId, names) =>
      context
        .all<Omit<ScannedObject, 'isAgeFile'> & { isAgeFile: number }>(
          `SELECT f.object_name AS name, f.size_bytes AS sizeBytes, f.modified_at AS modifiedAt,
             f.is_age_file AS isAgeFile
           FROM json_each($names) n
           CROSS JOIN foreign_objects f ON f.store_no = $no AND f.object_name = n.value ->> 1 AND f.folder = n.value ->> 0`,
          {
            names: JSON.stringify(names.map((name) => [folderOf(name), name])),
            no: storeNo(context, storeId),
          },
        )
        .map((row) => ({ ...row, isAgeFile: row.isAgeFile === 1 })),
  }
}

/** Ours that were there before the scan began, as the scan saw them. */
const ours = `store_no = $storeNo AND recorded_at <= $startedAt`
const seen = `SELECT name FROM scanned WHERE scan_id = $scanId`

function compare(context: Context, scanId: number, { storeNo: no, startedAt }: Scan) {
  const before = { scanId, storeNo: no, startedAt }
  const gone = context.all<{ artifactNo: number; name: string }>(
    `SELECT v.artifact_no AS artifactNo, a.name FROM objects o
     JOIN versions v ON v.version_no = o.version_no JOIN artifacts a ON a.artifact_no = v.artifact_no
     WHERE ${ours} AND o.is_present = 1 AND o.object_name NOT IN (${seen})`,
    before,
  )
  const back = context.all<{ artifactNo: number }>(
    `SELECT v.artifact_no AS artifactNo FROM objects o JOIN versions v ON v.version_no = o.version_no
     WHERE ${ours} AND o.is_present = 0 AND v.is_unresolved = 0 AND o.object_name IN (${seen})`,
    before,
  )
  context.run(
    `UPDATE objects SET is_present = object_name IN (${seen}),
       deleted_at = iif(object_name IN (${seen}), NULL, deleted_at)
     WHERE ${ours} AND version_no NOT IN (SELECT version_no FROM versions WHERE is_unresolved = 1)
       AND is_present <> (object_name IN (${seen}))`,
    before,
  )
  const changed = [...gone, ...back].map(({ artifactNo }) => artifactNo)
  refreshPresence(context, changed)
  replaceForeign(context, scanId, no)
  const [first] = gone
  if (first)
    audit(context, {
      event: 'version-missing',
      on: gone.length === 1 ? first.name : formatCounted(gone.length, 'object'),
      facts: { objects: gone.length, store: storeName(context, no) },
      by: byItself,
    })
  const counts = context.get<{ objects: number; foreign: number; missing: number }>(
    `SELECT (SELECT count(*) FROM scanned WHERE scan_id = $scanId) AS objects,
       (SELECT count(*) FROM foreign_objects WHERE store_no = $storeNo) AS "foreign",
       (SELECT count(*) FROM objects WHERE store_no = $storeNo AND is_present = 0 AND deleted_at IS NULL)
         AS missing`,
    { scanId, storeNo: no },
  )
  if (!counts) throw new Error('a query of counts answered nothing')
  return counts
}

/** What was not known of stands in the lists as soon as its page was seen; nothing leaves them before the end.
 * @returns how many came */
function showForeign(
  context: Context,
  scanId: number,
  no: number,
  objects: readonly ScannedObject[],
): number {
  const names = JSON.stringify(objects.map(({ name }) => name))
  return context.run(
    `INSERT OR IGNORE INTO foreign_objects
       (store_no, folder, object_name, name_key, size_bytes, modified_at, is_age_file)
     SELECT $no, s.folder, s.name, s.name_key, s.size_bytes, s.modified_at, s.is_age_file
     FROM json_each($names) n CROSS JOIN scanned s ON s.scan_id = $scanId AND s.name = n.value
     WHERE NOT EXISTS (SELECT 1 FROM objects o WHERE o.store_no = $no AND o.object_name = s.name)
       AND NOT EXISTS (SELECT 1 FROM reservations r WHERE r.store_no = $no AND r.object_name = s.name)`,
    { names, scanId, no },
  ).changes
}

/** Names that belong to us or to a job under way are not foreign. */
function replaceForeign(context: Context, scanId: number, no: number): void {
  const known = `SELECT object_name FROM objects WHERE store_no = $no
    UNION ALL SELECT object_name FROM reservations WHERE store_no = $no`
  const removed = context.run(
    `DELETE FROM foreign_objects WHERE store_no = $no
       AND (object_name NOT IN (${seen}) OR object_name IN (${known}))`,
    { scanId, no },
  )
  const arrived = context.run(
    `INSERT OR REPLACE INTO foreign_objects
       (store_no, folder, object_name, name_key, size_bytes, modified_at, is_age_file)
     SELECT $no, s.folder, s.name, s.name_key, s.size_bytes, s.modified_at, s.is_age_file FROM scanned s
     WHERE s.scan_id = $scanId AND s.name NOT IN (${known}) AND NOT EXISTS (
       SELECT 1 FROM foreign_objects f WHERE f.store_no = $no AND f.folder = s.folder AND f.object_name = s.name
         AND f.size_bytes = s.size_bytes AND f.modified_at = s.modified_at AND f.is_age_file = s.is_age_file)`,
    { scanId, no },
  )
  if (removed.changes > 0 || arrived.changes > 0) context.changed('artifacts')
}

const storeName = (context: Context, no: number): string =>
  context.get<{ name: string }>('SELECT name FROM stores WHERE store_no = $no', { no })?.name ?? ''
