import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Failure, fail } from '../../shared/failure.ts'
import { formatCounted } from '../../shared/format.ts'
import { safeText } from '../../shared/safe-text.ts'
import { auditList } from './audit-list.ts'
import { ask, tell } from './calls.ts'
import { checkNewFile } from './check-path.ts'
import type { Command, Context, Outcome } from './command.ts'

const auditVerify: Command = {
  words: 'audit verify',
  operands: '',
  operandCount: { min: 0, max: 0 },
  summary: 'check that the chain of the audit log is whole',
  options: {},
  run: async (_, context) => {
    const verdict = await ask(context, 'audit:verify', {})
    const entries = formatCounted(verdict.entries, 'entry', context.locale)
    const tail = verdict.tailVouched ? [] : ['The keychain could not vouch for the last entries.']
    if (verdict.intact)
      return { value: verdict, lines: [`Chain intact · ${entries}`, ...tail, ...reasonOf(verdict.reason)] }
    const failure: Failure = {
      code: 'audit/broken',
      sequence: verdict.brokenAt ?? verdict.entries,
      reason: verdict.reason ?? 'the chain does not verify',
    }
    return { value: verdict, lines: [`Chain broken · ${entries}`], failure }
  },
}

const reasonOf = (reason: string | null): string[] => (reason === null ? [] : [safeText(reason)])

/** The owner writes files only: by way of one in a private folder it also reaches standard output. */
async function exportToOutput(context: Context): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'weightlock-audit-'))
  try {
    const path = join(folder, 'audit.jsonl')
    await tell(context, 'audit:export', { target: { path } })
    for await (const chunk of createReadStream(path)) await context.output(chunk as Uint8Array)
    return { value: {}, lines: [] }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const auditExport: Command = {
  words: 'audit export',
  operands: '[FILE]',
  operandCount: { min: 0, max: 1 },
  summary: 'write the audit log as JSON lines, its signed head last; to standard output without a file',
  options: { to: { value: 'FILE|-', help: 'the file, which must not exist yet' } },
  run: async (input, context) => {
    const to = input.text('to') ?? input.operands[0] ?? '-'
    if (to !== '-') {
      await checkNewFile(context.path(to))
      const written = await tell(context, 'audit:export', { target: { path: context.path(to) } })
      const entries = formatCounted(written.entries, 'entry', context.locale)
      return { value: written, lines: [`${safeText(written.location)} · ${entries}`] }
    }
    if (context.json)
      return fail({
        code: 'usage/invalid',
        detail: '--json and the log cannot share standard output, give a file',
      })
    return exportToOutput(context)
  },
}

export const auditCommands: readonly Command[] = [auditList, auditVerify, auditExport]
