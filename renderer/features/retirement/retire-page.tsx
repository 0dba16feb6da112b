import { useEffect, useReducer, useState } from 'react'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { RetirementImpact } from '../../../shared/domain/retirement.ts'
import type { Failure } from '../../../shared/failure.ts'
import { ArtifactId } from '../../../shared/ids.ts'
import { Button } from '../../components/button.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { showFailure } from '../../components/notice.tsx'
import { AffectedSummary } from '../../components/wizard/affected.tsx'
import { Wizard } from '../../components/wizard/wizard.tsx'
import { useJobs } from '../../lib/jobs-store.ts'
import { failureFrom, useAction, useCall, useInvoke } from '../../lib/use-call.ts'
import { useStatus } from '../../lib/use-status.ts'
import { ArtifactStep, CiphertextStep, CopiesStep, ImpactStep } from './choose-steps.tsx'
import { ConfirmStep } from './confirm-step.tsx'
import { RetireAction } from './retire-action.tsx'
import { RetirementAffects } from './retirement-affects.tsx'
import { nextRetireStep, stepIndex } from './retirement-steps.ts'
import type { RetireEvent, RetireStep } from './retirement-steps.ts'
import { headingOf, leadOf, reassuranceOf, retireStepTitles, stepList } from './retirement-words.ts'
import { CertificateStep, DestroyingStep, ScheduledStep } from './run-steps.tsx'
import classes from './retirement.module.css'

/** Retires artifacts, step by step: what dies, which copies stay, when, the name typed, and the certificate.
 * @param what from the address: artifact ids with commas between */
export function RetirePage({ what }: { what: string }) {
  const artifactIds = what.split(',').flatMap((id) => ArtifactId.safeParse(id).data ?? [])
  if (artifactIds.length === 0) return <NoImpact failure={{ code: 'artifact/not-found', query: '' }} />
  return <Counted artifactIds={artifactIds} />
}

const artifactsCrumb = { label: 'Artifacts', href: '#/artifacts' }

function NoImpact({ failure, actions }: { failure: Failure; actions?: ReactNode }) {
  const [, navigate] = useLocation()
  return (
    <Wizard
      crumbs={[artifactsCrumb, { label: 'Retire' }]}
      steps={retireStepTitles.map((name) => ({ name }))}
      current={0}
      heading="What a retirement takes cannot be told"
      affects={<AffectedSummary>Nothing: no key was touched</AffectedSummary>}
      onClose={() => navigate('/artifacts')}
    >
      <div className={classes.section}>
        <FailureAlert failure={failure} bare actions={actions} />
      </div>
    </Wizard>
  )
}

function Counted({ artifactIds }: { artifactIds: ArtifactId[] }) {
  const answer = useCall('retirement:impact', { artifactIds }, { fresh: true })
  const { settings } = useStatus()
  if (answer.isError && answer.data === undefined) {
    return (
      <NoImpact
        failure={failureFrom(answer.error)}
        actions={<Button onClick={() => void answer.refetch()}>Try again</Button>}
      />
    )
  }
  if (answer.data === undefined) return null
  return (
    <RetireWizard
      known={answer.data}
      waitingPeriodDays={settings.waitingPeriodDays}
      onChanged={() => void answer.refetch()}
    />
  )
}

const begins = (known: RetirementImpact, days: number): RetireStep => ({
  at: 'artifact',
  choices: {
    deleteCiphertext: known.artifacts.some(({ scheduled }) => scheduled?.deleteCiphertext === true),
    when: 'now',
    days,
  },
})

type RetireWizardProps = { known: RetirementImpact; waitingPeriodDays: number; onChanged: () => void }

