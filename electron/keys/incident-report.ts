/** The report of an incident, as lines of text for whoever has to be told. */
import { revokeAdvice, taintedStates } from '../../shared/compromise-words.ts'
import type { Incident, OldObjectVersions } from '../../shared/domain/compromise.ts'
import { failureText } from '../../shared/failure-text.ts'
import { formatCounted, formatIso } from '../../shared/format.ts'
import { keyPlaces } from '../../shared/key-places.ts'
import { safeText } from '../../shared/safe-text.ts'

/** @param old as the stores answered just now
 * @param now when this is written, epoch milliseconds */
export function incidentReport(
  { incident, keys, versions, copies }: Incident,
  old: OldObjectVersions,
  now: number,
): string {
  const lines = [
    'Weightlock: incident report',
    `Incident ${incident.incidentId}`,
    `Reported ${formatIso(incident.at)} by ${safeText(incident.who)}`,
    `Reason: ${safeText(incident.reason)}`,
    incident.since === null
      ? 'Keys chosen one by one'
      : `Keys made or used since ${formatIso(incident.since)}`,
    `Written ${formatIso(now)}`,
    '',
    `${formatCounted(keys.length, 'key')} compromised. From then on none of them encrypted anything.`,
    ...keys.map(({ keyId, alias, state, stillOpens }) => {
      const opens = stillOpens === 0 ? '' : `, still opens ${formatCounted(stillOpens, 'version')}`
      return `  ${keyId}  ${safeText(alias)}: ${state}${opens}`
    }),
    '',
    `${formatCounted(versions.length, 'payload')} that such a key ever wrapped:`,
    ...versions.map(
      ({ name, version, state }) => `  ${safeText(name)}, version ${version}: ${taintedStates[state]}`,
    ),
    '',
    ...oldLines(old),
    '',
    ...copyLines(copies),
    '',
    'Not proved: that nobody has read what the keys opened. Whoever has a leaked key and an old copy of a file can read',
    'it, and nothing here takes that back. Copies of keys in backups of the system or the keychain were not looked for.',
    '',
  ]
  return lines.join('\n')
}

function oldLines({ versions, unasked }: OldObjectVersions): string[] {
  const heading =
    versions.length === 0
      ? 'No old object version that a leaked key opens was found in the stores that could be asked.'
      : `${formatCounted(versions.length, 'old object version')} that a leaked key opens, as the stores answered now:`
  return [
    heading,
    ...versions.map(({ store, objectName, versionId, isGivenUp }) => {
      const decided = isGivenUp ? 'given up by name' : 'nothing decided'
      return `  ${safeText(store)}, ${safeText(objectName)}, ${safeText(versionId)}: ${decided}`
    }),
    ...unasked.map(
      ({ store, failure }) => `  ${safeText(store)} could not be asked: ${failureText(failure).title}`,
    ),
  ]
}

function copyLines(copies: Incident['copies']): string[] {
  if (copies.length === 0) return ['No copy of these keys outside the keychain is known here.']
  return [
    `${formatCounted(copies.length, 'copy')} outside the keychain, which Weightlock cannot reach:`,
    ...copies.map(({ place, where, keys, revokedAt }) => {
      const said =
        revokedAt === null
          ? `not revoked. ${revokeAdvice[place]}.`
          : `said to be revoked ${formatIso(revokedAt)}`
      return `  ${keyPlaces[place].name} ${safeText(where)} (${formatCounted(keys, 'key')}): ${said}`
    }),
  ]
}
