/** What a leak of keys exposes: every payload that one of them ever wrapped, whichever key wraps it now. */
import type { ParsedRequest } from '../../shared/contract/contract.ts'
import type { CompromisePlan, ExposedArtifact, LeakedCopy } from '../../shared/domain/compromise.ts'
import type { ArtifactStatus } from '../../shared/domain/artifact.ts'
import type { AuditEventCode } from '../../shared/audit-events.ts'
import { fail } from '../../shared/failure.ts'
import type { ArtifactId, KeyId } from '../../shared/ids.ts'
import type { Context } from './context.ts'
import { isListed } from './key-list.ts'
import { findRecord, type NumberedKey, recordSelect } from './key-rows.ts'

/** What says that a key's identity was taken out of its place, or given to another. */
const uses: readonly AuditEventCode[] = [
  'version-encrypted',
  'artifact-decrypted',
  'key-exported',
  'key-imported',
  'key-destruction-reversed',
]

/** Keys that are meant and not compromised yet, and those that were named and are. @throws key/not-found */
export function keysMeant(
  context: Context,
  { keyIds, since }: Pick<ParsedRequest<'keys:compromise-plan'>, 'keyIds' | 'since'>,
): { meant: NumberedKey[]; already: NumberedKey[] } {
  const meant = new Map<number, NumberedKey>()
  const already: NumberedKey[] = []
  for (const keyId of new Set(keyIds)) {
    const key = findRecord(context, 'k.key_id = $value', keyId) ?? fail({ code: 'key/not-found', keyId })
    if (isCompromised(context, key)) already.push(key)
    else meant.set(key.keyNo, key)
  }
  if (since !== null) for (const key of usedSince(context, since)) meant.set(key.keyNo, key)
  const inOrder = [...meant.values()].toSorted((one, other) => one.keyNo - other.keyNo)
  return { meant: inOrder, already }
}

const isCompromised = (context: Context, { keyNo }: NumberedKey): boolean =>
  context.get('SELECT 1 FROM keys WHERE key_no = $keyNo AND compromised_at IS NOT NULL', { keyNo }) !==
  undefined

/** Made, activated or used since then. One that is destroyed counts while something that it wrapped can be opened. */
const usedSince = (context: Context, since: number): NumberedKey[] =>
  context.all<NumberedKey>(
    `${recordSelect} WHERE k.compromised_at IS NULL AND ${isListed}
       AND (k.state <> 'destroyed' OR EXISTS (
         SELECT 1 FROM payload_wraps w JOIN versions v ON v.payload_no = w.payload_no
         WHERE w.key_no = k.key_no AND v.status <> 'erased'))
       AND (k.created_at >= $since OR k.activated_at >= $since
         OR EXISTS (SELECT 1 FROM wraps w WHERE w.key_no = k.key_no AND w.from_at >= $since)
         OR k.key_id IN (SELECT key_id FROM audit WHERE at >= $since AND key_id IS NOT NULL
           AND event IN (SELECT value FROM json_each($uses))))`,
    { since, uses: JSON.stringify(uses) },
  )

export type ExposedVersion = {
  artifactNo: number
  artifactId: ArtifactId
  name: string
  version: number
  nonce: string
  status: ArtifactStatus
  ciphertextBytes: number
  /** A key among those that leaked and wrapped its payload, the latest. */
  keyNo: number
  isWrappedNow: boolean
}

const listOf = (keyNos: readonly number[]): { keys: string } => ({ keys: JSON.stringify(keyNos) })

/** Versions whose payload one of the keys ever wrapped, but for those that nothing opens any more. */
export const exposedVersions = (context: Context, keyNos: readonly number[]): ExposedVersion[] =>
  context
    .all<Omit<ExposedVersion, 'isWrappedNow'> & { isWrappedNow: 0 | 1 }>(
      `SELECT v.artifact_no AS artifactNo, a.artifact_id AS artifactId, a.name, v.number AS version, p.nonce, v.status,
         coalesce((SELECT max(o.size_bytes) FROM objects o WHERE o.version_no = v.version_no), 0) AS ciphertextBytes,
         max(w.key_no) AS keyNo, max(w.until_at IS NULL) AS isWrappedNow
       FROM payload_wraps w JOIN versions v ON v.payload_no = w.payload_no
       JOIN payloads p ON p.payload_no = v.payload_no JOIN artifacts a ON a.artifact_no = v.artifact_no
       WHERE w.key_no IN (SELECT value FROM json_each($keys)) AND v.status <> 'erased'
       GROUP BY v.version_no ORDER BY a.name_key, a.artifact_no, v.number`,
      listOf(keyNos),
    )
    .map((row) => ({ ...row, isWrappedNow: row.isWrappedNow === 1 }))

