/** The end of an artifact's life. */
import type { Certificate } from '../../shared/domain/certificate.ts'
import { type ScheduledRetirement, waitingDays } from '../../shared/domain/retirement.ts'
import { type Failure, fail, failureOf } from '../../shared/failure.ts'
import { failureText } from '../../shared/failure-text.ts'
import { formatDateTime } from '../../shared/format.ts'
import type { ArtifactId, JobId } from '../../shared/ids.ts'
import { safeText } from '../../shared/safe-text.ts'
import { waitWords } from '../../shared/retirement-words.ts'
import { ask, tell } from './calls.ts'
import { checkSaveTo } from './certificates.ts'
import type { Command, Context, Input, Outcome } from './command.ts'
import { findArtifact } from './find.ts'
import { ciphertextLines, impactLines, planOf, refusalOf } from './retirement-plan.ts'
import { table } from './table.ts'
import { waitForJob } from './wait-for-jobs.ts'

const scheduledTable = (rows: readonly ScheduledRetirement[], locale: string | undefined): string[] =>
  table(
    [{ title: 'Artifact' }, { title: 'Destroyed on' }, { title: 'Keys', align: 'right' }, { title: 'State' }],
    rows.map(({ name, destroyAt, keys, isDue, waits }) => [
      safeText(name),
      formatDateTime(destroyAt, locale),
      String(keys),
      waits === null ? (isDue ? 'due' : 'waiting') : `needs a yes: ${waitWords[waits]}`,
    ]),
  )

async function listScheduled(context: Context): Promise<Outcome> {
  const { scheduled } = await ask(context, 'retirement:scheduled', {})
  return scheduledOutcome(scheduled, context)
}

const scheduledOutcome = (scheduled: ScheduledRetirement[], context: Context): Outcome => ({
  value: { scheduled },
  lines: scheduled.length > 0 ? scheduledTable(scheduled, context.locale) : ['No retirement is scheduled.'],
})

function daysOf(input: Input): number | null {
  const typed = input.text('in')
  if (typed === undefined) return null
  const days = Number(typed)
  if (!Number.isInteger(days) || days < waitingDays.min || days > waitingDays.max)
    return fail({
      code: 'usage/invalid',
      detail: `--in is a number of days from ${waitingDays.min} to ${waitingDays.max}`,
    })
  return days
}

const requireName = (input: Input): string =>
  input.text('confirm-name') ??
  fail({ code: 'usage/invalid', detail: '--confirm-name NAME is missing, or --dry-run' })

/** Follows the job, and saves its certificate where that was asked. */
async function followRetirement(
  context: Context,
  jobId: JobId,
  saveTo: string | undefined,
): Promise<Outcome> {
  const job = await waitForJob(context, jobId)
  const certificate = await tell(context, 'certificates:show', { certificateId: jobId })
  const saved = saveTo === undefined ? null : await trySave(context, certificate, context.path(saveTo))
  const files = saved?.ok ? saved.files : []
  const { outcome, report } = job
  return {
    value: { certificateId: jobId, outcome, report, certificate: certificate.statement, files },
    lines: [
      ...report.map(safeText),
      ...(outcome === null ? [] : [safeText(outcome)]),
      ...(files.length > 0 ? files.map(safeText) : [`Certificate ${jobId}`]),
    ],
    ...(saved?.ok === false ? { failure: saved.failure } : {}),
  }
}

/** The keys are gone by now: what fails here must not read as if nothing had happened. */
async function trySave(
  context: Context,
  { row: { certificateId, artifactName } }: Certificate,
  path: string,
): Promise<{ ok: true; files: string[] } | { ok: false; failure: Failure }> {
  try {
    const { locations } = await tell(context, 'certificates:save', { certificateId, target: { path } })
    return { ok: true, files: locations }
  } catch (error) {
    const cause = failureOf(error)
    if (cause === null) throw error
    const because = failureText(cause).message
    return { ok: false, failure: { code: 'certificate/not-saved', name: artifactName, path, because } }
  }
}

