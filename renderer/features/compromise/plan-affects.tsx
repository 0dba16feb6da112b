import { IconTriangleFilled } from '@tabler/icons-react'
import type { CompromisePlan } from '../../../shared/domain/compromise.ts'
import { AffectedGroup, AffectedSummary } from '../../components/wizard/affected.tsx'
import { useFormat } from '../../lib/use-format.ts'
import classes from './compromise.module.css'

/** What a leak reaches, and what nobody here can take back. */
export function PlanAffects({ plan }: { plan: CompromisePlan }) {
  const format = useFormat()
  const { artifacts, payloads, ciphertextBytes, wrappedNow, wrappedEarlier, copies, withoutActiveKey } = plan
  return (
    <>
      <AffectedSummary>
        {payloads === 0
          ? 'No artifact'
          : `${format.counted(artifacts.length, 'artifact')}, ${format.counted(payloads, 'payload')}, ${format.bytes(ciphertextBytes)}`}
      </AffectedSummary>
      {payloads === 0 ? null : (
        <AffectedGroup
          title="Payloads to re-encrypt"
          rows={[
            { key: 'now', name: 'A leaked key wraps them now', value: format.count(wrappedNow) },
            { key: 'earlier', name: 'A leaked key did, earlier', value: format.count(wrappedEarlier) },
          ]}
        />
      )}
      {withoutActiveKey.length === 0 ? null : (
        <AffectedGroup
          title="Without an active key"
          rows={[{ key: 'all', name: 'Artifacts', value: format.count(withoutActiveKey.length) }]}
          note="Re-encryption, or their next version, makes a new one."
        />
      )}
      {copies.length === 0 ? null : (
        <AffectedGroup
          title="You must revoke these yourself"
          rows={copies.map(({ place, where, keys }) => ({
            key: `${place} ${where}`,
            name: where,
            value: format.counted(keys, 'key'),
          }))}
        />
      )}
      <CannotBeUndone />
    </>
  )
}

export const CannotBeUndone = () => (
  <section className={classes.final} aria-label="What cannot be undone">
    <h3>
      <IconTriangleFilled size={12} aria-hidden />
      What cannot be undone
    </h3>
    <p>Whoever has a leaked key and an old copy can read it. Nothing here takes that back.</p>
  </section>
)
