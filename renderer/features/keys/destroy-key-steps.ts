import type { JobId } from '../../../shared/ids.ts'
import type { Failure } from '../../../shared/failure.ts'
import type { JobView } from '../../../shared/job.ts'

/** Where the guided destruction of a key stands; each step carries only its own data. */
export type DestroyKeyStep =
  | { at: 'impact' }
  | { at: 'copies' }
  | { at: 'confirm'; typed: string; refusal: Failure | null }
  | { at: 'starting'; typed: string }
  | { at: 'destroying'; jobId: JobId }
  | { at: 'report'; jobId: JobId; job: JobView }

export type DestroyKeyEvent =
  | { type: 'continue' }
  | { type: 'back' }
  | { type: 'typed'; text: string }
  | { type: 'confirmed'; expected: string }
  | { type: 'refused'; failure: Failure }
  | { type: 'started'; jobId: JobId }
  | { type: 'job-ended'; job: JobView }

export const destroyKeyStepNames = ['impact', 'copies', 'confirm', 'destroying', 'report'] as const
export type DestroyKeyStepName = (typeof destroyKeyStepNames)[number]

/** Which entry of the list of steps is the current one. */
export const stepName = (step: DestroyKeyStep): DestroyKeyStepName =>
  step.at === 'starting' ? 'confirm' : step.at

/** A name confirms only when it is typed exactly. */
export const nameMatches = (typed: string, expected: string): boolean => typed === expected

/** The next step; an event that means nothing here leaves the step as it is. Nothing leads back once it has started. */
export function nextDestroyKeyStep(step: DestroyKeyStep, event: DestroyKeyEvent): DestroyKeyStep {
  switch (step.at) {
    case 'impact':
      return event.type === 'continue' ? { at: 'copies' } : step
    case 'copies':
      if (event.type === 'continue') return { at: 'confirm', typed: '', refusal: null }
      return event.type === 'back' ? { at: 'impact' } : step
    case 'confirm':
      if (event.type === 'back') return { at: 'copies' }
      if (event.type === 'typed') return { at: 'confirm', typed: event.text, refusal: null }
      if (event.type === 'confirmed' && nameMatches(step.typed, event.expected))
        return { at: 'starting', typed: step.typed }
      return step
    case 'starting':
      if (event.type === 'refused') return { at: 'confirm', typed: step.typed, refusal: event.failure }
      return event.type === 'started' ? { at: 'destroying', jobId: event.jobId } : step
    case 'destroying':
      return event.type === 'job-ended' && event.job.jobId === step.jobId
        ? { at: 'report', jobId: step.jobId, job: event.job }
        : step
    case 'report':
      // Tried again from its report: the same job runs on.
      return event.type === 'started' && event.jobId === step.jobId
        ? { at: 'destroying', jobId: step.jobId }
        : step
  }
}
