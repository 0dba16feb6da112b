import { auditEventTitle } from '../../shared/audit-events.ts'
import { AuditCategory, type AuditEntry } from '../../shared/domain/audit.ts'
import { fail } from '../../shared/failure.ts'
import { formatCounted, formatDateTime } from '../../shared/format.ts'
import { ask, everyRow } from './calls.ts'
import type { Command, Input } from './command.ts'
import { table } from './table.ts'

const entryTable = (entries: readonly AuditEntry[], locale: string | undefined): string[] =>
  table(
    [
      { title: 'Entry', align: 'right' },
      { title: 'When' },
      { title: 'Event' },
      { title: 'On' },
      { title: 'Who' },
    ],
    entries.map(({ sequence, at, event, on, who, via }) => [
      String(sequence),
      formatDateTime(at, locale),
      auditEventTitle(event),
      on,
      `${who}, ${via}`,
    ]),
  )

/** @throws usage/invalid for what is no date */
function sinceOf(input: Input): number | null {
  const typed = input.text('since')
  if (typed === undefined) return null
  const at = /^\d{4}-\d{2}-\d{2}(T|$)/.test(typed) ? Date.parse(typed) : Number.NaN
  if (at >= 0) return at
  return fail({
    code: 'usage/invalid',
    detail: `--since is a date such as 2026-11-22, not ${JSON.stringify(typed)}`,
  })
}

export const auditList: Command = {
  words: 'audit list',
  operands: '[QUERY]',
  operandCount: { min: 0, max: 1 },
  summary: 'list what was done to which key and artifact, newest first, or what a search finds',
  options: {
    category: { value: 'CATEGORY', choices: AuditCategory.options, help: 'only events of this kind' },
    since: { value: 'DATE', help: 'only what happened since; ISO 8601, a date alone is UTC' },
  },
  run: async (input, context) => {
    const category = AuditCategory.options.find((each) => each === input.text('category')) ?? 'all'
    const since = sinceOf(input)
    const entries = await everyRow(
      (page) => ask(context, 'audit:list', { query: input.operands[0] ?? '', category, since, ...page }),
      ({ sequence }) => String(sequence),
    )
    const rows = entryTable(entries, context.locale)
    return {
      value: { entries },
      lines:
        rows.length > 0
          ? [...rows, '', formatCounted(entries.length, 'entry', context.locale)]
          : ['Nothing is found.'],
    }
  },
}
