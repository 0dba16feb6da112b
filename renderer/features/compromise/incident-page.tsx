import { useState } from 'react'
import { useLocation } from 'wouter'
import type { Incident } from '../../../shared/domain/compromise.ts'
import { IncidentId } from '../../../shared/ids.ts'
import { Button } from '../../components/button.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { AffectedGroup, AffectedSummary } from '../../components/wizard/affected.tsx'
import { Wizard } from '../../components/wizard/wizard.tsx'
import { failureFrom, useCall } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import { ContainStep } from './contain-step.tsx'
import { incidentStepNames } from './incident-words.ts'
import { OldVersionsStep } from './old-versions-step.tsx'
import { CannotBeUndone } from './plan-affects.tsx'
import { ReEncryptButton, ReEncryptStep, useReEncryption } from './re-encrypt-step.tsx'
import { ReportStep, SaveIncidentButton } from './report-step.tsx'
import classes from './compromise.module.css'

/** Where somebody stands in an incident. */
type At = 'contain' | 're-encrypt' | 'old-versions' | 'report'
const order: readonly At[] = ['contain', 're-encrypt', 'old-versions', 'report']

/** An incident until nothing is open in it: contained, re-encrypted, old versions decided, reported. */
export function IncidentPage({ id }: { id: string }) {
  const incidentId = IncidentId.safeParse(id).data
  const shown = useCall(
    'incidents:show',
    { incidentId: incidentId ?? IncidentId.parse('a'.repeat(26)) },
    { enabled: incidentId !== undefined, fresh: true },
  )
  if (shown.data !== undefined) return <Settling incident={shown.data} />
  const failure = shown.isError ? failureFrom(shown.error) : null
  return (
    <NoIncident
      failure={incidentId === undefined ? { code: 'incident/not-found', incidentId: id } : failure}
    />
  )
}

function NoIncident({ failure }: { failure: Parameters<typeof FailureAlert>[0]['failure'] | null }) {
  const [, navigate] = useLocation()
  return (
    <Wizard
      crumbs={[{ label: 'Keys', href: '#/keys' }, { label: 'Incident' }]}
      steps={incidentStepNames.map((name) => ({ name }))}
      current={0}
      heading={failure === null ? 'Reading the incident' : 'The incident cannot be shown'}
      affects={<AffectedSummary>Not known</AffectedSummary>}
      onClose={() => navigate('/keys')}
    >
      {failure === null ? null : (
        <div className={classes.alert}>
          <FailureAlert failure={failure} bare />
        </div>
      )}
    </Wizard>
  )
}

function Settling({ incident }: { incident: Incident }) {
  const { incidentId, payloadsToDo, copiesToRevoke, keys, reason, at: reportedAt } = incident.incident
  const [, navigate] = useLocation()
  const format = useFormat()
  const [at, setAt] = useState<At>('contain')
  const old = useCall('incidents:old-versions', { incidentId }, { fresh: true })
  const work = useReEncryption(incident)
  const isKnown = old.data !== undefined && old.data.unasked.length === 0
  const found = old.data?.versions.filter(({ isGivenUp }) => !isGivenUp).length ?? 0
  // What a store keeps that did not answer is not known.
  const undecided = isKnown || found > 0 ? found : null
  const index = order.indexOf(at)
  const next = order[index + 1]
  const onward = next === undefined ? null : () => setAt(next)
  const heading = {
    contain: `${format.counted(keys, 'key')} ${keys === 1 ? 'is' : 'are'} compromised and ${keys === 1 ? 'encrypts' : 'encrypt'} no more`,
    're-encrypt':
      payloadsToDo === 0
        ? 'No payload is left to re-encrypt'
        : `${format.counted(payloadsToDo, 'payload')} to re-encrypt`,
    'old-versions':
      undecided === null
        ? old.data === undefined && !old.isError
          ? 'Asking the stores for old versions'
          : 'What a store keeps is not known'
        : undecided === 0
          ? 'No old version is left to decide'
          : `${format.counted(undecided, 'old version')} still ${undecided === 1 ? 'opens' : 'open'} with a leaked key`,
    report:
      payloadsToDo === 0 && isKnown && undecided === 0 && copiesToRevoke === 0
        ? 'Nothing is open in this incident'
        : 'What was done, and what is left',
  }[at]
  return (
    <Wizard
      crumbs={[{ label: 'Keys', href: '#/keys' }, { label: `Incident of ${format.day(reportedAt)}` }]}
      steps={incidentStepNames.map((name, n) => ({ name, ...choiceOf(n, incident, undecided) }))}
      current={index + 1}
      heading={heading}
      lead={reason}
      affects={<IncidentAffects incident={incident} undecided={undecided} />}
      onClose={() => navigate('/keys')}
      onBack={index === 0 ? undefined : () => setAt(order[index - 1] ?? 'contain')}
      reassurance={
        at === 're-encrypt' ? 'Nothing readable touches the disk' : 'You can leave, and come back from Keys'
      }
      action={
        <>
          {at === 're-encrypt' ? <ReEncryptButton work={work} /> : null}
          {at === 'report' ? <SaveIncidentButton incidentId={incidentId} /> : null}
          {onward === null ? (
            <Button kind="primary" onClick={() => navigate('/keys')}>
              Done
            </Button>
          ) : (
            <Button kind={at === 're-encrypt' && work.canStart ? 'secondary' : 'primary'} onClick={onward}>
              Continue
            </Button>
          )}
        </>
      }
    >
      {at === 'contain' ? <ContainStep incident={incident} /> : null}
      {at === 're-encrypt' ? <ReEncryptStep incident={incident} work={work} /> : null}
      {at === 'old-versions' ? <OldVersionsStep incidentId={incidentId} old={old} /> : null}
      {at === 'report' ? <ReportStep incident={incident} old={old.data ?? null} /> : null}
    </Wizard>
  )
}

function choiceOf(
  step: number,
  { incident }: Incident,
  undecided: number | null,
): { choice?: string; isUnfinished?: boolean } {
  if (step === 0) return { choice: incident.keys === 1 ? '1 key' : `${incident.keys} keys` }
  if (step === 1)
    return {
      choice: incident.copiesToRevoke === 0 ? 'Nothing to revoke' : `${incident.copiesToRevoke} to revoke`,
      isUnfinished: incident.copiesToRevoke > 0,
    }
  if (step === 2)
    return {
      choice: `${incident.payloadsToDo} of ${incident.payloads} to do`,
      isUnfinished: incident.payloadsToDo > 0,
    }
  if (step === 3)
    return undecided === null
      ? { isUnfinished: true }
      : { choice: `${undecided} to decide`, isUnfinished: undecided > 0 }
  return {}
}

function IncidentAffects({ incident, undecided }: { incident: Incident; undecided: number | null }) {
  const format = useFormat()
  const { payloads, payloadsToDo, copiesToRevoke } = incident.incident
  return (
    <>
      <AffectedSummary>
        {format.counted(incident.keys.length, 'key')}, {format.counted(payloads, 'payload')}
      </AffectedSummary>
      <AffectedGroup
        title="Still open"
        rows={[
          { key: 'payloads', name: 'Payloads to re-encrypt', value: format.count(payloadsToDo) },
          { key: 'copies', name: 'Copies to revoke', value: format.count(copiesToRevoke) },
          {
            key: 'old',
            name: 'Old versions to decide',
            value: undecided === null ? 'not known' : format.count(undecided),
          },
        ]}
      />
      <CannotBeUndone />
    </>
  )
}
