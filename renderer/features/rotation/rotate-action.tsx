import type { RotationPlan } from '../../../shared/domain/rotation.ts'
import { Button } from '../../components/button.tsx'
import { SaveReportButton } from '../../components/save-report-button.tsx'
import { useFormat } from '../../lib/use-format.ts'
import { reportNotes } from './report-words.ts'
import type { RotationStep } from './rotation-steps.ts'
import { keysCount } from './rotation-words.ts'
import type { RunProgress } from './run-progress.ts'

type RotateActionProps = {
  step: RotationStep
  /** Null while it is counted. */
  plan: RotationPlan | null
  /** Keys that are not left out. */
  chosen: number
  progress: RunProgress
  onContinue: () => void
  onRotate: () => void
  onPause: () => void
  onResume: () => void
  onCancel: () => void
  onRetry: () => void
  onDone: () => void
}

/** The verb with its count, and what else may be done at each step. */
export function RotateAction({ step, plan, chosen, progress, ...act }: RotateActionProps) {
  const format = useFormat()
  const count = plan?.artifacts.length ?? 0
  switch (step.at) {
    case 'keys':
      return count === 0 && plan !== null ? (
        <Button kind="primary" onClick={act.onDone}>
          Done
        </Button>
      ) : (
        <Button kind="primary" disabled={chosen === 0} onClick={act.onContinue}>
          Continue with {keysCount(chosen)}
        </Button>
      )
    case 'reason':
      return (
        <Button kind="primary" disabled={count === 0} onClick={act.onContinue}>
          Review {keysCount(count)}
        </Button>
      )
    case 'method':
    case 'starting':
      return (
        <Button kind="primary" busy={step.at === 'starting'} disabled={count === 0} onClick={act.onRotate}>
          Rotate {keysCount(count)}
        </Button>
      )
    case 'running':
      return (
        <>
          {progress.canCancel.length > 0 ? (
            <Button kind="ghost" onClick={act.onCancel}>
              Cancel…
            </Button>
          ) : null}
          {progress.canResume.length > 0 ? (
            <Button kind="primary" onClick={act.onResume}>
              Resume {format.count(progress.canResume.length)}
            </Button>
          ) : (
            <Button disabled={progress.canPause.length === 0} onClick={act.onPause}>
              Pause
            </Button>
          )}
        </>
      )
    case 'report':
      return (
        <>
          {progress.canRetry.length > 0 ? (
            <Button onClick={act.onRetry}>Try {keysCount(progress.canRetry.length)} again</Button>
          ) : null}
          {step.run.jobIds.length > 0 ? (
            <SaveReportButton
              jobIds={step.run.jobIds}
              name="rotation"
              notes={reportNotes(step.run, progress.done.length, format)}
            />
          ) : null}
          <Button kind="primary" onClick={act.onDone}>
            Done
          </Button>
        </>
      )
  }
}