/** Which keys are meant, and what they would taint. */
export function compromisePlan(
  context: Context,
  request: ParsedRequest<'keys:compromise-plan'>,
): CompromisePlan {
  const { meant, already } = keysMeant(context, request)
  const keyNos = meant.map(({ keyNo }) => keyNo)
  const exposed = exposedVersions(context, keyNos).filter(({ status }) => status !== 'deleted')
  const inAll = context.get<{ keys: number }>(`SELECT count(*) AS keys FROM keys k WHERE ${isListed}`)
  const now = exposed.filter(({ isWrappedNow }) => isWrappedNow).length
  return {
    keys: meant.map(meantKey),
    keysInAll: inAll?.keys ?? 0,
    alreadyCompromised: already.map(meantKey),
    artifacts: exposedArtifacts(context, exposed, keyNos),
    payloads: exposed.length,
    ciphertextBytes: totalBytes(exposed),
    wrappedNow: now,
    wrappedEarlier: exposed.length - now,
    copies: copiesElsewhere(context, keyNos),
    withoutActiveKey: context.all<CompromisePlan['withoutActiveKey'][number]>(
      `SELECT a.artifact_id AS artifactId, a.name FROM keys k JOIN artifacts a ON a.artifact_no = k.artifact_no
       WHERE k.state = 'active' AND k.key_no IN (SELECT value FROM json_each($keys))
         AND EXISTS (SELECT 1 FROM versions v WHERE v.artifact_no = a.artifact_no)
       ORDER BY a.name_key, a.artifact_no`,
      listOf(keyNos),
    ),
  }
}

const meantKey = ({
  keyId,
  alias,
  state,
}: NumberedKey): { keyId: KeyId } & Pick<NumberedKey, 'alias' | 'state'> => ({
  keyId,
  alias,
  state,
})

const totalBytes = (versions: readonly ExposedVersion[]): number =>
  versions.reduce((total, { ciphertextBytes }) => total + ciphertextBytes, 0)

/** The largest first. */
function exposedArtifacts(
  context: Context,
  exposed: readonly ExposedVersion[],
  keyNos: readonly number[],
): ExposedArtifact[] {
  const keysOf = new Map(
    context
      .all<{ artifactNo: number; leaked: string; now: number | null }>(
        `SELECT v.artifact_no AS artifactNo,
           (SELECT json_group_array(number) FROM (SELECT DISTINCT k.number FROM versions x
              JOIN payload_wraps w ON w.payload_no = x.payload_no JOIN keys k ON k.key_no = w.key_no
              WHERE x.artifact_no = v.artifact_no AND k.key_no IN (SELECT value FROM json_each($keys))
              ORDER BY k.number)) AS leaked,
           (SELECT k.number FROM wraps w JOIN keys k ON k.key_no = w.key_no
            WHERE w.payload_no = v.payload_no AND w.until_at IS NULL AND k.compromised_at IS NULL
              AND k.key_no NOT IN (SELECT value FROM json_each($keys))
            ORDER BY w.from_at DESC LIMIT 1) AS now
         FROM versions v WHERE v.artifact_no IN (SELECT value FROM json_each($artifacts))
         GROUP BY v.artifact_no HAVING v.number = max(v.number)`,
        {
          ...listOf(keyNos),
          artifacts: JSON.stringify([...new Set(exposed.map((each) => each.artifactNo))]),
        },
      )
      .map((row) => [row.artifactNo, row] as const),
  )
  return [...Map.groupBy(exposed, (each) => each.artifactNo)]
    .flatMap(([artifactNo, versions]) => {
      const [first] = versions
      const keys = keysOf.get(artifactNo)
      if (first === undefined || keys === undefined) return []
      const leaked: number[] = JSON.parse(keys.leaked)
      const { artifactId, name } = first
      const payloads = versions.length
      return [{ artifactId, name, leaked, now: keys.now, payloads, ciphertextBytes: totalBytes(versions) }]
    })
    .toSorted((one, other) => other.ciphertextBytes - one.ciphertextBytes)
}

/** Each place once, with how many of the keys it holds. */
export const copiesElsewhere = (context: Context, keyNos: readonly number[]): LeakedCopy[] =>
  context.all<LeakedCopy>(
    `SELECT c.place, c.location AS "where", count(*) AS keys FROM key_copies c
     WHERE c.key_no IN (SELECT value FROM json_each($keys)) AND c.place <> 'keychain'
       AND c.state NOT IN ('destroyed', 'found-missing')
     GROUP BY c.place, c.location ORDER BY keys DESC, c.location`,
    listOf(keyNos),
  )
