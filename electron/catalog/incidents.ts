/** Reported compromises: the moment when keys are trusted no more, and what was decided since. */
import type { Incident, IncidentRow, TaintedVersion } from '../../shared/domain/compromise.ts'
import { fail } from '../../shared/failure.ts'
import { formatCounted } from '../../shared/format.ts'
import { type IncidentId, IncidentId as IncidentIds, type KeyId, newId } from '../../shared/ids.ts'
import { artifactRecord } from './artifact-rows.ts'
import { audit } from './audit-log.ts'
import type { CompromiseOperations, LeakedObject } from './compromise-operations.ts'
import type { Context } from './context.ts'
import { changeState, tellOfKey } from './key-changes.ts'
import { keyRecordNo, type NumberedKey } from './key-rows.ts'
import { givenUpObjectVersions, isGivenUp, objectSubject, opensStill } from './still-opens.ts'
import { compromisePlan, copiesElsewhere, exposedVersions, keysMeant } from './leak.ts'

export function compromiseOperations(context: Context): CompromiseOperations {
  return {
    compromisePlan: (request) => compromisePlan(context, request),
    revokeKeys: (request) => revokeKeys(context, request),
    listIncidents: () =>
      context
        .all<{ incidentId: IncidentId }>(
          'SELECT incident_id AS incidentId FROM incidents ORDER BY at DESC, incident_no DESC',
        )
        .map(({ incidentId }) => incidentOf(context, incidentId).incident),
    incident: (incidentId) => incidentOf(context, incidentId),
    leakedObjects: (keyIds) => leakedObjects(context, keyIds),
    keyOfFingerprint: (fingerprint) =>
      context.get<{ keyId: KeyId }>(
        `SELECT k.key_id AS keyId FROM wraps w JOIN keys k ON k.key_no = w.key_no
         WHERE w.fingerprint = $fingerprint ORDER BY w.wrap_no DESC LIMIT 1`,
        { fingerprint },
      )?.keyId ?? null,
    givenUpObjectVersions: (keyId) => givenUpObjectVersions(context, keyRecordNo(context, keyId)),
    incidentGaveUp: ({ incidentId, artifactId, versions, objectVersions, by }) => {
      const { incidentNo } = recordOf(context, incidentId)
      const { name } = artifactRecord(context, artifactId)
      const decide = decider(context, incidentNo, by.who)
      for (const version of versions) decide('version', versionSubject(artifactId, version))
      for (const each of objectVersions) decide('object-version', objectSubject(each))
      const facts = {
        incident: incidentId,
        versions: versions.join(', '),
        objectVersions: objectVersions.length,
      }
      audit(context, { event: 'incident-given-up', on: name, artifactId, facts, by })
      context.changed('keys')
    },
    incidentCopyRevoked: ({ incidentId, place, where, revoked, by }) => {
      const { incidentNo } = recordOf(context, incidentId)
      const subject = copySubject({ place, where })
      if (revoked) decider(context, incidentNo, by.who)('copy', subject)
      else
        context.run(
          `DELETE FROM incident_decisions WHERE incident_no = $incidentNo AND what = 'copy' AND subject = $subject`,
          { incidentNo, subject },
        )
      const event = revoked ? 'incident-copy-revoked' : 'incident-copy-not-revoked'
      audit(context, { event, on: where, facts: { incident: incidentId, place }, by })
      context.changed('keys')
    },
  }
}

const versionSubject = (artifactId: string, version: number): string => `${artifactId} ${version}`
const copySubject = ({ place, where }: { place: string; where: string }): string => `${place} ${where}`
const decider =
  (context: Context, incidentNo: number, who: string) =>
  (what: 'version' | 'object-version' | 'copy', subject: string): void => {
    context.run(
      `INSERT INTO incident_decisions (incident_no, what, subject, at, who)
       VALUES ($incidentNo, $what, $subject, $at, $who) ON CONFLICT DO NOTHING`,
      { incidentNo, what, subject, at: context.now(), who },
    )
  }

