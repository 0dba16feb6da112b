/** Where the guided rotation stands. Pure: events in, next step out. */
import type { Failure } from '../../../shared/failure.ts'
import type { JobId, KeyId } from '../../../shared/ids.ts'
import type { RotationMethod, RotationPlan, RotationReason } from '../../../shared/domain/rotation.ts'

type Why = { reason: RotationReason; note: string }
type LeftOut = { leftOut: ReadonlySet<KeyId> }

/** What was begun: the plan as it was confirmed, and the jobs that carry it out. */
export type RotationRun = Why & {
  plan: RotationPlan
  method: RotationMethod
  jobIds: JobId[]
  /** Refused by the plan or when it began. */
  refused: RotationPlan['refused']
}

/** Each step carries only its own data. */
export type RotationStep =
  | ({ at: 'keys' } & LeftOut)
  | ({ at: 'reason' } & LeftOut & Why)
  | ({ at: 'method'; method: RotationMethod; refusal: Failure | null } & LeftOut & Why)
  | ({ at: 'starting'; method: RotationMethod } & LeftOut & Why)
  | { at: 'running'; run: RotationRun }
  | { at: 'report'; run: RotationRun }

export type RotationEvent =
  | { type: 'left-out'; keyId: KeyId; isLeftOut: boolean }
  /** From the keys on, with what is suggested; from the reason on, with what the plan allows. */
  | { type: 'continue'; plan: RotationPlan; nowMs: number }
  | { type: 'back' }
  | { type: 'reason'; reason: RotationReason }
  | { type: 'note'; note: string }
  | { type: 'method'; method: RotationMethod }
  | { type: 'confirmed' }
  | { type: 'refused'; failure: Failure }
  | { type: 'started'; run: RotationRun }
  | { type: 'ended' }
  /** Jobs that had stopped run again. */
  | { type: 'again' }

export const rotationStepNames = ['keys', 'reason', 'method', 'running', 'report'] as const

/** Which entry of the list of steps is the current one. */
export const stepIndex = (step: RotationStep): number =>
  rotationStepNames.indexOf(step.at === 'starting' ? 'method' : step.at)

/** A header is not enough where a payload is tainted, or where somebody may hold an old key. */
export const needsReEncryption = (plan: RotationPlan, reason: RotationReason): boolean =>
  reason === 'compromise' || plan.artifacts.some(({ isTainted }) => isTainted)

const suggestedReason = (plan: RotationPlan, nowMs: number): RotationReason => {
  if (plan.artifacts.some(({ isTainted }) => isTainted)) return 'compromise'
  return plan.artifacts.every(
    ({ rotationDueAt }) => rotationDueAt !== null && rotationDueAt <= nowMs + soonMs,
  )
    ? 'crypto-period-ended'
    : 'policy'
}

/** As the inventory's filter *rotation due* has it. */
const soonMs = 7 * 86_400_000

/** The next step; an event that means nothing here leaves the step as it is. Nothing leads back once it has begun. */
export function nextRotationStep(step: RotationStep, event: RotationEvent): RotationStep {
  switch (step.at) {
    case 'keys':
      if (event.type === 'left-out') {
        const leftOut = new Set(step.leftOut)
        if (event.isLeftOut) leftOut.add(event.keyId)
        else leftOut.delete(event.keyId)
        return { at: 'keys', leftOut }
      }
      return event.type === 'continue'
        ? {
            at: 'reason',
            leftOut: step.leftOut,
            reason: suggestedReason(event.plan, event.nowMs),
            note: '',
          }
        : step
    case 'reason': {
      const { leftOut, reason, note } = step
      if (event.type === 'reason') return { ...step, reason: event.reason }
      if (event.type === 'note') return { ...step, note: event.note }
      if (event.type === 'back') return { at: 'keys', leftOut }
      if (event.type !== 'continue') return step
      const method = needsReEncryption(event.plan, reason) ? 're-encrypt' : 'rewrap'
      return { at: 'method', leftOut, reason, note, method, refusal: null }
    }
    case 'method': {
      const { leftOut, reason, note, method } = step
      if (event.type === 'method') return { ...step, method: event.method, refusal: null }
      if (event.type === 'back') return { at: 'reason', leftOut, reason, note }
      return event.type === 'confirmed' ? { at: 'starting', leftOut, reason, note, method } : step
    }
    case 'starting':
      if (event.type === 'refused') return { ...step, at: 'method', refusal: event.failure }
      return event.type === 'started' ? { at: 'running', run: event.run } : step
    case 'running':
      return event.type === 'ended' ? { at: 'report', run: step.run } : step
    case 'report':
      return event.type === 'again' ? { at: 'running', run: step.run } : step
  }
}
