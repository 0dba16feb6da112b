/** From what was typed to a command with its operands and options, or to what is wrong with it. */
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { fail } from '../../shared/failure.ts'
import type { Command, Input, OptionHelp } from './command.ts'

export const everyCommandsOptions: Readonly<Record<string, OptionHelp>> = {
  data: { value: 'DIR', help: 'use another data folder; its default store is DIR/store' },
  json: { help: 'print one result object on standard output: times in ISO 8601 (UTC), sizes in bytes' },
  help: { help: 'show this help' },
}

export type Parsed =
  | { kind: 'help'; command: Command | null; group: string | null }
  | { kind: 'version' }
  | { kind: 'command'; command: Command; input: Input; json: boolean; data: string | undefined }

const wrong = (detail: string): never => fail({ code: 'usage/invalid', detail })

/** How many letters differ, moved along both words (Levenshtein). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (let line = 1; line <= one.length; line++) {
    const next = [line]
    for (let column = 1; column <= other.length; column++)
      next[column] = Math.min(
        (row[column] ?? 0) + 1,
        (next[column - 1] ?? 0) + 1,
        (row[column - 1] ?? 0) + Number(one[line - 1] !== other[column - 1]),
      )
    row = next
  }
  return row[other.length] ?? 0
}

/** `, did you mean X?` where one of the known words is near. */
function suggestion(word: string, known: readonly string[], prefix = ''): string {
  const near = known.filter((each) => distance(word, each) <= Math.ceil(each.length / 3))
  const best = near.toSorted((one, other) => distance(word, one) - distance(word, other))[0]
  return best === undefined ? '' : `, did you mean ${prefix}${best}?`
}

/** Options that stand before the command belong to it. */
function splitLeadingOptions(argv: readonly string[]): { leading: string[]; rest: string[] } {
  let at = 0
  while (at < argv.length && argv[at]?.startsWith('-') && argv[at] !== '--')
    at += argv[at] === '--data' ? 2 : 1
  return { leading: argv.slice(0, at), rest: argv.slice(at) }
}

const parseArgsOptions = (options: Readonly<Record<string, OptionHelp>>): ParseArgsConfig['options'] => ({
  ...Object.fromEntries(
    Object.entries(options).map(([name, { value }]) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const) },
    ]),
  ),
  help: { type: 'boolean', short: 'h' },
})

/** What was perhaps meant; where help cannot list the options, all that there are. */
const insteadOf = (unknown: string, known: readonly string[], namesAll: boolean): string =>
  suggestion(unknown.replace(/^-+/, ''), known, '--') ||
  (namesAll ? `; there are ${known.map((each) => `--${each}`).join(', ')}` : '')

/** Cuts arguments by these options, strictly.
 * @param settings.namesAll an unknown one that is like no other is answered with the list of them
 * @throws usage/invalid, naming what is wrong and what was perhaps meant */
export function parseOptions(
  args: readonly string[],
  options: Readonly<Record<string, OptionHelp>>,
  { namesAll = false }: { namesAll?: boolean } = {},
): { values: Record<string, unknown>; operands: string[] } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: parseArgsOptions(options),
      allowPositionals: true,
      strict: true,
    })
    const typed: Record<string, unknown> = { ...values }
    for (const [name, { choices }] of Object.entries(options)) {
      const chosen = typed[name]
      if (choices && typeof chosen === 'string' && !choices.includes(chosen))
        wrong(`--${name} is one of ${choices.join(', ')}, not ${JSON.stringify(chosen)}`)
    }
    return { values: typed, operands: positionals }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null
    if (typeof code !== 'string' || !code.startsWith('ERR_PARSE_ARGS') || !(error instanceof Error))
      throw error
    const unknown = /Unknown option '(-{1,2}[^'= ]*)/.exec(error.message)?.[1]
    if (unknown !== undefined)
      return wrong(`unknown option ${unknown}${insteadOf(unknown, Object.keys(options), namesAll)}`)
    const missing = /^Option '[^']*?(--[a-z-]+)/.exec(error.message)?.[1]
    return wrong(
      missing === undefined
        ? (error.message.split('. ')[0] ?? 'wrong options')
        : options[missing.slice(2)]?.value === undefined
          ? `${missing} takes no value`
          : `${missing} needs a value`,
    )
  }
}

function findCommand(words: readonly string[], commands: readonly Command[]): Command | null {
  const two = words.slice(0, 2).join(' ')
  return (
    commands.find((each) => each.words === two) ?? commands.find((each) => each.words === words[0]) ?? null
  )
}

