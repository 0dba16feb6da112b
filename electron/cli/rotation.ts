/** Rotation from the terminal, by name or of all that is due: for people and for a system's scheduler. */
import type { KeyRow } from '../../shared/domain/key.ts'
import { RotationReason, type RotationPlan } from '../../shared/domain/rotation.ts'
import { type Failure, fail } from '../../shared/failure.ts'
import { formatBytes, formatCounted, formatMoney } from '../../shared/format.ts'
import type { KeyId } from '../../shared/ids.ts'
import type { JobView } from '../../shared/job.ts'
import { monthlyCost } from '../../shared/price.ts'
import { safeText } from '../../shared/safe-text.ts'
import { keyWords } from './artifact-lines.ts'
import { ask, tell } from './calls.ts'
import type { Command, Context, Input, Outcome } from './command.ts'
import { gravestFailure } from './exit-codes.ts'
import { findKey } from './find.ts'
import { failureOfJob, waitForJobs } from './wait-for-jobs.ts'

/** One of the known reasons, or anything else in the user's words. */
function reasonOf(input: Input): { reason: RotationReason; note: string } {
  const typed = input.text('reason')
  if (typed === undefined && !input.isSet('due'))
    return fail({
      code: 'usage/invalid',
      detail: `say why with --reason R: ${RotationReason.options.join(', ')}, or in your words`,
    })
  const known = RotationReason.safeParse(typed ?? 'crypto-period-ended')
  return known.success ? { reason: known.data, note: '' } : { reason: 'other', note: typed ?? '' }
}

async function keysMeant(input: Input, context: Context): Promise<KeyId[] | null> {
  if (input.isSet('due')) return null
  const keyIds = new Set<KeyId>()
  for (const operand of input.operands)
    keyIds.add(await findKey(context, operand, { prefer: ['active', 'compromised', 'deactivated'] }))
  return [...keyIds]
}

type Rotated = {
  artifactId: string
  name: string
  /** The key that was replaced, and the one in its place. */
  oldKeyId: KeyId
  keyId: KeyId
  outcome: string | null
  report: string[]
}

const rotate: Command = {
  words: 'keys rotate',
  operands: '[KEY…]',
  operandCount: { min: 0, max: Number.POSITIVE_INFINITY },
  summary: 'give artifacts a new key; the old one is deactivated, and still opens old copies',
  details: [
    'KEY is an id or its first letters (8 or more), an alias, or the name of an artifact.',
    'Every version and every copy of the artifact is rotated.',
    'Without --re-encrypt a new header is written around the same payload: cheap, and not enough after a compromise.',
  ],
  examples: [
    'keys rotate model.safetensors --reason policy',
    'keys rotate model.safetensors --re-encrypt --reason compromise',
    'keys rotate --due --json',
  ],
  options: {
    due: { help: 'all keys whose crypto-period ends within a week or has ended' },
    're-encrypt': { help: 'a new file key and a new payload: everything is read and written anew' },
    reason: {
      value: 'R',
      help: `${RotationReason.options.join(', ')}, or in your words; may be left out with --due`,
    },
  },
  run: async (input, context) => {
    if (input.isSet('due') === input.operands.length > 0)
      fail({ code: 'usage/invalid', detail: 'name keys, or give --due' })
    const why = reasonOf(input)
    const keyIds = await keysMeant(input, context)
    const method = input.isSet('re-encrypt') ? ('re-encrypt' as const) : ('rewrap' as const)
    const plan = await ask(context, 'keys:rotation-plan', { keyIds })
    sayPlan(context, plan, method)
    if (plan.artifacts.length === 0 && plan.refused.length === 0)
      return { value: { artifacts: [], failures: [] }, lines: ['No key is due.'] }
    const { jobIds, refused } = await tell(context, 'keys:rotate', { keyIds, method, ...why })
    const { jobs } = await waitForJobs(context, jobIds)
    return outcomeOf(context, plan, jobs, refused)
  },
}

