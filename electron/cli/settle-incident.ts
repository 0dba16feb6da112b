/** Decisions about what a leaked key still opens, from the terminal: one at a time, each confirmed by name. */
import type { Incident, IncidentDecision, OldObjectVersion } from '../../shared/domain/compromise.ts'
import { fail } from '../../shared/failure.ts'
import { formatBytes, formatCounted, formatDateTime } from '../../shared/format.ts'
import { IncidentId } from '../../shared/ids.ts'
import { safeText } from '../../shared/safe-text.ts'
import { ask, tell } from './calls.ts'
import type { Command, Context, Input } from './command.ts'
import { gravestFailure } from './exit-codes.ts'
import { findArtifact } from './find.ts'

/** @throws incident/not-found */
export const incidentIdOf = (operand: string | undefined): IncidentId =>
  IncidentId.safeParse(operand).data ?? fail({ code: 'incident/not-found', incidentId: operand ?? '' })

/** As lists name it: `models-prod fraud.pkl.age 3HL4kq · 148.2 MB · 22 Nov 2026, 17:42`. */
export const oldVersionWords = (
  { store, objectName, versionId, sizeBytes, modifiedAt }: OldObjectVersion,
  locale: string | undefined,
): string =>
  [
    `${safeText(store)} ${safeText(objectName)} ${safeText(versionId)}`,
    formatBytes(sizeBytes, locale),
    formatDateTime(modifiedAt, locale),
  ].join(' · ')

const choices = ['delete-version', 'give-up', 'revoked', 'not-revoked'] as const
type Choice = (typeof choices)[number]

type Meant = {
  /** To be typed; null where nothing is lost by it. */
  confirmName: string | null
  decisions: IncidentDecision[]
  lines: string[]
}

export const incidentsSettle: Command = {
  words: 'incidents settle',
  operands: 'INCIDENT',
  operandCount: { min: 1, max: 1 },
  summary: 'decide about what a leaked key still opens: delete it, give it up, or tick off a copy',
  details: [
    'Object versions are named by the ids that `weightlock incidents show` prints; `all` means all of an artifact.',
    'What is given up stays where it is: whoever has the leaked key can read it.',
  ],
  examples: [
    'incidents settle INCIDENT --give-up v1 --artifact model.safetensors --dry-run',
    'incidents settle INCIDENT --delete-version all --artifact model.safetensors --confirm-name model.safetensors',
    'incidents settle INCIDENT --revoked /media/usb/key.txt',
  ],
  options: {
    'delete-version': { value: 'ID|all', help: 'delete an old object version from its store, for good' },
    'give-up': {
      value: 'ID|vN|all',
      help: 'leave an old object version, or version N, to whoever has the key',
    },
    revoked: { value: 'PLACE', help: 'somebody has revoked the copy of the keys there' },
    'not-revoked': { value: 'PLACE', help: 'nobody has, after all' },
    artifact: { value: 'A', help: 'whose versions are meant; needed for all and vN' },
    'confirm-name': { value: 'NAME', help: 'the artifact’s name, typed in full, to delete or give up' },
    'dry-run': { help: 'only say what would be decided' },
  },
  run: async (input, context) => {
    const incidentId = incidentIdOf(input.operands[0])
    const given = choices.filter((choice) => input.text(choice) !== undefined)
    const [choice] = given
    if (choice === undefined || given.length > 1)
      return fail({
        code: 'usage/invalid',
        detail: `give one of ${choices.map((one) => `--${one}`).join(', ')}`,
      })
    const incident = await ask(context, 'incidents:show', { incidentId })
    const meant =
      choice === 'delete-version' || choice === 'give-up'
        ? await versionsMeant(input, context, incident, choice)
        : copyMeant(incident, choice, input.text(choice) ?? '')
    const { decisions, lines, confirmName } = meant
    if (input.isSet('dry-run'))
      return { value: { incidentId, decisions, settled: 0 }, lines: [...lines, 'Nothing was decided.'] }
    if (confirmName !== null) requireName(input, confirmName)
    const { settled, failures } = await tell(context, 'incidents:settle', { incidentId, decisions })
    const failure = gravestFailure(failures.map((each) => each.failure))
    return {
      value: { incidentId, decisions, settled, failures },
      lines: [...lines, `${formatCounted(settled, 'decision', context.locale)} noted.`],
      failures: failures.map(({ decision, failure: why }) => ({
        path: subjectOf(decisions[decision]),
        failure: why,
      })),
      ...(failure ? { failure } : {}),
    }
  },
}