/** The plan alone; where a retirement would be refused, with why. */
async function dryRun(
  context: Context,
  input: Input,
  artifactId: ArtifactId,
  inDays: number | null,
): Promise<Outcome> {
  if (input.isSet('cancel'))
    return fail({ code: 'usage/invalid', detail: '--dry-run and --cancel do not go together' })
  const impact = await ask(context, 'retirement:impact', { artifactIds: [artifactId] })
  const { stores } = await ask(context, 'stores:list', {})
  const deleteCiphertext = input.isSet('due')
    ? impact.artifacts.some(({ scheduled }) => scheduled?.deleteCiphertext === true)
    : input.isSet('delete-ciphertext')
  const plan = planOf(impact, stores, { inDays, deleteCiphertext })
  const refusal = refusalOf(impact)
  return {
    value: { plan },
    lines: [
      ...impactLines(impact, context.locale),
      ...ciphertextLines(plan, context.locale),
      'Nothing was started.',
    ],
    ...(refusal === null ? {} : { failure: refusal }),
  }
}

export const retire: Command = {
  words: 'retire',
  operands: '[ARTIFACT]',
  operandCount: { min: 0, max: 1 },
  summary: 'destroy every key that ever wrapped an artifact, read that back, and certify what it showed',
  details: [
    'With --in, its keys are suspended and destroyed after so many days, while Weightlock runs. One that fell due',
    'while it did not run, or while the clock jumped, waits for a yes: --due. What is scheduled: --list.',
    'Exported files, recovery kits and backups cannot be reached from here; the certificate names those it knows.',
  ],
  examples: [
    'retire model.safetensors --dry-run --json',
    'retire model.safetensors --confirm-name model.safetensors --certificate model.erase.json',
    'retire model.safetensors --confirm-name model.safetensors --in 7',
    'retire model.safetensors --cancel',
  ],
  options: {
    'confirm-name': { value: 'NAME', help: 'the artifact’s name, typed in full' },
    in: { value: 'DAYS', help: `not now, but in ${waitingDays.min} to ${waitingDays.max} days` },
    'delete-ciphertext': { help: 'its ciphertext as well, with all object versions' },
    certificate: {
      value: 'FILE',
      help: 'save the certificate: FILE, and signature and public key beside it',
    },
    'dry-run': { help: 'only say what would be destroyed, what stays, and what that costs; needs no name' },
    due: { help: 'the yes that a scheduled destruction which fell due is waiting for' },
    cancel: { help: 'cancel what is scheduled: its keys return to the states that they had' },
    list: { help: 'what is scheduled' },
  },
  run: async (input, context) => {
    const [operand] = input.operands
    if (input.isSet('list')) {
      if (operand !== undefined || input.isSet('dry-run'))
        fail({ code: 'usage/invalid', detail: '--list stands alone: it takes no artifact and no --dry-run' })
      return listScheduled(context)
    }
    if (operand === undefined) return fail({ code: 'usage/invalid', detail: 'name an artifact, or --list' })
    const inDays = daysOf(input)
    const { artifactId, name } = await findArtifact(context, operand)
    const artifactIds = [artifactId]
    if (input.isSet('dry-run')) return dryRun(context, input, artifactId, inDays)
    if (input.isSet('cancel')) {
      const { scheduled } = await tell(context, 'retirement:cancel', { artifactIds })
      return {
        value: { scheduled },
        lines: [
          `${safeText(name)}: cancelled, its keys have the states that they had`,
          ...(scheduled.length > 0 ? scheduledTable(scheduled, context.locale) : []),
        ],
      }
    }
    const confirmName = requireName(input)
    const saveTo = input.text('certificate')
    if (inDays !== null && saveTo !== undefined)
      return fail({ code: 'usage/invalid', detail: '--certificate is for a destruction now' })
    if (saveTo !== undefined) await checkSaveTo(context.path(saveTo))
    if (!context.json) {
      const impact = await ask(context, 'retirement:impact', { artifactIds })
      for (const line of impactLines(impact, context.locale)) context.note(line)
    }
    if (input.isSet('due')) {
      const { jobIds } = await tell(context, 'retirement:confirm-due', { artifactIds, confirmName })
      return followRetirement(context, oneOf(jobIds), saveTo)
    }
    const deleteCiphertext = input.isSet('delete-ciphertext')
    const { jobIds, scheduled } = await tell(context, 'retirement:start', {
      artifactIds,
      confirmName,
      inDays,
      deleteCiphertext,
    })
    return inDays === null
      ? followRetirement(context, oneOf(jobIds), saveTo)
      : scheduledOutcome(scheduled, context)
  },
}

const oneOf = (jobIds: readonly JobId[]): JobId => jobIds[0] ?? fail({ code: 'job/not-found', jobId: '' })