function RetireWizard({ known, waitingPeriodDays, onChanged }: RetireWizardProps) {
  const [, navigate] = useLocation()
  const invoke = useInvoke()
  const [step, send] = useReducer(nextRetireStep, begins(known, waitingPeriodDays))
  // Once it has begun, the page goes on showing what it set out to destroy, while the catalog changes beneath it.
  const [begun, setBegun] = useState<RetirementImpact | null>(null)
  const impact = begun ?? known
  const artifactIds = impact.artifacts.map(({ artifactId }) => artifactId)
  const { jobs: all } = useJobs()
  const jobIds = 'jobIds' in step ? step.jobIds : []
  const jobs = all.filter(({ jobId }) => jobIds.includes(jobId))
  const isRunning = jobs.some(({ state }) => state === 'running' || state === 'queued')
  const hasEnded = jobIds.length > 0 && jobs.length === jobIds.length && !isRunning
  const ended = { done: jobs.filter(({ state }) => state === 'done').length, total: jobIds.length }
  useEffect(() => {
    if (step.at === 'destroying' && hasEnded) send({ type: 'ended' })
  }, [step.at, hasEnded])
  const cancel = useAction('retirement:cancel', { onDone: onChanged })

  const start = async (): Promise<void> => {
    if (step.at !== 'confirm' || step.typed !== impact.confirmName) return
    const { deleteCiphertext, when, days } = step.choices
    setBegun(known)
    send({ type: 'confirmed', expected: impact.confirmName })
    try {
      const inDays = when === 'later' ? days : null
      const confirmName = step.typed
      const answer = await invoke('retirement:start', {
        artifactIds,
        confirmName,
        inDays,
        deleteCiphertext,
      })
      if (inDays === null) send({ type: 'started', jobIds: answer.jobIds })
      else
        send({
          type: 'scheduled',
          scheduled: answer.scheduled.filter(({ artifactId }) => artifactIds.includes(artifactId)),
        })
    } catch (error) {
      setBegun(null)
      send({ type: 'refused', failure: failureFrom(error) })
    }
  }
  const retry = async (): Promise<void> => {
    const stopped = jobs.filter(({ canRetry }) => canRetry).map(({ jobId }) => jobId)
    try {
      await invoke('jobs:resume', { jobIds: stopped })
      send({ type: 'again' })
    } catch (error) {
      showFailure(failureFrom(error))
    }
  }
  const isDone = step.at === 'certificate' && ended.done === ended.total
  return (
    <Wizard
      crumbs={[artifactsCrumb, { label: impact.confirmName }, { label: 'Retire' }]}
      steps={stepList(impact, step, ended)}
      current={
        isDone ? retireStepTitles.length : step.at === 'certificate' ? stepIndex(step) - 1 : stepIndex(step)
      }
      heading={headingOf(impact, step, ended)}
      lead={leadOf(step)}
      affects={
        <RetirementAffects
          impact={impact}
          deleteCiphertext={step.choices.deleteCiphertext}
          fate={isDone ? 'destroyed' : fateOf(step)}
        />
      }
      onClose={() => navigate('/artifacts')}
      onBack={
        step.at === 'impact' || step.at === 'copies' || step.at === 'ciphertext' || step.at === 'confirm'
          ? () => send({ type: 'back' })
          : undefined
      }
      reassurance={reassuranceOf(step, ended)}
      action={
        <RetireAction
          impact={impact}
          step={step}
          jobs={jobs}
          onContinue={() => send({ type: 'continue' })}
          onStart={() => void start()}
          onRetry={() => void retry()}
          onDone={(path) => navigate(path)}
        />
      }
    >
      <Content
        impact={impact}
        step={step}
        send={send}
        isCancelling={cancel.isPending}
        onCancelSchedule={() =>
          cancel.mutate(
            { artifactIds: impact.artifacts.flatMap((each) => (each.scheduled ? [each.artifactId] : [])) },
            { onError: (error) => showFailure(failureFrom(error)) },
          )
        }
      />
      {step.at === 'destroying' ? <DestroyingStep jobs={jobs} /> : null}
      {step.at === 'certificate' ? <CertificateStep jobs={jobs} /> : null}
    </Wizard>
  )
}

const fateOf = (step: RetireStep) =>
  step.at === 'scheduled' ? 'scheduled' : step.at === 'certificate' ? 'stopped' : 'planned'

type ContentProps = {
  impact: RetirementImpact
  step: RetireStep
  send: (event: RetireEvent) => void
  onCancelSchedule: () => void
  isCancelling: boolean
}

function Content({ impact, step, send, onCancelSchedule, isCancelling }: ContentProps) {
  switch (step.at) {
    case 'artifact':
      return <ArtifactStep impact={impact} onCancelSchedule={onCancelSchedule} isCancelling={isCancelling} />
    case 'impact':
      return <ImpactStep impact={impact} />
    case 'copies':
      return <CopiesStep impact={impact} />
    case 'ciphertext':
      return (
        <CiphertextStep
          impact={impact}
          choices={step.choices}
          onChange={(choices) => send({ type: 'chosen', choices })}
        />
      )
    case 'confirm':
    case 'starting':
      return (
        <ConfirmStep
          impact={impact}
          step={step}
          onChange={(choices) => send({ type: 'chosen', choices })}
          onTyped={(text) => send({ type: 'typed', text })}
        />
      )
    case 'scheduled':
      return <ScheduledStep scheduled={step.scheduled} />
    case 'destroying':
    case 'certificate':
      return null
  }
}
