import { useEffect, useReducer, useState } from 'react'
import { useLocation } from 'wouter'
import type { KeyDetails } from '../../../shared/domain/key.ts'
import { formatCounted } from '../../../shared/format.ts'
import { KeyId } from '../../../shared/ids.ts'
import { Button } from '../../components/button.tsx'
import { TypedName } from '../../components/confirm-destructive/typed-name.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { Wizard, type WizardStep } from '../../components/wizard/wizard.tsx'
import { useJob } from '../../lib/jobs-store.ts'
import { failureFrom, useCall, useInvoke } from '../../lib/use-call.ts'
import {
  CopiesStep,
  DestroyingStep,
  ImpactStep,
  ReportStep,
  UnreachedCopies,
} from './destroy-key-content.tsx'
import { DestroyKeyAffects, type KeyFate } from './destroy-key-affects.tsx'
import { destroyKeyStepNames, nameMatches, nextDestroyKeyStep, stepName } from './destroy-key-steps.ts'
import type { DestroyKeyStep } from './destroy-key-steps.ts'
import { copiesCount, isOutOfReach, versionsCount } from './key-words.ts'
import classes from './destroy-key-page.module.css'

/** Destroys one key, step by step: what dies, which copies stay, its artifact's name typed, and what came of it.
 * @param id from the address */
export function DestroyKeyPage({ id }: { id: string }) {
  const parsed = KeyId.safeParse(id)
  if (!parsed.success) return <FailureAlert failure={{ code: 'key/not-found', keyId: '' }} layout="columns" />
  return <KnownKey keyId={parsed.data} />
}

function KnownKey({ keyId }: { keyId: KeyId }) {
  const answer = useCall('keys:show', { keyId })
  if (answer.isError) {
    return (
      <FailureAlert
        failure={failureFrom(answer.error)}
        layout="columns"
        actions={<Button onClick={() => void answer.refetch()}>Try again</Button>}
      />
    )
  }
  return answer.data === undefined ? null : <DestroyKeyWizard details={answer.data} />
}

const hasEnded = (state: string): boolean =>
  state === 'done' || state === 'failed' || state === 'cancelled' || state === 'unresolved'

function DestroyKeyWizard({ details: known }: { details: KeyDetails }) {
  const [, navigate] = useLocation()
  const invoke = useInvoke()
  const [step, send] = useReducer(nextDestroyKeyStep, { at: 'impact' })
  // Once it has begun, the page goes on showing what it set out to destroy, while the catalog changes beneath it.
  const [begun, setBegun] = useState<KeyDetails | null>(null)
  const details = begun ?? known
  const { key, impact } = details
  const { keyId } = key
  const job = useJob('jobId' in step ? step.jobId : null)
  useEffect(() => {
    if (job !== undefined && hasEnded(job.state)) send({ type: 'job-ended', job })
  }, [job])

  const start = async (): Promise<void> => {
    if (step.at !== 'confirm' || !nameMatches(step.typed, impact.confirmName)) return
    setBegun(known)
    send({ type: 'confirmed', expected: impact.confirmName })
    try {
      const { jobId } = await invoke('keys:destroy', { keyId, confirmName: step.typed })
      send({ type: 'started', jobId })
    } catch (error) {
      setBegun(null)
      send({ type: 'refused', failure: failureFrom(error) })
    }
  }
  const retry = async (): Promise<void> => {
    if (step.at !== 'report') return
    const { jobId } = step
    send({ type: 'started', jobId })
    await invoke('jobs:resume', { jobIds: [jobId] }).catch(() => {})
  }
  const wasDestroyedBefore = key.state === 'destroyed' && !('jobId' in step)
  return (
    <Wizard
      crumbs={[
        { label: 'Keys', href: '#/keys' },
        { label: key.alias, href: `#/keys/${keyId}` },
        { label: 'Destroy' },
      ]}
      steps={stepList(details, step)}
      current={currentStep(step)}
      heading={wasDestroyedBefore ? `${key.alias} is destroyed already` : headingOf(details, step)}
      lead={wasDestroyedBefore ? 'There is nothing left to do here.' : leadOf(step)}
      affects={<DestroyKeyAffects details={details} fate={wasDestroyedBefore ? 'destroyed' : fateOf(step)} />}
      onClose={() => navigate(`/keys/${keyId}`)}
      onBack={step.at === 'copies' || step.at === 'confirm' ? () => send({ type: 'back' }) : undefined}
      reassurance={wasDestroyedBefore ? undefined : reassuranceOf(step)}
      action={
        wasDestroyedBefore ? (
          <Button kind="primary" onClick={() => navigate(`/keys/${keyId}`)}>
            Show the key
          </Button>
        ) : (
          <Action
            step={step}
            expected={impact.confirmName}
            onContinue={() => send({ type: 'continue' })}
            onDestroy={() => void start()}
            onRetry={() => void retry()}
            onDone={() => navigate(`/keys/${keyId}`)}
          />
        )
      }
    >
      {wasDestroyedBefore ? null : (
        <Content
          details={details}
          copies={known.copies}
          step={step}
          onTyped={(text) => send({ type: 'typed', text })}
        />
      )}
      {step.at === 'destroying' ? <DestroyingStep job={job} /> : null}
    </Wizard>
  )
}

