/** What comes back from stores and keychain, unpinned (cryptography.md, section 4). */
import { audit } from './audit-log.ts'
import type { Context } from './context.ts'
import { insertKey, keychainItem, recordCopy, tellOfKey } from './key-changes.ts'
import { findRecord, keyRecordNo } from './key-rows.ts'
import { insertArtifact } from './naming.ts'
import { storeNo } from './stores.ts'
import type { FoundVersion, VersionOperations } from './version-operations.ts'
import { insertObject, insertVersion } from './version-rows.ts'

type Rebuild = Parameters<VersionOperations['rebuildInsert']>[0]

export function rebuildInsert(context: Context, { jobId, found, by }: Rebuild) {
  const conflicts: string[] = []
  const contradictions: string[] = []
  let inserted = 0
  for (const each of found) {
    const outcome = insertFound(context, { jobId, by }, each)
    if (outcome === 'conflict') conflicts.push(each.objectName)
    if (outcome === 'contradiction') contradictions.push(each.objectName)
    if (outcome === 'inserted') inserted += 1
  }
  return { inserted, conflicts, contradictions }
}

function insertFound(
  context: Context,
  { jobId, by }: Pick<Rebuild, 'jobId' | 'by'>,
  found: FoundVersion,
): 'known' | 'conflict' | 'contradiction' | 'inserted' {
  const { artifactId, name, version, storeId, objectName, keyId, fingerprint } = found
  const object = { ...found, name: objectName }
  const isKnownObject = context.get(
    `SELECT 1 FROM objects WHERE store_no = $store AND object_name = $objectName
     UNION ALL SELECT 1 FROM reservations WHERE store_no = $store AND object_name = $objectName`,
    {
      store: storeNo(context, storeId),
      objectName,
    },
  )
  if (isKnownObject) return 'known'
  const same = context.get<{ versionNo: number; artifactNo: number }>(
    `SELECT v.version_no AS versionNo, v.artifact_no AS artifactNo FROM wraps w
     JOIN versions v ON v.payload_no = w.payload_no WHERE w.fingerprint = $fingerprint AND w.until_at IS NULL`,
    { fingerprint },
  )
  if (same) {
    insertObject(context, same.versionNo, object, true)
    context.touchArtifact(same.artifactNo)
    return 'known'
  }
  const known = context.get<{ artifactNo: number }>(
    'SELECT artifact_no AS artifactNo FROM artifacts WHERE artifact_id = $artifactId',
    { artifactId },
  )
  if (known && holdsNumber(context, known.artifactNo, version)) return 'conflict'
  if (contradictsCatalog(context, known?.artifactNo ?? null, keyId)) return 'contradiction'
  const artifactNo =
    known?.artifactNo ??
    insertArtifact(context, { artifactId, name, nameNumber: 1, ownership: found.ownership })
  if (!findRecord(context, 'k.key_id = $value', keyId))
    insertFoundKey(context, artifactNo, { jobId, by }, found)
  insertVersion(context, {
    artifactNo,
    number: version,
    jobId,
    payload: {
      nonce: found.nonce,
      leafDigests: null,
      root: null,
      algorithm: '',
    },
    wrap: { keyId, fingerprint, isPinned: false },
    object,
    plaintextBytes: found.plaintextBytes,
    encryptedAt: found.modifiedAt,
    isUnresolved: false,
    isFolder: found.isFolder,
    summary: found.summary,
    manifest: null,
  })
  audit(context, {
    event: 'artifact-rebuilt',
    on: name,
    artifactId,
    keyId,
    jobId,
    facts: { version, object: objectName, fingerprint, ownership: found.ownership },
    by,
  })
  return 'inserted'
}

/** A version or a job of the artifact has that number. */
const holdsNumber = (context: Context, artifactNo: number, version: number): boolean =>
  context.get(
    `SELECT 1 FROM versions WHERE artifact_no = $artifactNo AND number = $version
     UNION ALL SELECT 1 FROM reservations
       WHERE artifact_no = $artifactNo AND number = $version AND is_copy = 0`,
    { artifactNo, version },
  ) !== undefined

/** What a store says of itself adds nothing to an artifact that is pinned here by its owner, and moves no key to another
 * artifact. A reader learns of its owner's new versions this way, each trusted on first use; not of an artifact that
 * was made here, which anybody who writes to the store can declare another's. */
function contradictsCatalog(
  context: Context,
  artifactNo: number | null,
  keyId: FoundVersion['keyId'],
): boolean {
  const isPinned = context.get(
    `SELECT 1 FROM versions v JOIN wraps w ON w.payload_no = v.payload_no
     JOIN artifacts a ON a.artifact_no = v.artifact_no
     WHERE v.artifact_no = $artifactNo AND w.is_pinned = 1 AND (a.ownership = 'owner' OR EXISTS (
       SELECT 1 FROM keys k WHERE k.artifact_no = a.artifact_no AND k.origin = 'made'))`,
    { artifactNo },
  )
  if (isPinned) return true
  const key = context.get<{ artifactNo: number | null }>(
    'SELECT artifact_no AS artifactNo FROM keys WHERE key_id = $keyId',
    { keyId },
  )
  if (!key || key.artifactNo === artifactNo) return false
  if (key.artifactNo !== null) return true
  if (artifactNo === null) return false
  return !mayOpenVersionsOf(context, artifactNo, keyId)
}

/** An imported key belongs to no artifact: it may open new ones, those that it opened before, and those that the file
 * which brought it says are its own, if that file brought a key, too, that opens the artifact here. Whoever holds such a
 * key can write versions under it already: the word of that file gives nobody a new power, the word of another would. */
const mayOpenVersionsOf = (context: Context, artifactNo: number, keyId: FoundVersion['keyId']): boolean =>
  context.get(
    `WITH opens AS (
       SELECT w.key_no, v.artifact_no FROM wraps w JOIN versions v ON v.payload_no = w.payload_no
     )
     SELECT 1 FROM keys k WHERE k.key_id = $keyId AND (
       EXISTS (SELECT 1 FROM opens o WHERE o.key_no = k.key_no AND o.artifact_no = $artifactNo)
       OR (
         NOT EXISTS (SELECT 1 FROM opens o WHERE o.key_no = k.key_no)
         AND EXISTS (
           SELECT 1 FROM bundled_keys b
           JOIN artifacts a ON a.artifact_id = b.said_artifact_id AND a.artifact_no = $artifactNo
           JOIN bundled_keys beside ON beside.bundle_no = b.bundle_no AND beside.key_no <> b.key_no
           JOIN opens o ON o.key_no = beside.key_no AND o.artifact_no = a.artifact_no
           WHERE b.key_no = k.key_no
         )
       )
     )`,
    { artifactNo, keyId },
  ) !== undefined

function insertFoundKey(
  context: Context,
  artifactNo: number,
  { jobId, by }: Pick<Rebuild, 'jobId' | 'by'>,
  { keyId, algorithm, recipient, backend }: FoundVersion,
): void {
  const reason = 'Found in the keychain by a rebuild'
  const keyNo = insertKey(context, {
    keyId,
    artifactNo,
    state: 'suspended',
    algorithm,
    recipient,
    backend,
    madeOn: '',
    origin: 'rebuilt',
    reason,
  })
  recordCopy(context, keyNo, { place: 'keychain', where: keychainItem(keyId), state: 'present' })
  const told = { event: 'key-found', to: 'suspended', reason, jobId, facts: { algorithm }, by } as const
  tellOfKey(context, keyRecordNo(context, keyId), told)
}
