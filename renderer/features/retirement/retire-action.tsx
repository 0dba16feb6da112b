import type { RetirementImpact } from '../../../shared/domain/retirement.ts'
import type { JobView } from '../../../shared/job.ts'
import { Button } from '../../components/button.tsx'
import { useFormat } from '../../lib/use-format.ts'
import { liveKeys, lostElsewhere, objectCounts, versionCount } from './retirement-facts.ts'
import type { RetireStep } from './retirement-steps.ts'

type RetireActionProps = {
  impact: RetirementImpact
  step: RetireStep
  jobs: JobView[]
  onContinue: () => void
  onStart: () => void
  onRetry: () => void
  onDone: (path: string) => void
}

/** The one verb of each step, with its count. */
export function RetireAction({
  impact,
  step,
  jobs,
  onContinue,
  onStart,
  onRetry,
  onDone,
}: RetireActionProps) {
  const format = useFormat()
  const keys = format.counted(liveKeys(impact).length, 'key')
  const next = (text: string, disabled = false) => (
    <Button kind="primary" disabled={disabled} onClick={onContinue}>
      {text}
    </Button>
  )
  switch (step.at) {
    case 'artifact':
      return next(`Show what ${format.counted(impact.artifacts.length, 'artifact')} takes along`)
    case 'impact':
      return next(`Check copies of ${keys}`, lostElsewhere(impact).length > 0 || versionCount(impact) === 0)
    case 'copies':
      return next(`Choose for ${format.counted(objectCounts(impact).objects, 'object')}`)
    case 'ciphertext':
      return next(`Confirm ${keys}`)
    case 'confirm':
    case 'starting':
      return (
        <Button
          kind="danger"
          busy={step.at === 'starting'}
          disabled={step.typed !== impact.confirmName}
          onClick={onStart}
        >
          {step.choices.when === 'later' ? `Schedule ${keys}` : `Destroy ${keys}`}
        </Button>
      )
    case 'destroying':
      return null
    case 'scheduled':
      return (
        <Button kind="primary" onClick={() => onDone('/artifacts')}>
          Done
        </Button>
      )
    case 'certificate': {
      const done = jobs.filter(({ state }) => state === 'done')
      const [only] = done
      if (jobs.some(({ canRetry }) => canRetry))
        return (
          <Button kind="primary" onClick={onRetry}>
            Try again
          </Button>
        )
      return only !== undefined && done.length === 1 ? (
        <Button kind="primary" onClick={() => onDone(`/certificates/${only.jobId}`)}>
          Show the certificate
        </Button>
      ) : (
        <Button kind="primary" onClick={() => onDone('/artifacts')}>
          Done
        </Button>
      )
    }
  }
}