/** What the standing list may claim by now. */
function fateOf(step: DestroyKeyStep): KeyFate {
  if (step.at !== 'report') return 'planned'
  return step.job.state === 'done' ? 'destroyed' : 'stopped'
}

/** All steps lie behind a finished destruction; one that stopped stands at the step that stopped. */
function currentStep(step: DestroyKeyStep): number {
  if (step.at !== 'report') return destroyKeyStepNames.indexOf(stepName(step))
  return step.job.state === 'done' ? destroyKeyStepNames.length : destroyKeyStepNames.indexOf('destroying')
}

type ContentProps = {
  details: KeyDetails
  /** As they are now. */
  copies: KeyDetails['copies']
  step: DestroyKeyStep
  onTyped: (text: string) => void
}

function Content({ details, copies, step, onTyped }: ContentProps) {
  switch (step.at) {
    case 'impact':
      return <ImpactStep details={details} />
    case 'copies':
      return <CopiesStep details={details} />
    case 'confirm':
    case 'starting':
      return (
        <>
          <UnreachedCopies
            copies={details.impact.copies}
            heading="Out of reach"
            label="Copies that cannot be reached"
          />
          <div className={classes.name}>
            <TypedName
              expected={details.impact.confirmName}
              value={step.typed}
              onChange={onTyped}
              disabled={step.at === 'starting'}
              takesFocus
            />
            {step.at === 'confirm' && step.refusal !== null ? (
              <div className={classes.alert}>
                <FailureAlert failure={step.refusal} />
              </div>
            ) : null}
          </div>
        </>
      )
    case 'destroying':
      return null
    case 'report':
      return <ReportStep job={step.job} copies={copies} confirmName={details.impact.confirmName} />
  }
}

type ActionProps = {
  step: DestroyKeyStep
  expected: string
  onContinue: () => void
  onDestroy: () => void
  onRetry: () => void
  onDone: () => void
}

function Action({ step, expected, onContinue, onDestroy, onRetry, onDone }: ActionProps) {
  switch (step.at) {
    case 'impact':
      return (
        <Button kind="primary" onClick={onContinue}>
          Check its copies
        </Button>
      )
    case 'copies':
      return (
        <Button kind="primary" onClick={onContinue}>
          Confirm 1 key
        </Button>
      )
    case 'confirm':
    case 'starting':
      return (
        <Button
          kind="danger"
          busy={step.at === 'starting'}
          disabled={!nameMatches(step.typed, expected)}
          onClick={onDestroy}
        >
          Destroy 1 key
        </Button>
      )
    case 'destroying':
      return null
    case 'report':
      return step.job.state === 'failed' && step.job.canRetry ? (
        <Button kind="primary" onClick={onRetry}>
          Try again
        </Button>
      ) : (
        <Button kind="primary" onClick={onDone}>
          Done
        </Button>
      )
  }
}

function stepList({ key, impact }: KeyDetails, step: DestroyKeyStep): WizardStep[] {
  const unreached = impact.copies.filter(isOutOfReach).length
  return [
    { name: 'Impact', choice: `${versionsCount(impact.goneForGood.length)} lost` },
    { name: 'Copies', choice: unreached === 0 ? 'All reached' : `${unreached} not reached` },
    { name: 'Confirm', choice: key.artifactName ?? key.alias },
    {
      name: 'Destroy and read back',
      ...(step.at === 'report' && step.job.state !== 'done' ? { choice: 'Stopped' } : {}),
    },
    { name: 'Report', ...(step.at === 'report' && step.job.state === 'done' ? { choice: 'Destroyed' } : {}) },
  ]
}

function headingOf({ key, impact }: KeyDetails, step: DestroyKeyStep): string {
  const gone = impact.goneForGood.length
  const unreached = impact.copies.filter(isOutOfReach).length
  switch (step.at) {
    case 'impact':
      return gone === 0
        ? `Nothing becomes unreadable without ${key.alias}`
        : `${versionsCount(gone)} ${gone === 1 ? 'opens' : 'open'} with no other key`
    case 'copies':
      return unreached === 0
        ? 'Every known copy can be reached'
        : `${formatCounted(unreached, 'known copy')} cannot be reached`
    case 'confirm':
    case 'starting':
      return `Destroy ${key.alias}`
    case 'destroying':
      return `Destroying ${key.alias}`
    case 'report':
      if (step.job.state !== 'done') return `${key.alias} is not destroyed`
      return impact.copiesElsewhere > 0
        ? `Destroyed here, ${copiesCount(impact.copiesElsewhere)} elsewhere`
        : `${key.alias} is destroyed`
  }
}

const leads: Partial<Record<DestroyKeyStep['at'], string>> = {
  confirm: 'Its copy in the keychain is deleted and read back. Weightlock cannot undo it.',
  starting: 'Its copy in the keychain is deleted and read back. Weightlock cannot undo it.',
}
const leadOf = (step: DestroyKeyStep): string | undefined => leads[step.at]

function reassuranceOf(step: DestroyKeyStep): string {
  switch (step.at) {
    case 'impact':
    case 'copies':
      return 'Nothing is destroyed in this step'
    case 'confirm':
    case 'starting':
      return 'Ends in a report and an entry in the audit log'
    case 'destroying':
      return 'Survives a crash'
    case 'report':
      return step.job.state === 'done' ? 'Written to the audit log' : 'It goes on where it stopped'
  }
}
