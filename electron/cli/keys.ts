import type { KeyRow } from '../../shared/domain/key.ts'
import { fail, failureOf } from '../../shared/failure.ts'
import { formatBytes, formatCounted, formatDate } from '../../shared/format.ts'
import { safeText } from '../../shared/safe-text.ts'
import { keyWords } from './artifact-lines.ts'
import { ask, tell } from './calls.ts'
import { checkNewFile, checkSourceFile } from './check-path.ts'
import type { Command, Context } from './command.ts'
import { findKey, listKeys } from './find.ts'
import { impactLines, keyLines } from './key-lines.ts'
import { nameFor, table } from './table.ts'
import { waitForJob } from './wait-for-jobs.ts'

const keyTable = (keys: readonly KeyRow[], locale: string | undefined, isTerminal: boolean): string[] =>
  table(
    [
      { title: 'Key' },
      { title: 'Alias' },
      { title: 'State' },
      { title: 'Made' },
      { title: 'Protects', align: 'right' },
      { title: 'Ciphertext', align: 'right' },
    ],
    keys.map((key) => [
      key.keyId,
      nameFor(key.alias, isTerminal),
      keyWords({ keyState: key.state, copiesElsewhere: key.copiesElsewhere }, key.destroyAt, locale),
      formatDate(key.createdAt, locale),
      formatCounted(key.protects, 'version', locale),
      formatBytes(key.protectsBytes, locale),
    ]),
  )

const keysList: Command = {
  words: 'keys list',
  operands: '[QUERY]',
  operandCount: { min: 0, max: 1 },
  summary: 'list the keys, their states and what each protects',
  options: {},
  run: async (input, context) => {
    const [query = ''] = input.operands
    const keys = await listKeys(context, query)
    const lines = keyTable(keys, context.locale, context.outputIsTerminal)
    const nothing = query === '' ? 'There are no keys yet.' : `No key matches “${safeText(query)}”.`
    return { value: { keys }, lines: lines.length > 0 ? lines : [nothing] }
  },
}

const keysShow: Command = {
  words: 'keys show',
  operands: 'KEY',
  operandCount: { min: 1, max: 1 },
  summary: 'show a key, its history, its copies, and what dies with it',
  details: [
    'KEY is an id or its first letters (8 or more), an alias, or the name of an artifact with one key.',
  ],
  options: {},
  run: async (input, context) => {
    const keyId = await findKey(context, input.operands[0] ?? '')
    const details = await ask(context, 'keys:show', { keyId })
    return { value: details, lines: keyLines(details, context.locale) }
  },
}

const keysExport: Command = {
  words: 'keys export',
  operands: 'KEY',
  operandCount: { min: 1, max: 1 },
  summary: 'write an identity to a file that only you can read; recorded with the key and in the audit log',
  details: ['Whoever has the file opens what the key protects. Destroying the key does not reach it.'],
  examples: ['keys export model.safetensors --to key.txt'],
  options: { to: { value: 'FILE', help: 'a file that does not exist yet' } },
  needs: ['to'],
  run: async (input, context) => {
    const to = input.text('to') ?? ''
    if (to === '-')
      fail({ code: 'usage/invalid', detail: 'an identity is written to a file only, give --to FILE' })
    const target = { path: context.path(to) }
    await checkNewFile(target.path)
    const keyId = await findKey(context, input.operands[0] ?? '', { ignore: ['destroyed'] })
    const { location } = await tell(context, 'keys:export', { keyId, target, understood: true })
    context.note('Whoever has this file opens what the key protects. Keep it apart from the ciphertext.')
    return { value: { keyId, location }, lines: [safeText(location)] }
  },
}

const keysImport: Command = {
  words: 'keys import',
  operands: 'FILE',
  operandCount: { min: 1, max: 1 },
  summary: 'take the identities in a file into the keychain',
  options: {
    'reverse-destroyed': { value: 'NAME', help: 'take a destroyed key back, by the name of its artifact' },
    'passphrase-fd': { value: 'N', help: 'read the passphrase of the file from this file descriptor' },
  },
  run: async (input, context) => {
    const source = { path: context.path(input.operands[0] ?? '') }
    await checkSourceFile(source.path)
    const reverseDestroyed = input.text('reverse-destroyed') ?? null
    const descriptor = input.text('passphrase-fd')
    const attempt = (passphrase: string | null) =>
      tell(context, 'keys:import', { source, passphrase, reverseDestroyed })
    const readPassphrase = () => context.readSecret('Passphrase', descriptor)
    const { imported, alreadyKnown } = await attempt(
      descriptor === undefined ? null : await readPassphrase(),
    ).catch(async (error: unknown) => {
      if (failureOf(error)?.code !== 'age/passphrase-needed' || descriptor !== undefined) throw error
      return attempt(await readPassphrase())
    })
    const known = alreadyKnown > 0 ? [`${formatCounted(alreadyKnown, 'identity')} known already`] : []
    return {
      value: { keys: imported, alreadyKnown },
      lines: [...keyTable(imported, context.locale, context.outputIsTerminal), ...known],
    }
  },
}

/** What dies, before it does. @throws key/destroyed for a key that is gone already */
async function sayImpact(context: Context, keyId: Awaited<ReturnType<typeof findKey>>) {
  const { impact, key } = await ask(context, 'keys:show', { keyId })
  if (key.state === 'destroyed') fail({ code: 'key/destroyed', keyId })
  if (context.json) return
  for (const line of impactLines(impact, context.locale)) context.note(line)
}

const keysDestroy: Command = {
  words: 'keys destroy',
  operands: 'KEY',
  operandCount: { min: 1, max: 1 },
  summary: 'destroy a key for good and read back that it is gone; what only it opens is lost',
  details: ['NAME is the name of the artifact. weightlock keys show KEY says what dies with it.'],
  examples: ['keys destroy "model.safetensors · key 1" --confirm-name model.safetensors'],
  options: { 'confirm-name': { value: 'NAME', help: 'the artifact’s name, typed in full' } },
  needs: ['confirm-name'],
  run: async (input, context) => {
    const keyId = await findKey(context, input.operands[0] ?? '')
    await sayImpact(context, keyId)
    const { jobId } = await tell(context, 'keys:destroy', {
      keyId,
      confirmName: input.text('confirm-name') ?? '',
    })
    const job = await waitForJob(context, jobId)
    const { key } = await tell(context, 'keys:show', { keyId })
    const state = keyWords({ keyState: key.state, copiesElsewhere: key.copiesElsewhere })
    return {
      value: { key, outcome: job.outcome, report: job.report },
      lines: [`${safeText(key.alias)}: ${state}`, ...job.report.map(safeText)],
    }
  },
}

export const keyCommands: readonly Command[] = [keysList, keysShow, keysExport, keysImport, keysDestroy]
