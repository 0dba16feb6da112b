/** What the wizard says at each step of a retirement. Pure. */
import type { RetirementImpact } from '../../../shared/domain/retirement.ts'
import { formatCounted } from '../../../shared/format.ts'
import type { WizardStep } from '../../components/wizard/wizard.tsx'
import { liveKeys, lostElsewhere, objectCounts, unreachedCopies, versionCount } from './retirement-facts.ts'
import type { RetireStep } from './retirement-steps.ts'
import { stepIndex } from './retirement-steps.ts'

export const retireStepTitles = [
  'Artifact',
  'Impact',
  'Copies',
  'Ciphertext',
  'Confirm',
  'Destroy and verify',
  'Certificate',
]

export type Ended = { done: number; total: number }

const whatOf = (impact: RetirementImpact): string => impact.confirmName

export function stepList(impact: RetirementImpact, step: RetireStep, ended: Ended): WizardStep[] {
  const reached = liveKeys(impact).length
  const unreached = unreachedCopies(impact).length
  const { choices } = step
  const here = stepIndex(step)
  const said = [
    whatOf(impact),
    `${formatCounted(reached, 'key')}, ${formatCounted(versionCount(impact), 'version')}`,
    unreached === 0 ? `${reached} reached` : `${reached} reached, ${unreached} not`,
    choices.deleteCiphertext ? 'Deleted as well' : 'Kept',
    step.at === 'scheduled' ? `In ${choices.days} days` : 'When, and its name',
    step.at === 'scheduled' ? 'Scheduled' : here >= 5 ? `${ended.done} of ${ended.total}` : undefined,
  ]
  return retireStepTitles.map((name, index) => {
    const choice = index <= here ? said[index] : undefined
    return choice === undefined ? { name } : { name, choice }
  })
}

export function headingOf(impact: RetirementImpact, step: RetireStep, ended: Ended): string {
  const what = whatOf(impact)
  const versions = versionCount(impact)
  const unreached = unreachedCopies(impact).length
  switch (step.at) {
    case 'artifact':
      return `Retire ${what}`
    case 'impact':
      return lostElsewhere(impact).length > 0
        ? 'A key protects another artifact too'
        : `${formatCounted(versions, 'version')} ${versions === 1 ? 'becomes' : 'become'} unreadable here`
    case 'copies':
      return unreached === 0
        ? 'Every known copy can be reached'
        : `${formatCounted(unreached, 'known copy')} cannot be reached`
    case 'ciphertext': {
      const { objects } = objectCounts(impact)
      return objects === 0
        ? 'No ciphertext of it is known'
        : `${formatCounted(objects, 'object')} ${objects === 1 ? 'holds' : 'hold'} its ciphertext`
    }
    case 'confirm':
    case 'starting':
      return `Retire ${what}`
    case 'scheduled':
      return `${what} is retired in ${step.choices.days} days`
    case 'destroying':
      return `Retiring ${what}`
    case 'certificate':
      if (ended.done < ended.total)
        return ended.total === 1 ? `${what} is not retired yet` : `${ended.done} of ${ended.total} retired`
      return unreached === 0
        ? `${what} is retired`
        : `Destroyed here, ${formatCounted(unreached, 'copy')} elsewhere`
  }
}

export function leadOf(step: RetireStep): string | undefined {
  switch (step.at) {
    case 'artifact':
      return 'Its keys are destroyed, so that its ciphertext opens no more, and a certificate says what that showed.'
    case 'confirm':
    case 'starting':
      return 'Destroys every key that ever wrapped it, in every place that can be reached.'
    case 'scheduled':
      return 'Until then its keys are suspended: they open what they opened, and encrypt nothing more.'
    default:
      return undefined
  }
}

export function reassuranceOf(step: RetireStep, ended: Ended): string {
  switch (step.at) {
    case 'confirm':
    case 'starting':
      return step.choices.when === 'later' ? 'Can be cancelled until then' : 'Ends in a certificate'
    case 'scheduled':
      return 'Nothing is destroyed yet'
    case 'destroying':
      return 'Survives a crash'
    case 'certificate':
      return ended.done === ended.total ? 'Written to the audit log' : 'It goes on where it stopped'
    default:
      return 'Nothing is destroyed in this step'
  }
}
