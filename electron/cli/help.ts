/** Help texts, drawn from the commands themselves. */
import { everyCommandsOptions } from './arguments.ts'
import type { Command, OptionHelp } from './command.ts'

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

const columns = (pairs: readonly (readonly [string, string])[]): string[] => {
  const width = Math.max(...pairs.map(([left]) => left.length))
  return pairs.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)
}

const optionLines = (options: Readonly<Record<string, OptionHelp>>): string[] =>
  columns(Object.entries(options).map(([name, option]) => [optionWord(name, option), option.help]))

export function commandHelp(command: Command): string[] {
  const own = Object.keys(command.options).length > 0 ? ['', ...optionLines(command.options)] : []
  const details = command.details ? ['', ...command.details] : []
  return [
    `usage: ${usageLine(command)}`,
    '',
    command.summary,
    ...details,
    ...own,
    '',
    ...optionLines(everyCommandsOptions),
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
    ...(group === null ? exitCodeLines : []),
  ]
}
