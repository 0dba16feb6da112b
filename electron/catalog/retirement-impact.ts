/** What a retirement takes: an artifact's keys, and what else they open. */
import type { RetirementImpact, SharedVersion } from '../../shared/domain/retirement.ts'
import type { ArtifactId, KeyId } from '../../shared/ids.ts'
import { artifactDetails } from './artifact-details.ts'
import { artifactRecord } from './artifact-rows.ts'
import type { Context } from './context.ts'
import { isListed } from './key-list.ts'
import { isLost } from './key-presence.ts'
import { keyCopies, keyRow } from './key-rows.ts'
import { scheduledOf } from './retirement-schedule.ts'

/** Every key that ever wrapped a payload of the artifacts, one that was replaced too, and every other key that they have; `$list`: their numbers. */
const keysOf = `SELECT k.key_no FROM keys k WHERE ${isListed} AND (
  k.artifact_no IN (SELECT value FROM json_each($list))
  OR k.key_no IN (SELECT w.key_no FROM payload_wraps w JOIN versions v ON v.payload_no = w.payload_no AND w.is_proved
                  WHERE v.artifact_no IN (SELECT value FROM json_each($list)))
  OR k.key_no IN (SELECT w.key_no FROM payload_wraps w JOIN former_payloads f ON f.payload_no = w.payload_no AND w.is_proved
                  JOIN versions v ON v.version_no = f.version_no
                  WHERE v.artifact_no IN (SELECT value FROM json_each($list))))`

export function keysToRetire(context: Context, artifactNos: readonly number[]): KeyId[] {
  return context
    .all<{ keyId: KeyId }>(
      `SELECT key_id AS keyId FROM keys k WHERE key_no IN (${keysOf})
       ORDER BY state = 'destroyed', number DESC, key_no`,
      { list: JSON.stringify(artifactNos) },
    )
    .map(({ keyId }) => keyId)
}

/** Versions of others that one of these keys ever wrapped, and that something opens today. */
export function sharedVersions(context: Context, artifactNos: readonly number[]): SharedVersion[] {
  const rows = context.all<Omit<SharedVersion, 'staysOpen'> & { staysOpen: number }>(
    `SELECT DISTINCT k.key_id AS keyId, a.artifact_id AS artifactId, a.name, v.number AS version,
       EXISTS (
         SELECT 1 FROM wraps x JOIN keys other ON other.key_no = x.key_no
         WHERE x.payload_no = v.payload_no AND x.until_at IS NULL AND other.state <> 'destroyed'
           AND NOT ${isLost('other.key_no')}
           AND other.key_no NOT IN (${keysOf})
       ) AS staysOpen
     FROM keys k JOIN wraps w ON w.key_no = k.key_no
     JOIN versions v ON v.payload_no = w.payload_no JOIN artifacts a ON a.artifact_no = v.artifact_no
     WHERE k.key_no IN (${keysOf}) AND k.state <> 'destroyed' AND v.status <> 'erased'
       AND v.artifact_no NOT IN (SELECT value FROM json_each($list))
     ORDER BY a.name_key, v.number DESC`,
    { list: JSON.stringify(artifactNos) },
  )
  return rows.map((row) => ({ ...row, staysOpen: row.staysOpen === 1 }))
}

export function retirementImpact(
  context: Context,
  artifactIds: readonly ArtifactId[],
): Omit<RetirementImpact, 'confirmName' | 'stores'> {
  const artifactNos = artifactIds.map((artifactId) => artifactRecord(context, artifactId).artifactNo)
  return {
    artifacts: artifactIds.map((artifactId) => {
      const { artifact, versions } = artifactDetails(context, artifactId)
      return {
        artifactId,
        name: artifact.name,
        ownership: artifact.ownership,
        versions: versions.map(({ version, ciphertextBytes, encryptedAt, status, objects }) => ({
          version,
          ciphertextBytes,
          encryptedAt,
          status,
          stores: [...new Set(objects.flatMap(({ store, state }) => (state === 'deleted' ? [] : [store])))],
        })),
        scheduled: scheduledOf(context, artifactId),
      }
    }),
    keys: keysToRetire(context, artifactNos).map((keyId) => {
      const row = context.get<{ keyNo: number }>('SELECT key_no AS keyNo FROM keys WHERE key_id = $keyId', {
        keyId,
      })
      return { key: keyRow(context, keyId), copies: row ? keyCopies(context, row.keyNo) : [] }
    }),
    shared: sharedVersions(context, artifactNos),
  }
}