const subjectOf = (decision: IncidentDecision | undefined): string =>
  decision?.kind === 'delete' ? `${decision.objectName} ${decision.versionId}` : (decision?.kind ?? '')

function requireName(input: Input, expected: string): void {
  const typed = input.text('confirm-name')
  if (typed === undefined)
    fail({ code: 'usage/invalid', detail: '--confirm-name NAME is missing, or --dry-run' })
  if (typed !== expected) fail({ code: 'confirm/name-mismatch', expected })
}

async function versionsMeant(
  input: Input,
  context: Context,
  incident: Incident,
  choice: 'delete-version' | 'give-up',
): Promise<Meant> {
  const named = input.text(choice) ?? ''
  const of = input.text('artifact')
  const artifact = of === undefined ? null : await findArtifact(context, of)
  const number = choice === 'give-up' ? /^v([1-9]\d*)$/.exec(named)?.[1] : undefined
  if (artifact === null && (named === 'all' || number !== undefined))
    return fail({ code: 'usage/invalid', detail: `--artifact A is missing: whose is ${named}?` })
  const isIts = (each: { artifactId: string }) => artifact === null || each.artifactId === artifact.artifactId
  const versions = incident.versions.filter(
    (each) =>
      choice === 'give-up' &&
      isIts(each) &&
      each.state === 'to-do' &&
      (named === 'all' || String(each.version) === number),
  )
  const { versions: kept } = await ask(context, 'incidents:old-versions', {
    incidentId: incident.incident.incidentId,
  })
  const old = kept.filter(
    (each) =>
      isIts(each) &&
      (named === 'all' || each.versionId === named) &&
      (choice === 'delete-version' || !each.isGivenUp),
  )
  const [first] = [...versions, ...old]
  if (first === undefined)
    return fail({
      code: 'usage/invalid',
      detail: `nothing of this incident is meant by ${JSON.stringify(named)}: weightlock incidents show lists what is left`,
    })
  if ([...versions, ...old].some(({ artifactId }) => artifactId !== first.artifactId))
    return fail({
      code: 'usage/invalid',
      detail: `${named} means several artifacts: name one with --artifact A`,
    })
  const { artifactId, name } = first
  const objectVersions = old.map(({ storeId, objectName, versionId }) => ({ storeId, objectName, versionId }))
  const verb = choice === 'give-up' ? 'Given up' : 'To be deleted'
  return {
    confirmName: name,
    decisions:
      choice === 'delete-version'
        ? objectVersions.map((each) => ({ kind: 'delete' as const, ...each }))
        : [
            {
              kind: 'give-up',
              artifactId,
              confirmName: name,
              versions: versions.map(({ version }) => version),
              objectVersions,
            },
          ],
    lines: [
      ...versions.map(
        ({ version, ciphertextBytes }) =>
          `${verb}: ${safeText(name)} v${version} · ${formatBytes(ciphertextBytes, context.locale)}`,
      ),
      ...old.map((each) => `${verb}: ${oldVersionWords(each, context.locale)}`),
    ],
  }
}

function copyMeant(
  incident: Incident,
  choice: Exclude<Choice, 'delete-version' | 'give-up'>,
  named: string,
): Meant {
  const revoked = choice === 'revoked'
  const copies = incident.copies.filter(({ where }) => where === named || safeText(where) === named)
  if (copies.length === 0)
    return fail({
      code: 'usage/invalid',
      detail: `no copy of a leaked key is known at ${JSON.stringify(named)}`,
    })
  return {
    confirmName: null,
    decisions: copies.map(({ place, where }) => ({ kind: 'copy-revoked' as const, place, where, revoked })),
    lines: copies.map(({ where }) => `${safeText(where)}: ${revoked ? 'said to be revoked' : 'not revoked'}`),
  }
}
