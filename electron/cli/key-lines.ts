/** A key as the terminal shows it, and what dies with it. */
import type { KeyCopy, KeyDetails, KeyImpact, KeyRow } from '../../shared/domain/key.ts'
import { auditEventTitle } from '../../shared/audit-events.ts'
import { formatBytes, formatCounted, formatDate, formatDateTime } from '../../shared/format.ts'
import { keyPlaces } from '../../shared/key-places.ts'
import { safeText } from '../../shared/safe-text.ts'
import { keyWords } from './artifact-lines.ts'
import { facts, table } from './table.ts'

type Locale = string | undefined

const copyStates: Record<KeyCopy['state'], string> = {
  present: 'present',
  destroyed: 'destroyed',
  'found-missing': 'found missing',
  'out-of-reach': 'cannot be reached from here',
  'not-here': 'not here',
}

type VersionRow = KeyImpact['goneForGood'][number] & Partial<KeyImpact['stillOpen'][number]>

const versionRows = (rows: readonly VersionRow[], locale: Locale): string[] =>
  rows.map(({ name, version, ciphertextBytes, stores, alsoOpensWith = [] }) => {
    const places = stores.length > 1 ? ` · in ${stores.map(safeText).join(', ')}` : ''
    const others = alsoOpensWith.map((other) => ` · ${safeText(other.name)}`)
    return `  ${safeText(name)} v${version} · ${formatBytes(ciphertextBytes, locale)}${places}${others.join('')}`
  })

/** What the destruction of a key takes with it, and what it cannot reach. */
export function impactLines(impact: KeyImpact, locale: Locale): string[] {
  const { goneForGood, stillOpen, copiesElsewhere } = impact
  return [
    goneForGood.length === 0 ? 'Nothing is lost with this key.' : 'Gone for good with this key:',
    ...versionRows(goneForGood, locale),
    ...(stillOpen.length > 0 ? ['Still opens with other keys:', ...versionRows(stillOpen, locale)] : []),
    ...(copiesElsewhere > 0
      ? [`${formatCounted(copiesElsewhere, 'copy', locale)} elsewhere cannot be reached from here.`]
      : []),
  ]
}

/** A destroyed key lies nowhere. */
export const keptBy = ({ state, backend }: KeyRow): string => (state === 'destroyed' ? '—' : backend)

export function keyLines(details: KeyDetails, locale: Locale): string[] {
  const { key } = details
  const due = key.rotationDueAt === null ? '—' : formatDate(key.rotationDueAt, locale)
  return [
    ...facts([
      ['Key', key.keyId],
      ['Alias', key.alias],
      [
        'State',
        keyWords({ keyState: key.state, copiesElsewhere: key.copiesElsewhere }, key.destroyAt, locale),
      ],
      ['Algorithm', key.algorithm],
      ['Recipient', details.recipient],
      ['Made', `${formatDateTime(key.createdAt, locale)} on ${details.madeOn}`],
      ['Rotation due', due],
      ['Kept by', keptBy(key)],
    ]),
    '',
    ...table(
      [{ title: 'When' }, { title: 'Event' }, { title: 'About' }, { title: 'Who' }],
      details.events.map(({ at, event, reason, who }) => [
        formatDateTime(at, locale),
        auditEventTitle(event),
        reason,
        who,
      ]),
    ),
    '',
    ...table(
      [{ title: 'Copy' }, { title: 'Where' }, { title: 'State' }],
      details.copies.map(({ place, where, state }) => [keyPlaces[place].name, where, copyStates[state]]),
    ),
    '',
    ...impactLines(details.impact, locale),
  ]
}