function revokeKeys(
  context: Context,
  { reason, count, by, ...leak }: Parameters<CompromiseOperations['revokeKeys']>[0],
): IncidentId {
  const { meant } = keysMeant(context, leak)
  if (meant.length !== count) fail({ code: 'key/leak-grew', confirmed: count, meant: meant.length })
  const incidentId = newId(IncidentIds)
  const { lastNo: incidentNo } = context.run(
    `INSERT INTO incidents (incident_id, at, who, reason, since) VALUES ($incidentId, $at, $who, $reason, $since)`,
    { incidentId, at: context.now(), who: by.who, reason, since: leak.since },
  )
  for (const key of meant) {
    context.run('INSERT INTO incident_keys VALUES ($incidentNo, $keyNo)', { incidentNo, keyNo: key.keyNo })
    const facts = { incident: incidentId }
    const told = { event: 'key-compromised', reason, jobId: null, facts, by } as const
    if (key.state === 'destroyed') taintByDestroyed(context, key, told)
    else changeState(context, key, { ...told, to: 'compromised' })
  }
  const exposed = exposedVersions(
    context,
    meant.map(({ keyNo }) => keyNo),
  )
  for (const { artifactId, version, nonce, name, keyNo, ciphertextBytes } of exposed)
    context.run(
      `INSERT INTO incident_versions (incident_no, artifact_id, number, nonce, name, key_no, size_bytes)
       VALUES ($incidentNo, $artifactId, $version, $nonce, $name, $keyNo, $ciphertextBytes)`,
      { incidentNo, artifactId, version, nonce, name, keyNo, ciphertextBytes },
    )
  audit(context, {
    event: 'incident-reported',
    on: formatCounted(meant.length, 'key'),
    facts: { incident: incidentId, keys: meant.length, payloads: exposed.length, reason, since: leak.since },
    by,
  })
  return incidentId
}

/** Destroyed here, and a copy of it leaked, or it had leaked before: the state stays, what it ever wrapped is tainted. */
function taintByDestroyed(context: Context, key: NumberedKey, told: Parameters<typeof tellOfKey>[2]): void {
  context.run('UPDATE keys SET compromised_at = $at WHERE key_no = $keyNo', {
    at: context.now(),
    keyNo: key.keyNo,
  })
  tellOfKey(context, key, told)
  context.touchKey(key.keyNo)
}

function recordOf(context: Context, incidentId: IncidentId) {
  const row = context.get<{ incidentNo: number } & Pick<IncidentRow, 'at' | 'who' | 'reason' | 'since'>>(
    'SELECT incident_no AS incidentNo, at, who, reason, since FROM incidents WHERE incident_id = $incidentId',
    { incidentId },
  )
  return row ?? fail({ code: 'incident/not-found', incidentId })
}

function incidentOf(context: Context, incidentId: IncidentId): Incident {
  const { incidentNo, ...facts } = recordOf(context, incidentId)
  const keys = context.all<Incident['keys'][number] & { keyNo: number }>(
    `SELECT k.key_no AS keyNo, k.key_id AS keyId, k.alias, k.state, a.name AS artifactName, 0 AS stillOpens
     FROM incident_keys i JOIN keys k ON k.key_no = i.key_no LEFT JOIN artifacts a ON a.artifact_no = k.artifact_no
     WHERE i.incident_no = $incidentNo ORDER BY k.search_key, k.key_no`,
    { incidentNo },
  )
  const versions = taintedVersions(context, incidentNo)
  const revoked = context.all<{ subject: string; at: number }>(
    `SELECT subject, at FROM incident_decisions WHERE incident_no = $incidentNo AND what = 'copy'`,
    { incidentNo },
  )
  const revokedAt = new Map(revoked.map(({ subject, at }) => [subject, at]))
  const copies = copiesElsewhere(
    context,
    keys.map(({ keyNo }) => keyNo),
  ).map((copy) => ({ ...copy, revokedAt: revokedAt.get(copySubject(copy)) ?? null }))
  return {
    incident: {
      incidentId,
      ...facts,
      keys: keys.length,
      payloads: versions.length,
      payloadsToDo: versions.filter(({ state }) => state === 'to-do').length,
      copiesToRevoke: copies.filter((copy) => copy.revokedAt === null).length,
    },
    keys: keys.map(({ keyNo, ...key }) => ({ ...key, stillOpens: opensStill(context, keyNo, key.state) })),
    versions,
    copies,
  }
}

