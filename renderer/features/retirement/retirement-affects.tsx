import type { RetirementImpact } from '../../../shared/domain/retirement.ts'
import { keyStateWord } from '../../components/key-state-badge.tsx'
import { AffectedGroup, AffectedSummary } from '../../components/wizard/affected.tsx'
import { useFormat } from '../../lib/use-format.ts'
import { ciphertextBytes, liveKeys, objectCounts, unreachedCopies } from './retirement-facts.ts'

export type RetirementFate = 'planned' | 'scheduled' | 'stopped' | 'destroyed'

const keysTitle: Record<RetirementFate, string> = {
  planned: 'Destroyed and read back',
  scheduled: 'Destroyed and read back then',
  stopped: 'To be destroyed and read back',
  destroyed: 'Destroyed and read back',
}

type AffectsProps = { impact: RetirementImpact; deleteCiphertext: boolean; fate: RetirementFate }

/** The standing answer to “what does this touch?”, with exact counts and names. */
export function RetirementAffects({ impact, deleteCiphertext, fate }: AffectsProps) {
  const format = useFormat()
  const { artifacts, stores, shared } = impact
  const isOne = artifacts.length === 1
  const unreached = unreachedCopies(impact)
  const keys = liveKeys(impact)
  const { objects, objectVersions, bytes } = objectCounts(impact)
  const stays = [
    format.counted(objects, 'object'),
    ...(objectVersions > 0 ? [format.counted(objectVersions, 'object version')] : []),
  ].join(', ')
  return (
    <>
      <AffectedSummary>
        {format.counted(artifacts.length, 'artifact')}, {format.bytes(ciphertextBytes(impact))}
      </AffectedSummary>
      <AffectedGroup
        title={`${fate === 'destroyed' ? 'Is' : 'Becomes'} unreadable${unreached.length > 0 ? ' here' : ''}`}
        rows={artifacts.flatMap(({ artifactId, name, versions }) =>
          versions.map((each) => ({
            key: `${artifactId} ${each.version}`,
            name: isOne
              ? `v${each.version}${each.stores.length > 0 ? ` · ${each.stores.join(', ')}` : ''}`
              : `${name} v${each.version}`,
            value: format.bytes(each.ciphertextBytes),
          })),
        )}
      />
      <AffectedGroup
        title={keysTitle[fate]}
        rows={keys.map(({ key }) => ({
          key: key.keyId,
          name: `${isOne ? `Key ${key.number}` : key.alias} · keychain`,
          value: keyStateWord[fate === 'destroyed' ? 'destroyed' : key.state].toLowerCase(),
        }))}
      />
      {unreached.length > 0 ? (
        <AffectedGroup
          title="Not reached"
          rows={unreached.map(({ copy }) => ({
            key: `${copy.place} ${copy.where}`,
            name: copy.where.split(/[/\\]/).at(-1) ?? copy.where,
            value: format.day(copy.at),
          }))}
        />
      ) : null}
      {stores.length > 0 ? (
        <AffectedGroup
          title={deleteCiphertext ? 'Deleted from its stores' : 'Stays where it is'}
          rows={[{ key: 'objects', name: stays, value: format.bytes(bytes) }]}
          note={deleteCiphertext ? undefined : 'Kept in the store, and unreadable here.'}
        />
      ) : null}
      {shared.some(({ staysOpen }) => staysOpen) ? (
        <AffectedGroup
          title="Still opens with another key"
          rows={shared
            .filter(({ staysOpen }) => staysOpen)
            .map((each) => ({
              key: `${each.keyId} ${each.artifactId} ${each.version}`,
              name: `${each.name} v${each.version}`,
            }))}
        />
      ) : null}
    </>
  )
}
