import { howExposed, revokeAdvice, taintedStates } from '../../shared/compromise-words.ts'
import type { CompromisePlan, IncidentRow } from '../../shared/domain/compromise.ts'
import { fail } from '../../shared/failure.ts'
import { failureText } from '../../shared/failure-text.ts'
import { formatBytes, formatCounted, formatDateTime } from '../../shared/format.ts'
import type { KeyId } from '../../shared/ids.ts'
import { keyPlaces } from '../../shared/key-places.ts'
import { safeText } from '../../shared/safe-text.ts'
import { ask, tell } from './calls.ts'
import { checkNewFile } from './check-path.ts'
import type { Command, Context } from './command.ts'
import { findKey } from './find.ts'
import { incidentIdOf, incidentsSettle, oldVersionWords } from './settle-incident.ts'
import { nameFor, table } from './table.ts'

/** @throws usage/invalid */
function sinceOf(given: string | undefined): number | null {
  if (given === undefined) return null
  const at = Date.parse(given)
  if (Number.isNaN(at)) fail({ code: 'usage/invalid', detail: `--since wants a date, as in 2026-11-03` })
  return at
}

function planLines(plan: CompromisePlan, context: Context): string[] {
  const { locale } = context
  return [
    ...table(
      [
        { title: 'Exposed artifact' },
        { title: 'How' },
        { title: 'Payloads', align: 'right' },
        { title: 'Size', align: 'right' },
      ],
      plan.artifacts.map((each) => [
        nameFor(each.name, context.outputIsTerminal),
        howExposed(each),
        String(each.payloads),
        formatBytes(each.ciphertextBytes, locale),
      ]),
    ),
    ...plan.copies.map(
      ({ place, where, keys }) =>
        `Revoke yourself: ${keyPlaces[place].name} ${safeText(where)} (${formatCounted(keys, 'key', locale)})`,
    ),
  ]
}

const keysRevoke: Command = {
  words: 'keys revoke',
  operands: '[KEY…]',
  operandCount: { min: 0, max: Infinity },
  summary: 'report keys as compromised: they encrypt nothing more, and what they ever wrapped is tainted',
  details: [
    'KEY is an id or its first letters (8 or more), an alias, or the name of an artifact with one key left.',
    'A compromised key leads only to destroyed. Only re-encryption clears what it wrapped:',
    'weightlock keys rotate KEY --re-encrypt --reason compromise',
  ],
  examples: [
    'keys revoke "model.safetensors · key 1" --reason "found in a notebook"',
    'keys revoke --since 2026-11-03 --reason "laptop stolen"',
  ],
  options: {
    reason: { value: 'R', help: 'what happened' },
    since: { value: 'DATE', help: 'also every key that was made or used since then' },
  },
  needs: ['reason'],
  run: async (input, context) => {
    const since = sinceOf(input.text('since'))
    if (input.operands.length === 0 && since === null)
      fail({ code: 'usage/invalid', detail: 'name a key, or give --since DATE' })
    const found: KeyId[] = []
    for (const operand of input.operands)
      found.push(await findKey(context, operand, { ignore: ['destroyed'] }))
    const keyIds = found.length === 0 ? null : found
    const plan = await ask(context, 'keys:compromise-plan', { keyIds, since })
    const [known] = plan.alreadyCompromised
    if (plan.keys.length === 0 && known)
      fail({ code: 'key/illegal-transition', from: known.state, to: 'compromised' })
    if (plan.keys.length === 0)
      return { value: { incidentId: null, plan }, lines: ['No key was made or used since then.'] }
    const reason = input.text('reason') ?? ''
    const count = plan.keys.length
    const { incidentId } = await tell(context, 'keys:revoke', { keyIds, since, reason, count })
    const incident = await tell(context, 'incidents:show', { incidentId })
    return {
      value: { ...incident, plan },
      lines: [
        `${formatCounted(count, 'key', context.locale)} compromised. Incident ${incidentId}`,
        ...planLines(plan, context),
        ...(plan.artifacts.length > 0
          ? [
              '',
              'Next: weightlock keys rotate NAME… --re-encrypt --reason compromise',
              `What is left: weightlock incidents show ${incidentId}`,
            ]
          : []),
      ],
    }
  },
}

const incidentTable = (incidents: readonly IncidentRow[], context: Context): string[] =>
  table(
    [
      { title: 'Incident' },
      { title: 'Reported' },
      { title: 'Keys', align: 'right' },
      { title: 'To re-encrypt', align: 'right' },
      { title: 'Reason' },
    ],
    incidents.map(({ incidentId, at, keys, payloads, payloadsToDo, reason }) => [
      incidentId,
      formatDateTime(at, context.locale),
      String(keys),
      `${payloadsToDo} of ${payloads}`,
      nameFor(reason, context.outputIsTerminal),
    ]),
  )

const incidentsList: Command = {
  words: 'incidents list',
  operands: '',
  operandCount: { min: 0, max: 0 },
  summary: 'list reported compromises, and what is left to re-encrypt',
  options: {},
  run: async (_, context) => {
    const { incidents } = await ask(context, 'incidents:list', {})
    const lines = incidentTable(incidents, context)
    return { value: { incidents }, lines: lines.length > 0 ? lines : ['No compromise was reported.'] }
  },
}

const incidentsShow: Command = {
  words: 'incidents show',
  operands: 'INCIDENT',
  operandCount: { min: 1, max: 1 },
  summary: 'show a reported compromise: keys, tainted payloads, copies to revoke, old object versions',
  examples: ['incidents show INCIDENT --report incident.txt'],
  options: {
    report: { value: 'FILE', help: 'also write the incident report to a file that does not exist yet' },
  },
  run: async (input, context) => {
    const incidentId = incidentIdOf(input.operands[0])
    const report = input.text('report')
    if (report !== undefined) await checkNewFile(context.path(report))
    const incident = await ask(context, 'incidents:show', { incidentId })
    const old = await ask(context, 'incidents:old-versions', { incidentId })
    const saved =
      report === undefined
        ? null
        : await tell(context, 'incidents:save-report', { incidentId, target: { path: context.path(report) } })
    return {
      value: { ...incident, oldVersions: old, report: saved?.location ?? null },
      lines: [
        ...incidentTable([incident.incident], context),
        ...incident.keys.map(({ alias, state, stillOpens }) => {
          const opens = stillOpens > 0 ? `, still opens ${formatCounted(stillOpens, 'version')}` : ''
          return `${safeText(alias)}: ${state}${opens}`
        }),
        ...incident.versions.map(
          ({ name, version, ciphertextBytes, state }) =>
            `${safeText(name)} v${version} · ${formatBytes(ciphertextBytes, context.locale)}: ${taintedStates[state]}`,
        ),
        ...incident.copies.map(({ place, where, revokedAt }) => {
          const advice = revokedAt === null ? `${revokeAdvice[place]}.` : 'Said to be revoked.'
          return `${keyPlaces[place].name} ${safeText(where)}: ${advice}`
        }),
        ...old.versions.map((each) => {
          const decided = each.isGivenUp ? 'given up' : 'still opens with a leaked key'
          return `${oldVersionWords(each, context.locale)}: ${decided}`
        }),
        ...old.unasked.map(({ store, failure }) => `${safeText(store)}: ${failureText(failure).title}`),
        ...(saved === null ? [] : [safeText(saved.location)]),
      ],
    }
  },
}

export const compromiseCommands: readonly Command[] = [
  keysRevoke,
  incidentsList,
  incidentsShow,
  incidentsSettle,
]
