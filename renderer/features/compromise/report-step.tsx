import { useLocation } from 'wouter'
import type { Incident, OldObjectVersions } from '../../../shared/domain/compromise.ts'
import type { IncidentId } from '../../../shared/ids.ts'
import { Button } from '../../components/button.tsx'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { ReportFileButton, showSaved } from '../../components/save-report-button.tsx'
import { useAction } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import classes from './compromise.module.css'

/** Each leaked key: what it still opens, or that it can be destroyed now. */
export function ReportStep({ incident, old }: { incident: Incident; old: OldObjectVersions | null }) {
  const format = useFormat()
  const [, navigate] = useLocation()
  return (
    <section className={classes.section}>
      <h2>Leaked keys</h2>
      <ul className={classes.list} aria-label="Leaked keys">
        {incident.keys.map(({ keyId, alias, state, stillOpens }) => {
          const kept = old?.versions.filter((each) => each.keyId === keyId && !each.isGivenUp).length ?? 0
          const isSettled = stillOpens === 0 && kept === 0 && old !== null && old.unasked.length === 0
          return (
            <li key={keyId}>
              <span>
                <MiddleEllipsis text={alias} />
              </span>
              <span className={classes.acts}>
                {state === 'destroyed'
                  ? 'destroyed'
                  : isSettled
                    ? 'opens nothing that was not decided'
                    : [
                        ...(stillOpens > 0 ? [`still opens ${format.counted(stillOpens, 'version')}`] : []),
                        ...(kept > 0 ? [format.counted(kept, 'old version')] : []),
                        ...(stillOpens + kept === 0 ? ['not every store answered'] : []),
                      ].join(', ')}
                {state !== 'destroyed' && isSettled ? (
                  <Button aria-label={`Destroy ${alias}…`} onClick={() => navigate(`/keys/${keyId}/destroy`)}>
                    Destroy…
                  </Button>
                ) : null}
              </span>
            </li>
          )
        })}
      </ul>
      <p className={classes.note}>
        The report says what is done and what is left, as it stands when it is saved.
      </p>
    </section>
  )
}

/** Of an incident: what is done and what is left. */
export function SaveIncidentButton({ incidentId }: { incidentId: IncidentId }) {
  const save = useAction('incidents:save-report', { onDone: showSaved })
  return (
    <ReportFileButton
      name="incident"
      busy={save.isPending}
      write={(target) => save.mutateAsync({ incidentId, target })}
    />
  )
}
