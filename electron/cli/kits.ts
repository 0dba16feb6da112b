/** Recovery kits: made, tried, restored, listed. */
import type { KeyId } from '../../shared/ids.ts'
import type { KitRow } from '../../shared/domain/kit.ts'
import { fail } from '../../shared/failure.ts'
import { formatCounted, formatDate } from '../../shared/format.ts'
import { passphraseStrength } from '../../shared/passphrase-strength.ts'
import { strengthWords, weaknessOf } from '../../shared/passphrase-words.ts'
import { safeText } from '../../shared/safe-text.ts'
import { ask, tell } from './calls.ts'
import { checkNewFile, checkSourceFile } from './check-path.ts'
import type { Command, Context, Input } from './command.ts'
import { findKey } from './find.ts'
import { nameFor, table } from './table.ts'
import { waitForJob } from './wait-for-jobs.ts'

const passphraseOption = {
  'passphrase-fd': { value: 'N', help: 'read the passphrase from this file descriptor' },
}

const drillWords = (kit: KitRow, locale: string | undefined): string => {
  if (kit.failedDrill !== null) return `failed ${formatDate(kit.failedDrill.at, locale)}`
  return kit.drilledAt === null ? 'never: does not count yet' : `passed ${formatDate(kit.drilledAt, locale)}`
}

const kitTable = (kits: readonly KitRow[], locale: string | undefined, isTerminal: boolean): string[] =>
  table(
    [
      { title: 'Kit' },
      { title: 'Made' },
      { title: 'Holds', align: 'right' },
      { title: 'Lacks', align: 'right' },
      { title: 'Drill' },
    ],
    kits.map((kit) => [
      nameFor(kit.where, isTerminal),
      formatDate(kit.madeAt, locale),
      formatCounted(kit.holds, 'key', locale),
      formatCounted(kit.lacks, 'key', locale),
      drillWords(kit, locale),
    ]),
  )

const kitList: Command = {
  words: 'kit list',
  operands: '',
  operandCount: { min: 0, max: 0 },
  summary: 'list recovery kits: when each was made and tried, and how many keys it does not hold',
  options: {},
  run: async (_, context) => {
    const { kits, coverage } = await ask(context, 'kits:list', {})
    const rows = kitTable(kits, context.locale, context.outputIsTerminal)
    const none = 'There is no recovery kit. weightlock kit create FILE makes one.'
    const covered = `${coverage.inKits} of ${formatCounted(coverage.keys, 'key', context.locale)} in a kit whose drill passed.`
    return { value: { kits, coverage }, lines: rows.length > 0 ? [...rows, covered] : [none] }
  },
}

/** Typed twice where somebody types: a slip would make a kit that nobody opens.
 * @throws kit/passphrase-weak before it is asked for again */
async function newPassphrase(input: Input, context: Context): Promise<string> {
  const descriptor = input.text('passphrase-fd')
  const passphrase = await context.readSecret('Passphrase', descriptor)
  const weakness = weaknessOf(passphrase)
  if (weakness !== null) fail(weakness)
  if (descriptor !== undefined || !context.inputIsTerminal) return passphrase
  if (!context.json) context.note(strengthWords(passphraseStrength(passphrase), context.locale))
  if ((await context.readSecret('The same again', undefined)) === passphrase) return passphrase
  return fail({ code: 'usage/invalid', detail: 'the two passphrases differ' })
}

async function keysNamed(input: Input, context: Context): Promise<KeyId[] | null> {
  const [, ...queries] = input.operands
  if (queries.length === 0) return null
  const found: KeyId[] = []
  for (const query of queries) found.push(await findKey(context, query, { ignore: ['destroyed'] }))
  return found
}