function missingCommand(words: readonly string[], commands: readonly Command[]): never {
  const [first = '', second = ''] = words
  const inGroup = commands.filter((each) => each.words.startsWith(`${first} `)).map(({ words: all }) => all)
  if (inGroup.length > 0)
    return wrong(
      second === ''
        ? `say which: ${inGroup.join(', ')}`
        : `there is no ${first} ${second}${suggestion(`${first} ${second}`, inGroup)}`,
    )
  const all = [...new Set(commands.flatMap(({ words: each }) => [each, each.split(' ')[0] ?? each]))]
  return wrong(`there is no command ${JSON.stringify(first)}${suggestion(first, all)}`)
}

function inputOf(
  command: Command,
  args: readonly string[],
): { input: Input; values: Record<string, unknown> } {
  const options = { ...command.options, ...everyCommandsOptions }
  const { values, operands } = command.furtherOptions
    ? splitFurtherOptions(args, options)
    : parseOptions(args, options)
  const text = (option: string) => {
    const value = values[option]
    return typeof value === 'string' ? value : undefined
  }
  return { values, input: { operands, text, isSet: (option) => values[option] === true, raw: args } }
}

/** Takes out the options that are known now; operands and further options are for the command to check. */
function splitFurtherOptions(args: readonly string[], options: Readonly<Record<string, OptionHelp>>) {
  const { values } = parseArgs({
    args: [...args],
    options: parseArgsOptions(options),
    allowPositionals: true,
    strict: false,
  })
  return { values: { ...values }, operands: [] }
}

function beforeOptions(words: readonly string[]): readonly string[] {
  const end = words.findIndex((word) => word.startsWith('-') && word !== '--')
  return end === -1 ? words : words.slice(0, end)
}

/** `keys help` asks as `help keys` does. */
function helpOfGroup(words: readonly string[], commands: readonly Command[]): readonly string[] {
  const [group = '', second, ...others] = words
  const isGroup = second === 'help' && commands.some((each) => each.words.startsWith(`${group} `))
  return isGroup ? [group, ...others, '--help'] : words
}

/**
 * @param argv without the program's own name
 * @throws usage/invalid
 */
export function parseCommandLine(argv: readonly string[], commands: readonly Command[]): Parsed {
  const { leading, rest: typed } = splitLeadingOptions(argv)
  const asksHelp = typed[0] === 'help'
  const rest = asksHelp ? [...typed.slice(1), '--help'] : helpOfGroup(typed, commands)
  const words = beforeOptions(rest).slice(0, 2)
  if (words.length === 0) {
    if (leading.includes('--version')) return { kind: 'version' }
    const { values } = parseOptions(leading, everyCommandsOptions)
    if (values['json'] === true && values['help'] !== true && !asksHelp)
      return wrong('--json needs a command')
    return { kind: 'help', command: null, group: null }
  }
  const command = findCommand(words, commands)
  if (!command) {
    const isHelp = rest.includes('--help') || rest.includes('-h') || leading.includes('--help')
    const group = words[0] ?? ''
    if (isHelp && commands.some((each) => each.words.startsWith(`${group} `)))
      return { kind: 'help', command: null, group }
    return missingCommand(words, commands)
  }
  const args = [...leading, ...rest.slice(command.words.split(' ').length)]
  const { input, values } = inputOf(command, args)
  if (values['help'] === true) return { kind: 'help', command, group: null }
  if (!command.furtherOptions) checkOperands(command, input)
  const data = input.text('data')
  return { kind: 'command', command, input, json: values['json'] === true, data }
}

/** An operand too many that stands behind a switch was meant as its value: `--path-style true`.
 * @throws usage/invalid */
function checkSwitches(
  options: Readonly<Record<string, OptionHelp>>,
  operands: readonly string[],
  typed: readonly string[],
): void {
  for (const [at, word] of typed.entries()) {
    const name = word.startsWith('--') ? word.slice(2) : ''
    const next = typed[at + 1]
    const isSwitch = Object.hasOwn(options, name) && options[name]?.value === undefined
    if (
      isSwitch &&
      next !== undefined &&
      operands.includes(next) &&
      /^(on|off|true|false|yes|no|[01])$/i.test(next)
    )
      wrong(`--${name} takes no value: leave out ${JSON.stringify(next)}. It is on where it is given`)
  }
}

/** @throws usage/invalid for too few or too many operands, or an option that must be there */
export function checkOperands(command: Command, { operands, text, raw }: Input): void {
  const { min, max } = command.operandCount
  const extra = operands[max]
  if (operands.length < min) wrong(`${command.words} needs ${command.operands}`)
  if (extra !== undefined) checkSwitches({ ...command.options, ...everyCommandsOptions }, operands, raw)
  if (extra !== undefined) wrong(`${command.words} does not take ${JSON.stringify(extra)}`)
  for (const option of command.needs ?? [])
    if (text(option) === undefined)
      wrong(`${command.words} needs --${option} ${command.options[option]?.value ?? ''}`.trimEnd())
}
