import type { RetirementImpact } from '../../../shared/domain/retirement.ts'
import { waitingDays } from '../../../shared/domain/retirement.ts'
import { TypedName } from '../../components/confirm-destructive/typed-name.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { FramedOptions } from '../../components/framed-options.tsx'
import { useFormat } from '../../lib/use-format.ts'
import { useNow } from '../../lib/use-now.ts'
import { UnreachedCopies } from './choose-steps.tsx'
import { unreachedCopies } from './retirement-facts.ts'
import type { RetireChoices, RetireStep } from './retirement-steps.ts'
import classes from './retirement.module.css'

const dayMs = 86_400_000
const dayChoices = Array.from(
  { length: waitingDays.max - waitingDays.min + 1 },
  (_, index) => waitingDays.min + index,
)

type ConfirmStepProps = {
  impact: RetirementImpact
  step: Extract<RetireStep, { at: 'confirm' | 'starting' }>
  onChange: (choices: Partial<RetireChoices>) => void
  onTyped: (text: string) => void
}

/** Fifth step: what stays out of reach once more, when, and the name. */
export function ConfirmStep({ impact, step, onChange, onTyped }: ConfirmStepProps) {
  const format = useFormat()
  const { choices } = step
  const unreached = unreachedCopies(impact).length
  const isScheduled = impact.artifacts.some(({ scheduled }) => scheduled !== null)
  const refusal = step.at === 'confirm' ? step.refusal : null
  return (
    <>
      <UnreachedCopies
        impact={impact}
        heading={
          unreached === 0 ? 'Cannot be reached' : `${format.counted(unreached, 'copy')} cannot be reached`
        }
      />
      <section className={classes.section}>
        <h2>When</h2>
        <FramedOptions
          label="When"
          value={choices.when}
          onChange={(when) => onChange({ when })}
          options={[
            { value: 'now', title: 'Destroy now', help: 'Weightlock cannot undo it.' },
            {
              value: 'later',
              title: 'Schedule',
              disabled: isScheduled,
              cost: isScheduled ? undefined : <Days choices={choices} onChange={onChange} />,
              help: isScheduled
                ? 'It has a date already. Cancel that first, to give it another.'
                : 'Suspended until then. Can be cancelled.',
            },
          ]}
        />
      </section>
      <section className={classes.section}>
        <TypedName
          expected={impact.confirmName}
          value={step.typed}
          onChange={onTyped}
          disabled={step.at === 'starting'}
          takesFocus
        />
        {refusal === null ? null : (
          <div className={classes.alert}>
            <FailureAlert failure={refusal} />
          </div>
        )}
      </section>
    </>
  )
}

function Days({ choices, onChange }: Pick<ConfirmStepProps, 'onChange'> & { choices: RetireChoices }) {
  const format = useFormat()
  const nowMs = useNow()
  return (
    <>
      in
      <select
        className={classes.days}
        aria-label="Days until it is destroyed"
        value={choices.days}
        onChange={(event) => onChange({ when: 'later', days: Number(event.currentTarget.value) })}
      >
        {dayChoices.map((days) => (
          <option key={days} value={days}>
            {days} days
          </option>
        ))}
      </select>
      on {format.day(nowMs + choices.days * dayMs)}
    </>
  )
}