function sayPlan(context: Context, plan: RotationPlan, method: 'rewrap' | 're-encrypt'): void {
  if (context.json || plan.artifacts.length === 0) return
  const stores = method === 'rewrap' ? plan.rewrap : plan.reEncrypt
  for (const each of stores) {
    const { store, objects, objectBytes, downloadedBytes, uploadedBytes, keptObjectVersions } = each
    const moved = downloadedBytes + uploadedBytes
    const parts = [
      `${safeText(store)}: ${formatCounted(objects, 'object', context.locale)}, ${formatBytes(objectBytes, context.locale)}`,
      ...(moved === 0 ? [] : [`${formatBytes(moved, context.locale)} to transfer`]),
      ...(keptObjectVersions === null || keptObjectVersions === 0
        ? []
        : [
            `${formatCounted(keptObjectVersions, 'older object version', context.locale)} kept, ${keptWords(each, context)}`,
          ]),
    ]
    context.note(parts.join(', '))
  }
  for (const { where } of plan.kits)
    context.note(`The recovery kit ${safeText(where)} will not hold the new keys.`)
}

/** Bytes, and what they cost in a month where the store's price is set. */
function keptWords(
  { keptBytes, price }: RotationPlan['rewrap'][number],
  { locale }: Pick<Context, 'locale'>,
): string {
  const sizeBytes = keptBytes ?? 0
  const bytes = formatBytes(sizeBytes, locale)
  if (price === null) return bytes
  return `${bytes}, ${formatMoney(monthlyCost(sizeBytes, price), price.currency, locale)} a month`
}

async function outcomeOf(
  context: Context,
  plan: RotationPlan,
  jobs: readonly JobView[],
  refused: RotationPlan['refused'],
): Promise<Outcome> {
  const artifacts: Rotated[] = []
  const failures: { keyId: KeyId; alias: string; failure: Failure }[] = [...refused]
  for (const job of jobs) {
    const planned = plan.artifacts.find(({ artifactId }) => artifactId === job.artifactId)
    if (planned === undefined) continue
    const { keyId: oldKeyId, alias, artifactId, name } = planned
    const failure = failureOfJob(job)
    if (failure !== null) {
      failures.push({ keyId: oldKeyId, alias, failure })
      continue
    }
    const { artifact } = await tell(context, 'artifacts:show', { artifactId })
    const { outcome, report } = job
    artifacts.push({ artifactId, name, oldKeyId, keyId: artifact.keyId, outcome, report })
  }
  const failure = gravestFailure(failures.map((each) => each.failure))
  return {
    value: { artifacts, failures },
    lines: artifacts.flatMap(({ name, outcome, report }) => [
      `${safeText(name)}: ${safeText(outcome ?? '')}`,
      ...report.map((line) => `  ${safeText(line)}`),
    ]),
    failures: failures.map((each) => ({ path: each.alias, failure: each.failure })),
    ...(failure ? { failure } : {}),
  }
}

const resting = (words: 'keys suspend' | 'keys resume', summary: string, reason: string): Command => ({
  words,
  operands: 'KEY',
  operandCount: { min: 1, max: 1 },
  summary,
  details: ['KEY is an id or its first letters (8 or more), an alias, or the name of an artifact.'],
  examples: [`${words} model.safetensors --reason "${reason}"`],
  options: { reason: { value: 'R', help: 'why, for its history' } },
  run: async (input, context) => {
    const isSuspend = words === 'keys suspend'
    const keyId = await findKey(context, input.operands[0] ?? '', {
      prefer: [isSuspend ? 'active' : 'suspended'],
    })
    const channel = isSuspend ? 'keys:suspend' : 'keys:resume'
    const key: KeyRow = await tell(context, channel, { keyId, reason: input.text('reason') ?? '' })
    const state = keyWords({ keyState: key.state, copiesElsewhere: key.copiesElsewhere })
    return { value: { key }, lines: [`${safeText(key.alias)}: ${state}`] }
  },
})

export const rotationCommands: readonly Command[] = [
  rotate,
  resting(
    'keys suspend',
    'let a key encrypt nothing until it is resumed; what it wrapped still opens',
    'laptop lent',
  ),
  resting('keys resume', 'make a suspended key active again', 'laptop is back'),
]
