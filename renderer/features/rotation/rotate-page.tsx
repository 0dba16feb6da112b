import { useEffect, useMemo, useReducer, useState } from 'react'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { RotationPlan } from '../../../shared/domain/rotation.ts'
import type { Failure } from '../../../shared/failure.ts'
import { KeyId } from '../../../shared/ids.ts'
import type { JobId } from '../../../shared/ids.ts'
import { Button } from '../../components/button.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { showFailure } from '../../components/notice.tsx'
import { AffectedSummary } from '../../components/wizard/affected.tsx'
import { Wizard } from '../../components/wizard/wizard.tsx'
import { useJobs } from '../../lib/jobs-store.ts'
import { failureFrom, useCall, useInvoke } from '../../lib/use-call.ts'
import { CancelRotationsDialog } from './cancel-rotations-dialog.tsx'
import { KeysStep, MethodStep, ReasonStep } from './choose-steps.tsx'
import { RotateAction } from './rotate-action.tsx'
import { RotationAffects } from './rotation-affects.tsx'
import { nextRotationStep, stepIndex } from './rotation-steps.ts'
import type { RotationStep } from './rotation-steps.ts'
import { headingOf, leadOf, reassuranceOf, rotationStepTitles, stepList } from './rotation-words.ts'
import { progressOf } from './run-progress.ts'
import { ReportStep, RunningStep } from './run-steps.tsx'
import classes from './rotation.module.css'

/** Rotates keys, step by step: which, why, how, and what came of it.
 * @param what from the address: `due`, or key ids with commas between */
export function RotatePage({ what }: { what: string }) {
  const keyIds = what.split(',').flatMap((id) => KeyId.safeParse(id).data ?? [])
  if (what !== 'due' && keyIds.length === 0) return <NoPlan failure={{ code: 'key/not-found', keyId: '' }} />
  return <Planned keyIds={what === 'due' ? null : keyIds} />
}

function NoPlan({ failure, actions }: { failure: Failure; actions?: ReactNode }) {
  const [, navigate] = useLocation()
  return (
    <Wizard
      crumbs={crumbs}
      steps={rotationStepTitles.map((name) => ({ name }))}
      current={0}
      heading="What a rotation takes cannot be told"
      affects={<AffectedSummary>Nothing: no key was changed</AffectedSummary>}
      onClose={() => navigate('/keys')}
    >
      <div className={classes.section}>
        <FailureAlert failure={failure} bare actions={actions} />
      </div>
    </Wizard>
  )
}

function Planned({ keyIds }: { keyIds: KeyId[] | null }) {
  const [step, send] = useReducer(nextRotationStep, { at: 'keys', leftOut: new Set<KeyId>() })
  const isPlanning = !('run' in step)
  const all = useCall('keys:rotation-plan', { keyIds }, { enabled: isPlanning, fresh: true })
  const leftOut = 'leftOut' in step ? step.leftOut : null
  const chosen = useMemo(
    () => all.data?.artifacts.map(({ keyId }) => keyId).filter((keyId) => leftOut?.has(keyId) !== true) ?? [],
    [all.data, leftOut],
  )
  const isSmaller = step.at !== 'keys' && (leftOut?.size ?? 0) > 0
  const smaller = useCall(
    'keys:rotation-plan',
    { keyIds: chosen },
    { enabled: isPlanning && isSmaller && chosen.length > 0 },
  )
  const failed = all.isError ? all : isSmaller && smaller.isError ? smaller : null
  if (failed !== null && isPlanning) {
    return (
      <NoPlan
        failure={failureFrom(failed.error)}
        actions={<Button onClick={() => void failed.refetch()}>Try again</Button>}
      />
    )
  }
  // Once it has begun, the page goes on showing what was confirmed, while the catalog changes beneath it.
  const plan = 'run' in step ? step.run.plan : isSmaller ? (smaller.data ?? null) : (all.data ?? null)
  return <RotateWizard step={step} send={send} plan={plan} chosen={chosen} isAllDue={keyIds === null} />
}

const crumbs = [{ label: 'Keys', href: '#/keys' }, { label: 'Rotate' }]
const noPlan: RotationPlan = {
  artifacts: [],
  refused: [],
  rewrap: [],
  reEncrypt: [],
  rewrapSeconds: null,
  reEncryptSeconds: null,
  kits: [],
}
const noJobs: JobId[] = []

type WizardProps = {
  step: RotationStep
  send: (event: Parameters<typeof nextRotationStep>[1]) => void
  /** Null while it is counted. */
  plan: RotationPlan | null
  chosen: KeyId[]
  isAllDue: boolean
}

