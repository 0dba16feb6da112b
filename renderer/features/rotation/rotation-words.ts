/** What the wizard says at each step of a rotation. Pure. */
import { formatCounted } from '../../../shared/format.ts'
import type { RotationMethod, RotationPlan, RotationReason } from '../../../shared/domain/rotation.ts'
import type { WizardStep } from '../../components/wizard/wizard.tsx'
import type { Format } from '../../lib/use-format.ts'
import { movedBy } from './plan-rows.ts'
import type { RotationStep } from './rotation-steps.ts'
import type { RunProgress } from './run-progress.ts'

export const keysCount = (count: number): string => formatCounted(count, 'key')

export const reasonWords: Record<RotationReason, { title: string; help: string }> = {
  'crypto-period-ended': {
    title: 'Crypto-period ends',
    help: 'The keys have been in use as long as the policy allows. Nobody else is thought to have them.',
  },
  policy: { title: 'Ahead of time', help: 'A planned change, before an audit or a release.' },
  'staff-change': {
    title: 'Somebody leaves',
    help: 'Who may have exported a key keeps it. Re-encrypt where old ciphertext could be reached, too.',
  },
  compromise: {
    title: 'Possible compromise',
    help: 'Others may have a key. Only re-encryption helps: a new header leaves the payload open to whoever has the old one.',
  },
  other: { title: 'Another reason', help: 'Say which in the note.' },
}

export const methodWord: Record<RotationMethod, string> = { rewrap: 'Rewrap', 're-encrypt': 'Re-encrypt' }

/** `about 3 min`. */
export function aboutTime(seconds: number): string {
  if (seconds < 90) return `about ${Math.max(1, Math.round(seconds))} s`
  return seconds < 5400 ? `about ${Math.round(seconds / 60)} min` : `about ${Math.round(seconds / 3600)} h`
}

/** What a method moves and how long that takes, as far as it is known. */
export function costText(plan: RotationPlan, method: RotationMethod, format: Format): string {
  const { downloadedBytes, uploadedBytes, rewrittenBytes, headerBytes } = movedBy(plan, method)
  const seconds = method === 'rewrap' ? plan.rewrapSeconds : plan.reEncryptSeconds
  const isAlike = format.bytes(downloadedBytes) === format.bytes(uploadedBytes)
  const parts = [
    ...(downloadedBytes + uploadedBytes === 0
      ? []
      : isAlike
        ? [`${format.bytes(downloadedBytes)} each way`]
        : [`${format.bytes(downloadedBytes)} down`, `${format.bytes(uploadedBytes)} up`]),
    ...(rewrittenBytes > 0 ? [`${format.bytes(rewrittenBytes)} rewritten here`] : []),
    ...(downloadedBytes + uploadedBytes + rewrittenBytes === 0 && headerBytes > 0
      ? [`${format.count(headerBytes)} B of headers`]
      : []),
    ...(seconds === null ? [] : [aboutTime(seconds)]),
  ]
  return parts.join(' · ')
}

export const rotationStepTitles = [
  'Keys',
  'Reason',
  'Method and plan',
  'Rotate and verify',
  'Report',
] as const

type Said = { step: RotationStep; plan: RotationPlan; isAllDue: boolean; progress: RunProgress }

const chosen = (plan: RotationPlan): string =>
  plan.artifacts.length === 1 ? (plan.artifacts[0]?.alias ?? '1 key') : keysCount(plan.artifacts.length)

export function headingOf({ step, plan, isAllDue, progress }: Said): string {
  switch (step.at) {
    case 'keys': {
      const count = plan.artifacts.length
      if (count === 0) return isAllDue ? 'No rotation is due' : 'None of these keys can be rotated'
      const verb = count === 1 ? 'is' : 'are'
      return isAllDue ? `${keysCount(count)} ${verb} due for rotation` : `${chosen(plan)} can be rotated`
    }
    case 'reason':
      return `Why rotate ${chosen(plan)}?`
    case 'method':
    case 'starting':
      return `Review: rotate ${keysCount(plan.artifacts.length)}`
    case 'running':
      return `Rotating ${keysCount(progress.total)}`
    case 'report': {
      const { done, total } = progress
      if (total > 0 && done.length === total)
        return `${keysCount(total)} ${total === 1 ? 'is' : 'are'} rotated`
      return done.length === 0 ? 'No key is rotated' : `${done.length} of ${keysCount(total)} are rotated`
    }
  }
}

export function leadOf({ step, plan, isAllDue }: Said): string | undefined {
  switch (step.at) {
    case 'keys':
      if (plan.artifacts.length === 0)
        return isAllDue
          ? 'A key is due from 7 days before its crypto-period ends; any can be rotated earlier.'
          : undefined
      return 'Each artifact gets a new active key. What is left out keeps the key that it has.'
    case 'reason':
      return 'It stands in the audit log and in the history of each key.'
    case 'method':
    case 'starting':
      return 'Each artifact gets a new active key. The old one is deactivated, not destroyed.'
    case 'running':
      return 'Each one is written, read back and tried with its old and its new key before the old one is deactivated.'
    case 'report':
      return undefined
  }
}

const [keysTitle, reasonTitle, methodTitle, runTitle, reportTitle] = rotationStepTitles

export function stepList({ step, plan, isAllDue, progress }: Said): WizardStep[] {
  const keys = plan.artifacts.length
  const leftOut = 'leftOut' in step ? step.leftOut.size : 0
  const count = step.at === 'keys' ? keys - leftOut : keys
  const why = 'run' in step ? step.run : 'reason' in step ? step : null
  const method = 'run' in step ? step.run.method : 'method' in step ? step.method : null
  const hasStopped = step.at === 'report' && progress.done.length < progress.total
  return [
    { name: keysTitle, choice: isAllDue && leftOut === 0 && keys > 0 ? `${count}, all due` : String(count) },
    { name: reasonTitle, ...(why === null ? {} : { choice: reasonWords[why.reason].title }) },
    { name: methodTitle, ...(method === null ? {} : { choice: methodWord[method] }) },
    {
      name: runTitle,
      ...('run' in step ? { choice: `${progress.done.length} of ${progress.total}` } : {}),
    },
    { name: reportTitle, ...(step.at === 'report' ? { choice: hasStopped ? 'Not all' : 'Verified' } : {}) },
  ]
}

export function reassuranceOf({ step, progress }: Said): string {
  switch (step.at) {
    case 'keys':
    case 'reason':
      return 'Nothing changes in this step'
    case 'method':
    case 'starting':
      return 'Can be paused; survives a crash'
    case 'running':
      return 'It goes on when this page is closed'
    case 'report':
      return progress.done.length === progress.total
        ? 'Written to the audit log'
        : 'What is not rotated keeps its old key, which opens it'
  }
}
