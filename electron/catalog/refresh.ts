/**
 * Keeps what lists need beside the facts: statuses of versions, `artifact_list`, the search index, and what each key
 * protects. Runs inside the operation's transaction, over sets, so that a scan that touches 100,000 artifacts costs a
 * second and an encryption costs nothing.
 */
import type { Context } from './context.ts'

/** Brings everything that the operation touched up to date. */
export function refreshTouched(context: Context): void {
  const { artifacts, keys } = context.touched
  if (artifacts.size === 0 && keys.size === 0) return
  context.run('DELETE FROM touched_artifacts')
  context.run('DELETE FROM touched_keys')
  context.run('INSERT INTO touched_artifacts SELECT value FROM json_each($list)', { list: listed(artifacts) })
  context.run('INSERT INTO touched_keys SELECT value FROM json_each($list)', { list: listed(keys) })
  for (const statement of refresh) context.run(statement)
  context.changed('artifacts')
  context.changed('keys')
}

/** Brings statuses alone up to date, where objects were found or lost: for one that has no second object nothing else
 * depends on it. */
export function refreshPresence(context: Context, artifactNos: number[]): void {
  if (artifactNos.length === 0) return
  context.run('DELETE FROM touched_artifacts')
  context.run('INSERT OR IGNORE INTO touched_artifacts SELECT value FROM json_each($list)', {
    list: JSON.stringify(artifactNos),
  })
  context.run(refreshStatus)
  const withMore = context.all<{ artifactNo: number }>(
    `SELECT v.artifact_no AS artifactNo FROM touched_artifacts t
     JOIN versions v ON v.artifact_no = t.artifact_no JOIN objects o ON o.version_no = v.version_no
     GROUP BY v.version_no HAVING count(*) > 1`,
  )
  for (const { artifactNo } of withMore) context.touchArtifact(artifactNo)
  context.changed('artifacts')
}

const listed = (numbers: Set<number>): string => JSON.stringify([...numbers])

const artifactIsTouched = 'artifact_no IN (SELECT artifact_no FROM touched_artifacts)'

/** How the column *key* sorts: by what needs a look first, then by how long the key has been in use. */
const keyRank = `
  CASE k.state WHEN 'compromised' THEN 0 WHEN 'active' THEN 1 WHEN 'pre-activation' THEN 2 WHEN 'suspended' THEN 3
    WHEN 'deactivated' THEN 4 ELSE 5 END * 100000000000000 + coalesce(k.activated_at, k.created_at)`

/** @param scope 0, or `o.store_no`
 * @param chosen a query of (artifact_no, number) for each scope */
const insertIntoList = (scope: string, chosen: string): string => `
  INSERT INTO artifact_list (
    scope, folder, artifact_no, version_no, object_no, wrap_no, name_key, kind_label, plaintext_bytes,
    ciphertext_bytes, encrypted_at, key_rank
  )
  SELECT ${scope}, a.folder, a.artifact_no, v.version_no, o.object_no, w.wrap_no, a.name_key, lower(v.kind_label),
    v.plaintext_bytes, iif(o.deleted_at IS NULL, o.size_bytes, 0), v.encrypted_at, ${keyRank}
  FROM (${chosen}) chosen
  JOIN artifacts a ON a.artifact_no = chosen.artifact_no
  JOIN versions v ON v.artifact_no = a.artifact_no AND v.number = chosen.number
  JOIN objects o ON o.object_no = (
    SELECT x.object_no FROM objects x JOIN stores s ON s.store_no = x.store_no
    WHERE x.version_no = v.version_no AND (chosen.store_no = 0 OR x.store_no = chosen.store_no)
    ORDER BY x.is_present DESC, s.is_default DESC, x.object_no LIMIT 1
  )
  JOIN wraps w ON w.wrap_no = (
    SELECT x.wrap_no FROM wraps x WHERE x.payload_no = v.payload_no
    ORDER BY x.until_at IS NULL DESC, x.from_at DESC, x.wrap_no DESC LIMIT 1
  )
  JOIN keys k ON k.key_no = w.key_no`

const refreshStatus = `UPDATE versions SET status = CASE
     WHEN NOT EXISTS (
       SELECT 1 FROM wraps w JOIN keys k ON k.key_no = w.key_no
       WHERE w.payload_no = versions.payload_no AND w.until_at IS NULL AND k.state <> 'destroyed'
     ) THEN 'erased'
     WHEN is_unresolved THEN 'unresolved'
     WHEN NOT EXISTS (SELECT 1 FROM objects o WHERE o.version_no = versions.version_no AND o.deleted_at IS NULL)
       THEN 'deleted'
     WHEN NOT EXISTS (SELECT 1 FROM objects o WHERE o.version_no = versions.version_no AND o.is_present)
       THEN 'missing'
     WHEN NOT EXISTS (
       SELECT 1 FROM wraps w WHERE w.payload_no = versions.payload_no AND w.until_at IS NULL AND w.is_pinned
     ) THEN 'unpinned'
     ELSE 'stored' END
   WHERE ${artifactIsTouched}`

const refresh: readonly string[] = [
  `INSERT OR IGNORE INTO touched_artifacts
   SELECT v.artifact_no FROM touched_keys t
   JOIN wraps w ON w.key_no = t.key_no JOIN versions v ON v.payload_no = w.payload_no`,

  `INSERT OR IGNORE INTO touched_keys
   SELECT w.key_no FROM touched_artifacts t
   JOIN versions v ON v.artifact_no = t.artifact_no JOIN wraps w ON w.payload_no = v.payload_no`,

  refreshStatus,

  `DELETE FROM artifact_list WHERE ${artifactIsTouched}`,

  insertIntoList(
    '0',
    `SELECT v.artifact_no, max(v.number) AS number, 0 AS store_no FROM versions v
     WHERE v.${artifactIsTouched} GROUP BY v.artifact_no`,
  ),

  insertIntoList(
    'o.store_no',
    `SELECT v.artifact_no, max(v.number) AS number, p.store_no FROM versions v
     JOIN objects p ON p.version_no = v.version_no
     WHERE v.${artifactIsTouched} GROUP BY v.artifact_no, p.store_no`,
  ),

  `INSERT INTO search (rowid, name)
   SELECT artifact_no, name_key FROM artifacts a
   WHERE ${artifactIsTouched} AND in_search = 0
     AND EXISTS (SELECT 1 FROM versions v WHERE v.artifact_no = a.artifact_no)`,

  `DELETE FROM search WHERE rowid IN (
     SELECT artifact_no FROM artifacts a WHERE ${artifactIsTouched} AND in_search = 1
       AND NOT EXISTS (SELECT 1 FROM versions v WHERE v.artifact_no = a.artifact_no))`,

  `UPDATE artifacts SET in_search = EXISTS (
     SELECT 1 FROM versions v WHERE v.artifact_no = artifacts.artifact_no
   ) WHERE ${artifactIsTouched}`,

  `UPDATE keys SET
     (protects, protects_bytes) = (
       SELECT count(*), coalesce(sum((SELECT max(o.size_bytes) FROM objects o WHERE o.version_no = v.version_no)), 0)
       FROM versions v
       WHERE keys.state <> 'destroyed'
         AND v.payload_no IN (SELECT w.payload_no FROM wraps w WHERE w.key_no = keys.key_no)
     ),
     copies_elsewhere = (
       SELECT count(*) FROM key_copies c
       WHERE c.key_no = keys.key_no AND c.place <> 'keychain' AND c.state NOT IN ('destroyed', 'found-missing')
     )
   WHERE key_no IN (SELECT key_no FROM touched_keys)`,
]
