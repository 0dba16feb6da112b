import { useEffect, useReducer, useState } from 'react'
import { useLocation } from 'wouter'
import type { KeyDetails } from '../../../shared/domain/key.ts'
import { KeyId } from '../../../shared/ids.ts'
import { Button } from '../../components/button.tsx'
import { TypedName } from '../../components/confirm-destructive/typed-name.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { SaveReportButton } from '../../components/save-report-button.tsx'
import { Wizard } from '../../components/wizard/wizard.tsx'
import { useJob } from '../../lib/jobs-store.ts'
import { showFailure } from '../../components/notice.tsx'
import { failureFrom, useCall, useInvoke } from '../../lib/use-call.ts'
import {
  CopiesStep,
  DestroyingStep,
  ImpactStep,
  ReportStep,
  UnreachedCopies,
} from './destroy-key-content.tsx'
import { DestroyKeyAffects } from './destroy-key-affects.tsx'
import { nameMatches, nextDestroyKeyStep } from './destroy-key-steps.ts'
import type { DestroyKeyStep } from './destroy-key-steps.ts'
import { currentStep, fateOf, headingOf, leadOf, reassuranceOf, stepList } from './destroy-key-words.ts'
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
    try {
      // Refused, it stays where it is: a job that does not run would be waited for without an end.
      await invoke('jobs:resume', { jobIds: [jobId] })
      send({ type: 'started', jobId })
    } catch (error) {
      showFailure(failureFrom(error))
    }
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
        <>
          <SaveReportButton jobIds={[step.jobId]} name="destroyed-key" notes={[]} />
          <Button kind="primary" onClick={onDone}>
            Done
          </Button>
        </>
      )
  }
}
