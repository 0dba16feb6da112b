import type { RotationPlan } from '../../../shared/domain/rotation.ts'
import { AffectedGroup, AffectedSummary } from '../../components/wizard/affected.tsx'
import { useFormat } from '../../lib/use-format.ts'
import { planRows } from './plan-rows.ts'
import { keysCount } from './rotation-words.ts'

/** The standing answer to “what does this touch?”.
 * @param plan of the keys that are chosen now
 * @param rotated how many are, once it has ended */
export function RotationAffects({ plan, rotated }: { plan: RotationPlan; rotated: number | null }) {
  const format = useFormat()
  const { artifacts, kits } = plan
  const objects = artifacts.reduce((sum, one) => sum + one.objects, 0)
  const bytes = artifacts.reduce((sum, one) => sum + one.ciphertextBytes, 0)
  const kept = planRows(plan, 'rewrap').rows.find(({ label }) => label.startsWith('Old object versions'))
  const isDone = rotated !== null
  const count = rotated ?? artifacts.length
  const newKeys = count === 1 ? 'the new key' : `the ${format.count(count)} new keys`
  return (
    <>
      <AffectedSummary>
        {artifacts.length === 0
          ? 'Nothing'
          : `${format.counted(artifacts.length, 'artifact')}, ${format.counted(objects, 'object')}, ${format.bytes(bytes)}`}
      </AffectedSummary>
      {artifacts.length === 0 ? null : (
        <>
          <AffectedGroup
            title="Artifacts"
            rows={artifacts.map(({ artifactId, name }) => ({ key: artifactId, name }))}
          />
          <AffectedGroup
            title={count === 1 ? 'Old key' : 'Old keys'}
            rows={[]}
            note={
              count === 0
                ? 'None is deactivated.'
                : `${keysCount(count)} ${isDone ? 'deactivated' : 'will be deactivated'}, not destroyed. Old copies still open with ${count === 1 ? 'it' : 'them'}.`
            }
          />
        </>
      )}
      {kept === undefined || count === 0 ? null : (
        <AffectedGroup
          title="Old object versions"
          rows={[]}
          note={
            kept.values.at(-1) === null
              ? 'Whether the store keeps them is not known. What it keeps opens with the old keys.'
              : 'The store keeps them. They open with the old keys.'
          }
        />
      )}
      {kits.length > 0 && count > 0 ? (
        <AffectedGroup
          title={kits.length === 1 ? 'Recovery kit' : 'Recovery kits'}
          rows={[]}
          note={
            kits.length === 1
              ? `The kit of ${format.day(kits[0]?.madeAt ?? 0)} ${isDone ? 'does' : 'will'} not hold ${newKeys}.${isDone ? '' : ' The report reminds you.'}`
              : `${format.count(kits.length)} kits ${isDone ? 'do' : 'will'} not hold ${newKeys}.${isDone ? '' : ' The report reminds you.'}`
          }
        />
      ) : null}
    </>
  )
}
