/** One run of the command line, from what was typed to the exit code. Knows no owner: it is given a way to reach one. */
import { basename, resolve } from 'node:path'
import type { Writable } from 'node:stream'
import { type Output, type TerminalConnection, terminalBridge } from '../../shared/contract/terminal.ts'
import { WeightlockError, failureOf } from '../../shared/failure.ts'
import { type Parsed, parseCommandLine } from './arguments.ts'
import type { Command, Context, Outcome, StoreKind } from './command.ts'
import { commands } from './commands.ts'
import { isReaderGone } from './decrypt.ts'
import { exitCodes } from './exit-codes.ts'
import { commandHelp, programHelp, usageLine } from './help.ts'
import { jsonText } from './json-text.ts'
import { createJobProgress } from './job-progress.ts'
import { type SecretSources, confirm, readSecret } from './read-secret.ts'
import { exitCodeFor, failedOutcome, resultObject, troubleLines } from './report.ts'

type TerminalFacts = { isTTY?: boolean; columns?: number }

export type Reached = {
  connection: TerminalConnection
  /** The command is done: lets the owner go, or, being the owner, serves on until its clients end. */
  finish: () => Promise<void>
}

export type Wanted = {
  /** Absolute; undefined is the user's own. */
  data: string | undefined
  /** `weightlock list`, named to whoever waits. */
  what: string
  /** A damaged catalog is put aside instead of refused. */
  mendsCatalog: boolean
}

export type CommandLine = {
  argv: readonly string[]
  /** Where relative paths begin. */
  cwd: string
  version: string
  /** As this program knows them; for the help, which opens no data folder. */
  storeKinds: readonly StoreKind[]
  locale: string | undefined
  input: SecretSources['input']
  out: Writable & TerminalFacts
  error: Writable & TerminalFacts
  /** Ctrl-C. */
  interrupted: AbortSignal
  /** Becomes the owner of the data folder, or finds the one that is.
   * @throws owner/locked and what opening the data folder fails with */
  reach: (wanted: Wanted) => Promise<Reached>
}

/** Where the terminal does not say, or says none. */
const usualColumns = 80

/** Settles when the bytes have left; rejects when nobody reads them any more. */
const writer =
  (stream: Writable): Output =>
  (bytes) =>
    new Promise((done, reject) => {
      stream.write(bytes, (error) => (error ? reject(error) : done()))
    })

/** Text that nobody reads any more is no failure of ours: `weightlock list | head`. */
async function print(stream: Writable, lines: readonly string[]): Promise<void> {
  if (lines.length > 0) await writer(stream)(Buffer.from(`${lines.join('\n')}\n`)).catch(() => undefined)
}

/** Where a bug of ours was: enough to find it, nothing of what it worked on. */
function bugReference(error: unknown): string {
  const at = error instanceof Error ? /[^/\\\s(]+:\d+(?=:\d+\)?$)/m.exec(error.stack ?? '')?.[0] : undefined
  return `command-line${at === undefined ? '' : ` ${basename(at)}`}`
}

const outcomeOf = (error: unknown): Outcome =>
  failedOutcome(failureOf(error) ?? { code: 'internal/bug', reference: bugReference(error) })

function contextOf(
  line: CommandLine,
  connection: TerminalConnection,
  json: boolean,
  standsStill: () => void,
): Context {
  const note = (text: string) => {
    line.error.write(`${text}\n`)
  }
  const sources: SecretSources = {
    input: line.input,
    prompt: (text) => line.error.write(text),
    interrupted: line.interrupted,
  }
  return {
    bridge: terminalBridge(connection),
    json,
    locale: line.locale,
    path: (given) => resolve(line.cwd, given),
    note,
    readSecret: (prompt, descriptor) => readSecret(sources, prompt, descriptor),
    confirm: (question) => confirm(sources, question),
    output: (bytes) =>
      writer(line.out)(bytes).catch(() => {
        throw new WeightlockError({ code: 'file/io', path: '-', errno: 'EPIPE' })
      }),
    outputIsTerminal: line.out.isTTY === true,
    inputIsTerminal: line.input.isTTY === true,
    progress: createJobProgress({
      isTerminal: line.error.isTTY === true && !json,
      columns: () => line.error.columns || usualColumns,
      write: (text) => line.error.write(text),
      now: () => performance.now(),
      locale: line.locale,
    }),
    standsStill,
    interrupted: line.interrupted,
  }
}

async function printOutcome(line: CommandLine, outcome: Outcome, json: boolean, command: Command | null) {
  if (json) return print(line.out, [jsonText(resultObject(outcome))])
  await print(line.out, outcome.lines)
  if (!isReaderGone(outcome.failure ?? null))
    await print(line.error, troubleLines(outcome, command && usageLine(command)))
}

/** Parses; what is wrong with the arguments is said before anything is opened. */
async function parsed(line: CommandLine): Promise<Parsed | number> {
  try {
    return parseCommandLine(line.argv, commands)
  } catch (error) {
    const end = line.argv.indexOf('--')
    const json = line.argv.slice(0, end === -1 ? undefined : end).includes('--json')
    const words = line.argv.filter((each) => !each.startsWith('-')).slice(0, 2)
    const command = commands.find((each) => each.words === words.join(' ') || each.words === words[0]) ?? null
    const outcome = outcomeOf(error)
    await printOutcome(line, outcome, json, command)
    return exitCodeFor(outcome)
  }
}

/** Runs one command. @returns the exit code; never rejects for anything that was expected */
export async function runCommandLine(line: CommandLine): Promise<number> {
  // A reader that went away is noticed where its bytes are written.
  for (const stream of [line.out, line.error]) stream.on('error', () => undefined)
  const parse = await parsed(line)
  if (typeof parse === 'number') return parse
  if (parse.kind === 'version') {
    await print(line.out, [`weightlock ${line.version}`])
    return exitCodes.ok
  }
  if (parse.kind === 'help') {
    const { command, group } = parse
    await print(line.out, command ? commandHelp(command, line.storeKinds) : programHelp(commands, group))
    return exitCodes.ok
  }
  const { command, input, json } = parse
  let reached: Reached | null = null
  let outcome: Outcome
  let isStanding = false
  const standsStill = () => void (isStanding = true)
  try {
    const data = parse.data === undefined ? undefined : resolve(line.cwd, parse.data)
    const { words, mendsCatalog = false } = command
    reached = await line.reach({ data, what: `weightlock ${words}`, mendsCatalog })
    outcome = await command.run(input, contextOf(line, reached.connection, json, standsStill))
  } catch (error) {
    outcome = outcomeOf(error)
  }
  await printOutcome(line, outcome, json, command)
  await reached?.finish()
  return outcome.failure && isStanding ? exitCodes.stopped : exitCodeFor(outcome)
}
