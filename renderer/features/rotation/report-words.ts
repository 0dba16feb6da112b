/** What a rotation leaves to be done, and what is written into its report. Pure. */
import { failureText } from '../../../shared/failure-text.ts'
import type { RotationPlan } from '../../../shared/domain/rotation.ts'
import type { Format } from '../../lib/use-format.ts'
import { keptCost } from './plan-rows.ts'
import type { RotationRun } from './rotation-steps.ts'
import { keysCount, methodWord, reasonWords } from './rotation-words.ts'

/** Recovery kits that do not hold the new keys; null where there are none. */
export function kitsReminder({ kits }: RotationPlan, rotated: number, format: Format): string | null {
  const newKeys = rotated === 1 ? 'the new key' : `the ${format.count(rotated)} new keys`
  if (kits.length === 0) return null
  const which =
    kits.length === 1
      ? `The recovery kit of ${format.day(kits[0]?.madeAt ?? 0)} does`
      : `${format.count(kits.length)} recovery kits do`
  return `${which} not hold ${newKeys}.`
}

/** Old object versions that the stores keep; null where there are none. */
export function keptReminder({ plan, method }: RotationRun, rotated: number, format: Format): string | null {
  const inStores = method === 'rewrap' ? plan.rewrap : plan.reEncrypt
  if (rotated === 0) return null
  const known = inStores.reduce((sum, one) => sum + (one.keptObjectVersions ?? 0), 0)
  const bytes = inStores.reduce((sum, one) => sum + (one.keptBytes ?? 0), 0)
  const cost = keptCost(inStores)
  const monthly = cost === null ? '' : `, ${format.money(cost.amount, cost.currency)} a month`
  if (known > 0)
    return `The stores keep up to ${format.counted(known, 'old object version')}, ${format.bytes(bytes)}${monthly}. They open with the old keys.`
  return inStores.some((one) => one.keptObjectVersions === null)
    ? 'Whether the stores keep old object versions is not known. What they keep opens with the old keys.'
    : null
}

/** What the page says beside the jobs, for the file. */
export function reportNotes(run: RotationRun, rotated: number, format: Format): string[] {
  const { reason, note, method, refused, plan } = run
  return [
    `Rotation of ${keysCount(run.jobIds.length)}: ${rotated} rotated`,
    `Reason: ${reasonWords[reason].title}${note === '' ? '' : `, ${note}`}`,
    `Method: ${methodWord[method]}`,
    ...refused.map(({ alias, failure }) => `Not rotated: ${alias}. ${failureText(failure).title}.`),
    ...[kitsReminder(plan, rotated, format), keptReminder(run, rotated, format)].filter(
      (one) => one !== null,
    ),
    ...(rotated > 0 ? ['The old keys are deactivated, not destroyed.'] : []),
  ]
}
