/** What a leaked key still opens, and what was decided about it in the incidents of that key. */
import type { ObjectVersionRef } from '../../shared/domain/compromise.ts'
import type { KeyState } from '../../shared/domain/key.ts'
import { fail } from '../../shared/failure.ts'
import type { Context } from './context.ts'
import type { NumberedKey } from './key-rows.ts'

/** How a decision names an object version. */
export const objectSubject = ({ storeId, objectName, versionId }: ObjectVersionRef): string =>
  JSON.stringify([storeId, objectName, versionId])

/** SQL: what somebody decided about a version in an incident of a key. */
export const isGivenUp = (artifactId: string, number: string, incidents: string): string => `EXISTS (
  SELECT 1 FROM incident_decisions d WHERE d.incident_no ${incidents} AND d.what = 'version'
    AND d.subject = ${artifactId} || ' ' || ${number})`

/** Versions that a leaked key still opens, and about which nobody decided anything. */
export function opensStill(context: Context, keyNo: number, state: KeyState): number {
  if (state === 'destroyed') return 0
  const row = context.get<{ versions: number }>(
    `SELECT count(*) AS versions FROM versions v JOIN artifacts a ON a.artifact_no = v.artifact_no
     WHERE v.payload_no IN (SELECT payload_no FROM payload_wraps WHERE key_no = $keyNo)
       AND v.status NOT IN ('erased', 'deleted')
       AND NOT ${isGivenUp('a.artifact_id', 'v.number', 'IN (SELECT incident_no FROM incident_keys WHERE key_no = $keyNo)')}`,
    { keyNo },
  )
  return row?.versions ?? 0
}

/** A compromised key goes only after everything that it still opens was re-encrypted, deleted or given up by name
 * (cryptography.md, section 5).
 * @param kept object versions that stores keep and that it opens, as they were just found
 * @throws key/still-opens */
export function refuseWhileItOpens(
  context: Context,
  key: NumberedKey,
  kept: readonly ObjectVersionRef[],
): void {
  if (key.state !== 'compromised') return
  const givenUp = new Set(givenUpObjectVersions(context, key).map(objectSubject))
  const objectVersions = kept.filter((each) => !givenUp.has(objectSubject(each))).length
  const versions = opensStill(context, key.keyNo, key.state)
  if (versions > 0 || objectVersions > 0)
    fail({ code: 'key/still-opens', keyId: key.keyId, versions, objectVersions })
}

/** Left to whoever has the key, in any incident of it. */
export const givenUpObjectVersions = (context: Context, { keyNo }: NumberedKey): ObjectVersionRef[] =>
  context
    .all<{ subject: string }>(
      `SELECT subject FROM incident_decisions WHERE what = 'object-version'
         AND incident_no IN (SELECT incident_no FROM incident_keys WHERE key_no = $keyNo)`,
      { keyNo },
    )
    .map(({ subject }) => {
      const [storeId, objectName, versionId]: [ObjectVersionRef['storeId'], string, string] =
        JSON.parse(subject)
      return { storeId, objectName, versionId }
    })