/** What was exposed then, and what is exposed now: a rebuild may have found more. */
const taintedVersions = (context: Context, incidentNo: number): TaintedVersion[] =>
  context.all<TaintedVersion>(
    `WITH exposed AS (
       SELECT artifact_id, number, nonce, name, key_no, size_bytes FROM incident_versions
       WHERE incident_no = $incidentNo
       UNION ALL
       SELECT a.artifact_id, v.number, p.nonce, a.name, max(w.key_no),
         coalesce((SELECT max(o.size_bytes) FROM objects o WHERE o.version_no = v.version_no), 0)
       FROM incident_keys i JOIN payload_wraps w ON w.key_no = i.key_no JOIN versions v ON v.payload_no = w.payload_no
       JOIN payloads p ON p.payload_no = v.payload_no JOIN artifacts a ON a.artifact_no = v.artifact_no
       WHERE i.incident_no = $incidentNo AND NOT EXISTS (SELECT 1 FROM incident_versions known
         WHERE known.incident_no = $incidentNo AND known.artifact_id = a.artifact_id AND known.number = v.number)
       GROUP BY v.version_no
     )
     SELECT e.artifact_id AS artifactId, e.name, e.number AS version, e.size_bytes AS ciphertextBytes,
       k.key_id AS keyId,
       (SELECT x.key_id FROM wraps w JOIN keys x ON x.key_no = w.key_no
        WHERE w.payload_no = v.payload_no AND w.until_at IS NULL AND w.from_at > 0
        ORDER BY w.from_at DESC, w.wrap_no DESC LIMIT 1) AS wrappedBy,
       CASE
         WHEN v.version_no IS NULL OR v.status = 'erased' THEN 'erased'
         WHEN p.nonce <> e.nonce THEN 'done'
         WHEN v.status = 'deleted' THEN 'deleted'
         WHEN ${isGivenUp('e.artifact_id', 'e.number', '= $incidentNo')} THEN 'given-up'
         ELSE 'to-do' END AS state
     FROM exposed e JOIN keys k ON k.key_no = e.key_no
     LEFT JOIN artifacts a ON a.artifact_id = e.artifact_id
     LEFT JOIN versions v ON v.artifact_no = a.artifact_no AND v.number = e.number
     LEFT JOIN payloads p ON p.payload_no = v.payload_no
     ORDER BY e.name, e.artifact_id, e.number`,
    { incidentNo },
  )

const leakedObjects = (context: Context, keyIds: readonly KeyId[]): LeakedObject[] =>
  context.all<LeakedObject>(
    `SELECT DISTINCT a.artifact_id AS artifactId, a.name, s.store_id AS storeId, s.name AS store,
       o.object_name AS objectName
     FROM json_each($keys) wanted JOIN keys k ON k.key_id = wanted.value
     JOIN versions v ON v.artifact_no = k.artifact_no
       OR v.payload_no IN (SELECT w.payload_no FROM payload_wraps w WHERE w.key_no = k.key_no)
       OR v.version_no IN (SELECT f.version_no FROM former_payloads f
         JOIN payload_wraps w ON w.payload_no = f.payload_no WHERE w.key_no = k.key_no)
     JOIN artifacts a ON a.artifact_no = v.artifact_no
     JOIN objects o ON o.version_no = v.version_no JOIN stores s ON s.store_no = o.store_no
     ORDER BY a.name, o.object_name, s.store_no`,
    { keys: JSON.stringify(keyIds) },
  )
