/** What the wizard says at each step of a destruction. Pure. */
import type { KeyDetails } from '../../../shared/domain/key.ts'
import { formatCounted } from '../../../shared/format.ts'
import type { WizardStep } from '../../components/wizard/wizard.tsx'
import type { KeyFate } from './destroy-key-affects.tsx'
import { destroyKeyStepNames, stepName } from './destroy-key-steps.ts'
import type { DestroyKeyStep } from './destroy-key-steps.ts'
import { copiesCount, isOutOfReach, versionsCount } from './key-words.ts'

/** What the standing list may claim by now. */
export function fateOf(step: DestroyKeyStep): KeyFate {
  if (step.at !== 'report') return 'planned'
  return step.job.state === 'done' ? 'destroyed' : 'stopped'
}

/** All steps lie behind a finished destruction; one that stopped stands at the step that stopped. */
export function currentStep(step: DestroyKeyStep): number {
  if (step.at !== 'report') return destroyKeyStepNames.indexOf(stepName(step))
  return step.job.state === 'done' ? destroyKeyStepNames.length : destroyKeyStepNames.indexOf('destroying')
}

export function stepList({ key, impact }: KeyDetails, step: DestroyKeyStep): WizardStep[] {
  const unreached = impact.copies.filter(isOutOfReach).length
  return [
    { name: 'Impact', choice: `${versionsCount(impact.goneForGood.length)} lost` },
    { name: 'Copies', choice: unreached === 0 ? 'All reached' : `${unreached} not reached` },
    { name: 'Confirm', choice: key.artifactName ?? key.alias },
    {
      name: 'Destroy and read back',
      ...(step.at === 'report' && step.job.state !== 'done' ? { choice: 'Stopped' } : {}),
    },
    { name: 'Report', ...(step.at === 'report' && step.job.state === 'done' ? { choice: 'Destroyed' } : {}) },
  ]
}

export function headingOf({ key, impact }: KeyDetails, step: DestroyKeyStep): string {
  const gone = impact.goneForGood.length
  const unreached = impact.copies.filter(isOutOfReach).length
  switch (step.at) {
    case 'impact':
      return gone === 0
        ? `Nothing becomes unreadable without ${key.alias}`
        : `${versionsCount(gone)} ${gone === 1 ? 'opens' : 'open'} with no other key`
    case 'copies':
      return unreached === 0
        ? 'Every known copy can be reached'
        : `${formatCounted(unreached, 'known copy')} cannot be reached`
    case 'confirm':
    case 'starting':
      return `Destroy ${key.alias}`
    case 'destroying':
      return `Destroying ${key.alias}`
    case 'report':
      if (step.job.state !== 'done') return `${key.alias} is not destroyed`
      return impact.copiesElsewhere > 0
        ? `Destroyed here, ${copiesCount(impact.copiesElsewhere)} elsewhere`
        : `${key.alias} is destroyed`
  }
}

const leads: Partial<Record<DestroyKeyStep['at'], string>> = {
  confirm: 'Its copy in the keychain is deleted and read back. Weightlock cannot undo it.',
  starting: 'Its copy in the keychain is deleted and read back. Weightlock cannot undo it.',
}
export const leadOf = (step: DestroyKeyStep): string | undefined => leads[step.at]

export function reassuranceOf(step: DestroyKeyStep): string {
  switch (step.at) {
    case 'impact':
    case 'copies':
      return 'Nothing is destroyed in this step'
    case 'confirm':
    case 'starting':
      return 'Ends in a report and an entry in the audit log'
    case 'destroying':
      return 'Survives a crash'
    case 'report':
      return step.job.state === 'done' ? 'Written to the audit log' : 'It goes on where it stopped'
  }
}
