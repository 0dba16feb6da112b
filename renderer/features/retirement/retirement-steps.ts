import type { ScheduledRetirement } from '../../../shared/domain/retirement.ts'
import type { Failure } from '../../../shared/failure.ts'
import type { JobId } from '../../../shared/ids.ts'

/** What is chosen on the way. */
export type RetireChoices = { deleteCiphertext: boolean; when: 'now' | 'later'; days: number }

/** Where the guided retirement stands; each step carries only its own data. */
export type RetireStep = { choices: RetireChoices } & (
  | { at: 'artifact' | 'impact' | 'copies' | 'ciphertext' }
  | { at: 'confirm'; typed: string; refusal: Failure | null }
  | { at: 'starting'; typed: string }
  | { at: 'scheduled'; scheduled: ScheduledRetirement[] }
  | { at: 'destroying'; jobIds: JobId[] }
  | { at: 'certificate'; jobIds: JobId[] }
)

export type RetireEvent =
  | { type: 'continue' }
  | { type: 'back' }
  | { type: 'chosen'; choices: Partial<RetireChoices> }
  | { type: 'typed'; text: string }
  | { type: 'confirmed'; expected: string }
  | { type: 'refused'; failure: Failure }
  | { type: 'started'; jobIds: JobId[] }
  | { type: 'scheduled'; scheduled: ScheduledRetirement[] }
  | { type: 'ended' }
  | { type: 'again' }

export const retireStepNames = [
  'artifact',
  'impact',
  'copies',
  'ciphertext',
  'confirm',
  'destroying',
  'certificate',
] as const

/** Which entry of the list of steps is open. */
export const stepIndex = (step: RetireStep): number => {
  if (step.at === 'starting') return retireStepNames.indexOf('confirm')
  if (step.at === 'scheduled') return retireStepNames.indexOf('destroying')
  return retireStepNames.indexOf(step.at)
}

const forward = { artifact: 'impact', impact: 'copies', copies: 'ciphertext' } as const
const backward = { impact: 'artifact', copies: 'impact', ciphertext: 'copies' } as const

/** The next step; an event that means nothing here leaves the step as it is. Nothing leads back once it has started. */
export function nextRetireStep(step: RetireStep, event: RetireEvent): RetireStep {
  const { choices } = step
  switch (step.at) {
    case 'artifact':
    case 'impact':
    case 'copies':
    case 'ciphertext':
      if (event.type === 'chosen') return { ...step, choices: { ...choices, ...event.choices } }
      if (event.type === 'back' && step.at !== 'artifact') return { at: backward[step.at], choices }
      if (event.type !== 'continue') return step
      return step.at === 'ciphertext'
        ? { at: 'confirm', choices, typed: '', refusal: null }
        : { at: forward[step.at], choices }
    case 'confirm':
      if (event.type === 'back') return { at: 'ciphertext', choices }
      if (event.type === 'chosen')
        return { ...step, choices: { ...choices, ...event.choices }, refusal: null }
      if (event.type === 'typed') return { ...step, typed: event.text, refusal: null }
      return event.type === 'confirmed' && step.typed === event.expected
        ? { at: 'starting', choices, typed: step.typed }
        : step
    case 'starting':
      if (event.type === 'refused')
        return { at: 'confirm', choices, typed: step.typed, refusal: event.failure }
      if (event.type === 'scheduled') return { at: 'scheduled', choices, scheduled: event.scheduled }
      return event.type === 'started' ? { at: 'destroying', choices, jobIds: event.jobIds } : step
    case 'destroying':
      return event.type === 'ended' ? { at: 'certificate', choices, jobIds: step.jobIds } : step
    case 'certificate':
      // Tried again from here: the same jobs run on.
      return event.type === 'again' ? { at: 'destroying', choices, jobIds: step.jobIds } : step
    case 'scheduled':
      return step
  }
}
