import { fail } from '../../shared/failure.ts'
import type { JobId, KeyId, StoreId } from '../../shared/ids.ts'
import { transition } from '../../shared/key-state.ts'
import { parsePrice } from '../../shared/price.ts'
import { artifactRecord } from './artifact-rows.ts'
import type { Context } from './context.ts'
import { changeState } from './key-changes.ts'
import { dueKeyIds } from './key-list.ts'
import { findRecord, jobsUsingKey, keyRecordNo, keyRow, type NumberedKey } from './key-rows.ts'
import { switchingOperations } from './rotation-switch.ts'
import type { RotationFacts, RotationKeyFacts, RotationOperations } from './rotation-operations.ts'

export function rotationOperations(context: Context): RotationOperations {
  return {
    rotationFacts: (keyIds) => rotationFacts(context, keyIds),
    keyRested: (request) => rest(context, request),
    ...switchingOperations(context),
  }
}

function rest(context: Context, request: Parameters<RotationOperations['keyRested']>[0]) {
  const { keyId, to, reason, by } = request
  const key = keyRecordNo(context, keyId)
  const isMove = key.state === (to === 'active' ? 'suspended' : 'active')
  if (!isMove || !transition(key.state, to).ok) fail({ code: 'key/illegal-transition', from: key.state, to })
  if (keyRow(context, keyId).destroyAt !== null) fail({ code: 'key/being-destroyed', keyId })
  const isDying = jobsUsingKey(context, key).some(({ kind }) => kind === 'destroy-key')
  if (isDying) fail({ code: 'key/being-destroyed', keyId })
  if (to === 'active') requireNoOther(context, key)
  const event = to === 'active' ? 'key-resumed' : 'key-suspended'
  changeState(context, key, { to, event, reason, jobId: null, by })
  return keyRow(context, keyId)
}

/** An artifact has one key in use. */
function requireNoOther(context: Context, { keyId, artifactNo }: NumberedKey): void {
  const other = context.get<{ alias: string }>(
    `SELECT alias FROM keys WHERE artifact_no = $artifactNo AND state = 'active'`,
    { artifactNo },
  )
  if (other) fail({ code: 'rotation/another-key-active', keyId, active: other.alias })
}

function rotationFacts(context: Context, asked: KeyId[] | null): RotationFacts {
  const keyIds = asked ?? dueKeyIds(context)
  return {
    keys: [...new Set(keyIds)].flatMap((keyId) => keyFacts(context, keyId) ?? []),
    stores: context
      .all<{ storeId: StoreId; name: string; kind: string; price: string | null }>(
        `SELECT store_id AS storeId, name, kind, settings ->> 'price' AS price FROM stores ORDER BY store_no`,
      )
      .map(({ price, ...store }) => ({ ...store, price: parsePrice(price ?? '') })),
    kits: context.all(
      `SELECT location AS "where", max(at) AS madeAt FROM key_copies
       WHERE place = 'kit' AND state NOT IN ('destroyed', 'found-missing') GROUP BY location ORDER BY location`,
    ),
    bytesPerSecond: lastRate(context),
  }
}

function keyFacts(context: Context, keyId: KeyId): RotationKeyFacts | null {
  const record = findRecord(context, 'k.key_id = $value', keyId)
  if (record === undefined) return null
  const { alias, state, algorithm, rotationDueAt, isMissing, destroyAt } = keyRow(context, keyId)
  return {
    keyId,
    alias,
    state,
    algorithm,
    rotationDueAt,
    isMissing,
    destroyAt,
    artifact: artifactFacts(context, record),
  }
}

function artifactFacts(context: Context, key: NumberedKey): RotationKeyFacts['artifact'] {
  const { artifactId, artifactNo } = key
  if (artifactId === null || artifactNo === null) return null
  const { name, ownership } = artifactRecord(context, artifactId)
  const active = context.get<{ keyId: KeyId }>(
    `SELECT key_id AS keyId FROM keys WHERE artifact_no = $artifactNo AND state = 'active'`,
    { artifactNo },
  )
  const flags = context.get<{ isUnresolved: number; isTainted: number }>(
    `SELECT EXISTS (SELECT 1 FROM versions v WHERE v.artifact_no = $artifactNo AND v.is_unresolved) AS isUnresolved,
       EXISTS (SELECT 1 FROM versions v JOIN payload_wraps w ON w.payload_no = v.payload_no
         JOIN keys k ON k.key_no = w.key_no
         WHERE v.artifact_no = $artifactNo AND k.compromised_at IS NOT NULL AND v.status <> 'erased') AS isTainted`,
    { artifactNo },
  )
  const jobs = jobsUsingKey(context, key)
  const holding = context.all<{ jobId: JobId }>(
    'SELECT job_id AS jobId FROM reservations WHERE artifact_no = $artifactNo AND is_copy = 0',
    { artifactNo },
  )
  return {
    artifactId,
    name,
    ownership,
    activeKeyId: active?.keyId ?? null,
    isUnresolved: flags?.isUnresolved === 1,
    isTainted: flags?.isTainted === 1,
    jobs,
    encrypting: jobs.filter((job) => holding.some(({ jobId }) => jobId === job.jobId)),
    versions: versionFacts(context, artifactNo),
  }
}

type Versions = NonNullable<RotationKeyFacts['artifact']>['versions']

/** Versions whose ciphertext was deleted, or that nothing opens, are not rotated. */
const versionFacts = (context: Context, artifactNo: number): Versions =>
  context
    .all<{ version: number; algorithms: string; plaintextBytes: number; objects: string }>(
      `SELECT v.number AS version, v.plaintext_bytes AS plaintextBytes,
         (SELECT json_group_array(DISTINCT k.algorithm) FROM wraps w JOIN keys k ON k.key_no = w.key_no
          WHERE w.payload_no = v.payload_no AND w.until_at IS NULL) AS algorithms,
         (SELECT json_group_array(json_object('storeId', s.store_id, 'sizeBytes', o.size_bytes))
          FROM objects o JOIN stores s ON s.store_no = o.store_no
          WHERE o.version_no = v.version_no AND o.deleted_at IS NULL) AS objects
       FROM versions v
       WHERE v.artifact_no = $artifactNo AND v.status NOT IN ('erased', 'deleted') ORDER BY v.number`,
      { artifactNo },
    )
    .map(({ algorithms, objects, ...row }) => ({
      ...row,
      algorithms: JSON.parse(algorithms),
      objects: JSON.parse(objects),
    }))

/** Over the last 20 transfers that took long enough to tell. */
function lastRate(context: Context): number | null {
  const row = context.get<{ bytes: number | null; millis: number | null }>(
    `SELECT sum(total_bytes) AS bytes, sum(ended_at - started_at) AS millis FROM (
       SELECT total_bytes, ended_at, started_at FROM jobs
       WHERE state = 'done' AND kind IN ('encrypt', 'decrypt', 'copy', 're-encrypt') AND total_bytes > 0
         AND ended_at > started_at
       ORDER BY job_no DESC LIMIT 20)`,
  )
  if (!row || row.bytes === null || row.millis === null || row.millis === 0) return null
  return (row.bytes * 1000) / row.millis
}