const kitCreate: Command = {
  words: 'kit create',
  operands: 'FILE [KEY…]',
  operandCount: { min: 1, max: Number.POSITIVE_INFINITY },
  summary: 'write identities to one age file under a passphrase, to survive the loss of this machine',
  details: [
    'Without KEY, every key that is not destroyed. age -d FILE > ids.txt opens it, age -d -i ids.txt MODEL.age then',
    'opens what is stored. It counts once weightlock kit drill FILE has passed. Keep it apart from the passphrase.',
  ],
  examples: [
    'kit create kit.age --generate',
    'kit create kit.age model.safetensors --passphrase-fd 3 3< passphrase.txt',
  ],
  options: {
    ...passphraseOption,
    generate: { help: 'make a passphrase of ten random words (100 bits) and show it once, on this terminal' },
  },
  run: async (input, context) => {
    const isGenerated = input.isSet('generate')
    if (
      isGenerated &&
      (context.json || !context.outputIsTerminal || input.text('passphrase-fd') !== undefined)
    )
      fail({
        code: 'usage/invalid',
        detail:
          'a generated passphrase is shown on a terminal only; elsewhere give one with --passphrase-fd N',
      })
    const target = { path: context.path(input.operands[0] ?? '') }
    await checkNewFile(target.path)
    const keyIds = await keysNamed(input, context)
    const passphrase = isGenerated
      ? ({ generate: true } as const)
      : { typed: await newPassphrase(input, context) }
    const { jobId, kitId, generated } = await tell(context, 'kits:create', { keyIds, passphrase, target })
    const { outcome, report } = await waitForJob(context, jobId, 'cancel')
    if (generated !== null) {
      context.note(
        'The passphrase, shown this once. Write it down, hyphens too, and keep it apart from the kit:',
      )
      context.note(`    ${generated}`)
    }
    const { kits } = await ask(context, 'kits:list', {})
    const kit = kits.find((each) => each.kitId === kitId) ?? null
    const newAge =
      kit?.needsNewAge === true ? ['It holds post-quantum keys: only age 1.3 or later reads it.'] : []
    return {
      value: { kit, report },
      lines: [`${safeText(target.path)}: ${outcome ?? ''}`, ...report.map(safeText), ...newAge],
    }
  },
}

const kitDrill: Command = {
  words: 'kit drill',
  operands: 'FILE',
  operandCount: { min: 1, max: 1 },
  summary: 'open a kit and, with a key of it, a piece of something stored; only then does it count',
  examples: ['kit drill kit.age --passphrase-fd 3 3< passphrase.txt'],
  options: passphraseOption,
  run: async (input, context) => {
    const source = { path: context.path(input.operands[0] ?? '') }
    await checkSourceFile(source.path)
    const passphrase = await context.readSecret('Passphrase', input.text('passphrase-fd'))
    const drill = await tell(context, 'kits:drill', { source, passphrase })
    const { kit, opened } = drill
    const { locale } = context
    return {
      value: drill,
      lines: [
        `Opened ${safeText(opened.name)}, version ${opened.version}, in ${safeText(opened.store)} with a key of the kit.`,
        `It holds ${formatCounted(kit.holds, 'key', locale)} of this installation, and lacks ${kit.lacks}.`,
      ],
    }
  },
}

const kitRestore: Command = {
  words: 'kit restore',
  operands: 'FILE',
  operandCount: { min: 1, max: 1 },
  summary: 'bring the keys of a kit into this keychain, here or on a new machine',
  details: [
    'On a new machine: add the stores, then weightlock rebuild finds what the keys open, and weightlock adopt --all',
    'makes this installation its owner. A destroyed key is refused unless its artifact is named.',
  ],
  examples: ['kit restore kit.age', 'kit restore kit.age --reverse-destroyed model.safetensors'],
  options: {
    ...passphraseOption,
    'reverse-destroyed': { value: 'NAME', help: 'take a destroyed key back, by the name of its artifact' },
  },
  run: async (input, context) => {
    const source = { path: context.path(input.operands[0] ?? '') }
    await checkSourceFile(source.path)
    const named = input.text('reverse-destroyed')
    const reverseDestroyed = named === undefined ? [] : [named]
    const passphrase = await context.readSecret('Passphrase', input.text('passphrase-fd'))
    const { jobId } = await tell(context, 'kits:restore', { source, passphrase, reverseDestroyed })
    const { outcome, report } = await waitForJob(context, jobId, 'cancel')
    if (!context.json) {
      context.note(
        'On a new machine: add its stores, then weightlock rebuild and weightlock adopt --all go on.',
      )
      context.note(
        'Keys new here are suspended: they open. weightlock adopt, or weightlock keys resume KEY, puts them in use.',
      )
    }
    return { value: { outcome, report }, lines: [outcome ?? '', ...report.map(safeText)] }
  },
}

export const kitCommands: readonly Command[] = [kitCreate, kitDrill, kitRestore, kitList]
