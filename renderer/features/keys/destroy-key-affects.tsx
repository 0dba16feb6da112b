import type { KeyDetails, KeyState } from '../../../shared/domain/key.ts'
import { keyPlaces } from '../../../shared/key-places.ts'
import { AffectedGroup, AffectedSummary, type AffectedRow } from '../../components/wizard/affected.tsx'
import { keyStateWord } from '../../components/key-state-badge.tsx'
import { useFormat } from '../../lib/use-format.ts'
import { isOutOfReach, versionsCount } from './key-words.ts'

/** How far the destruction is: nothing has happened yet, it stopped on the way, or all is done and read back. */
export type KeyFate = 'planned' | 'stopped' | 'destroyed'

const keychainTitle: Record<KeyFate, string> = {
  planned: 'Will be destroyed and read back',
  stopped: 'Not yet destroyed and read back',
  destroyed: 'Destroyed and read back',
}

/** What the page set out from is past once the destruction has begun. */
const stateOf = (state: KeyState, fate: KeyFate): string => {
  if (fate === 'stopped') return 'not confirmed'
  return keyStateWord[fate === 'destroyed' ? 'destroyed' : state].toLowerCase()
}

/** The standing answer to “what does this touch?”, with exact counts and names. */
export function DestroyKeyAffects({ details, fate }: { details: KeyDetails; fate: KeyFate }) {
  const format = useFormat()
  const { key, impact, protects } = details
  const artifacts = new Set([...impact.goneForGood, ...impact.stillOpen].map(({ artifactId }) => artifactId))
    .size
  const storeOf = (name: string, version: number): string =>
    protects.find((one) => one.name === name && one.version === version)?.store ?? ''
  const rowsOf = (versions: KeyDetails['impact']['goneForGood']): AffectedRow[] =>
    versions.map(({ artifactId, name, version, ciphertextBytes }) => ({
      key: `${artifactId} ${version}`,
      name: artifacts > 1 ? `${name} v${version}` : `v${version} · ${storeOf(name, version)}`,
      value: format.bytes(ciphertextBytes),
    }))
  const gone = impact.goneForGood
  const unreached = impact.copies.filter(isOutOfReach)
  const objectBytes = protects.reduce((sum, { ciphertextBytes }) => sum + ciphertextBytes, 0)
  return (
    <>
      <AffectedSummary>
        {artifacts === 0
          ? 'No artifact'
          : `${format.counted(artifacts, 'artifact')}, ${versionsCount(gone.length + impact.stillOpen.length)}`}
      </AffectedSummary>
      {gone.length > 0 ? (
        <AffectedGroup
          title={`${fate === 'destroyed' ? 'Is' : 'Becomes'} unreadable${impact.copiesElsewhere > 0 ? ' here' : ''}`}
          rows={rowsOf(gone)}
        />
      ) : null}
      <AffectedGroup
        title={keychainTitle[fate]}
        rows={[
          {
            key: key.keyId,
            name: `Key ${key.number} · keychain`,
            value: stateOf(key.state, fate),
          },
        ]}
      />
      {impact.stillOpen.length > 0 ? (
        <AffectedGroup title="Opens with another key" rows={rowsOf(impact.stillOpen)} />
      ) : null}
      {unreached.length > 0 ? (
        <AffectedGroup
          title="Cannot be reached"
          rows={unreached.map((copy) => ({
            key: `${copy.place} ${copy.where}`,
            name: copy.where,
            value: keyPlaces[copy.place].name.toLowerCase(),
          }))}
        />
      ) : null}
      {protects.length > 0 ? (
        <AffectedGroup
          title="Stays where it is"
          rows={[
            {
              key: 'objects',
              name: format.counted(protects.length, 'object'),
              value: format.bytes(objectBytes),
            },
          ]}
          note="Ciphertext is kept in the store."
        />
      ) : null}
    </>
  )
}
