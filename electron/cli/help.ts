/** Help texts, drawn from the commands themselves. */
import { everyCommandsOptions } from './arguments.ts'
import type { Command, OptionHelp, StoreKind } from './command.ts'

const optionWord = (name: string, { value, choices }: OptionHelp): string =>
  value === undefined ? `--${name}` : `--${name} ${choices?.join('|') ?? value}`

/** `weightlock keys export KEY --to FILE`. */
export function usageLine(command: Command): string {
  const needs = new Set(command.needs)
  const options = Object.entries(command.options).map(([name, option]) =>
    needs.has(name) ? optionWord(name, option) : `[${optionWord(name, option)}]`,
  )
  return ['weightlock', command.words, command.operands, ...options].filter((part) => part !== '').join(' ')
}

/** An option's line is no longer, where its words allow; a command's is one line, for grep. */
const lineColumns = 110

function wrapped(text: string, columns: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line !== undefined && line.length + 1 + word.length <= columns) lines.push(`${lines.pop()} ${word}`)
    else lines.push(word)
  }
  return lines
}

const columns = (pairs: readonly (readonly [string, string])[]): string[] => {
  const width = Math.max(...pairs.map(([left]) => left.length))
  return pairs.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)
}

function optionLines(options: Readonly<Record<string, OptionHelp>>): string[] {
  const words = Object.entries(options).map(
    ([name, option]) => [optionWord(name, option), option.help] as const,
  )
  const width = lineColumns - 4 - Math.max(...words.map(([word]) => word.length))
  return columns(
    words.flatMap(([word, help]) =>
      wrapped(help, width).map((line, at) => [at === 0 ? word : '', line] as const),
    ),
  )
}

/** @param kinds of store: each has options of its own where a command makes or changes stores */
export function commandHelp(command: Command, kinds: readonly StoreKind[]): string[] {
  const own = Object.keys(command.options).length > 0 ? ['', ...optionLines(command.options)] : []
  const details = command.details ? ['', ...command.details] : []
  const sections = command.furtherOptions?.(kinds) ?? []
  const further = sections.flatMap(({ title, options }) => ['', `${title}:`, ...optionLines(options)])
  return [
    `usage: ${usageLine(command)}`,
    '',
    command.summary,
    ...details,
    ...own,
    ...further,
    '',
    ...optionLines(everyCommandsOptions),
    ...(command.examples ? ['', 'Examples:', ...command.examples.map((each) => `  weightlock ${each}`)] : []),
    '',
    ...exitCodeLines,
  ]
}

const exitCodeLines = [
  'Exit codes: 0 done, 1 failed, 2 wrong usage, 4 refused because it did not verify, 75 another process owns the',
  'data folder and does not answer, 130 stopped (weightlock jobs resume goes on).',
]

/** @param group `keys`: only its commands */
export function programHelp(commands: readonly Command[], group: string | null): string[] {
  const shown = commands.filter(({ words }) => group === null || words.startsWith(`${group} `))
  const lines = columns(shown.map((each) => [`${each.words} ${each.operands}`.trimEnd(), each.summary]))
  return [
    `usage: weightlock ${group ?? 'COMMAND'} …`,
    '',
    ...(group === null
      ? ['Encrypts model artifacts before they leave the machine, one key per artifact.', '']
      : []),
    ...lines,
    '',
    'Every command:',
    ...optionLines(everyCommandsOptions),
    '',
    ...exitCodeLines,
  ]
}