function RotateWizard({ step, send, plan: counted, chosen, isAllDue }: WizardProps) {
  const [, navigate] = useLocation()
  const invoke = useInvoke()
  const [asksToCancel, setAsksToCancel] = useState(false)
  const plan = counted ?? noPlan
  const progress = useRunProgress('run' in step ? step.run.jobIds : noJobs)
  const isRunning = step.at === 'running'
  useEffect(() => {
    if (isRunning && progress.hasEnded) send({ type: 'ended' })
  }, [isRunning, progress.hasEnded, send])

  const start = async (): Promise<void> => {
    if (step.at !== 'method' || counted === null) return
    const { method, reason, note } = step
    send({ type: 'confirmed' })
    try {
      const keyIds = counted.artifacts.map(({ keyId }) => keyId)
      const { jobIds, refused } = await invoke('keys:rotate', { keyIds, method, reason, note: note.trim() })
      const known = new Set(counted.refused.map(({ keyId }) => keyId))
      const run = {
        plan: counted,
        method,
        reason,
        note: note.trim(),
        jobIds,
        refused: [...counted.refused, ...refused.filter(({ keyId }) => !known.has(keyId))],
      }
      send({ type: 'started', run })
      if (jobIds.length === 0) send({ type: 'ended' })
    } catch (error) {
      send({ type: 'refused', failure: failureFrom(error) })
    }
  }
  const tell = async (
    channel: 'jobs:pause' | 'jobs:resume' | 'jobs:cancel',
    jobIds: JobId[],
  ): Promise<void> => {
    try {
      await invoke(channel, { jobIds })
      if (channel === 'jobs:resume') send({ type: 'again' })
    } catch (error) {
      showFailure(failureFrom(error))
    }
  }
  const said = { step, plan, isAllDue, progress }
  return (
    <Wizard
      crumbs={crumbs}
      steps={stepList(said)}
      current={
        step.at === 'report' && progress.total > 0 && progress.done.length === progress.total
          ? 5
          : stepIndex(step)
      }
      heading={counted === null ? 'Counting what a rotation takes' : headingOf(said)}
      lead={counted === null ? undefined : leadOf(said)}
      affects={
        <RotationAffects
          plan={without(plan, step)}
          rotated={step.at === 'report' ? progress.done.length : null}
        />
      }
      onClose={() => navigate('/keys')}
      onBack={step.at === 'reason' || step.at === 'method' ? () => send({ type: 'back' }) : undefined}
      reassurance={reassuranceOf(said)}
      action={
        <RotateAction
          step={step}
          plan={counted}
          chosen={chosen.length}
          progress={progress}
          onContinue={() => {
            if (counted !== null) send({ type: 'continue', plan: without(counted, step), nowMs: Date.now() })
          }}
          onRotate={() => void start()}
          onPause={() => void tell('jobs:pause', progress.canPause)}
          onResume={() => void tell('jobs:resume', progress.canResume)}
          onCancel={() => setAsksToCancel(true)}
          onRetry={() => void tell('jobs:resume', progress.canRetry)}
          onDone={() => navigate('/keys')}
        />
      }
    >
      {counted === null ? null : <Content step={step} send={send} plan={plan} progress={progress} />}
      {asksToCancel ? (
        <CancelRotationsDialog
          left={progress.canCancel.length}
          onClose={() => setAsksToCancel(false)}
          onCancel={() => {
            setAsksToCancel(false)
            void tell('jobs:cancel', progress.canCancel)
          }}
        />
      ) : null}
    </Wizard>
  )
}

/** What is left of a plan's artifacts, for what the next step suggests. */
const without = (plan: RotationPlan, step: RotationStep): RotationPlan => ({
  ...plan,
  artifacts: plan.artifacts.filter(({ keyId }) => !('leftOut' in step && step.leftOut.has(keyId))),
})

function useRunProgress(jobIds: JobId[]) {
  const { jobs } = useJobs()
  return useMemo(() => progressOf(jobIds, jobs), [jobIds, jobs])
}

type ContentProps = Pick<WizardProps, 'step' | 'send'> & {
  plan: RotationPlan
  progress: ReturnType<typeof progressOf>
}

function Content({ step, send, plan, progress }: ContentProps) {
  switch (step.at) {
    case 'keys':
      return (
        <KeysStep
          plan={plan}
          leftOut={step.leftOut}
          onLeftOut={(keyId, isLeftOut) => send({ type: 'left-out', keyId, isLeftOut })}
        />
      )
    case 'reason':
      return (
        <ReasonStep
          plan={plan}
          reason={step.reason}
          note={step.note}
          onReason={(reason) => send({ type: 'reason', reason })}
          onNote={(note) => send({ type: 'note', note })}
        />
      )
    case 'method':
    case 'starting':
      return (
        <MethodStep
          plan={plan}
          reason={step.reason}
          method={step.method}
          refusal={step.at === 'method' ? step.refusal : null}
          isStarting={step.at === 'starting'}
          onMethod={(method) => send({ type: 'method', method })}
        />
      )
    case 'running':
      return <RunningStep progress={progress} />
    case 'report':
      return <ReportStep run={step.run} progress={progress} />
  }
}
