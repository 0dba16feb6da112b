/** What a command is, and what it is given. Commands are clients of the contract, like the window. */
import type { Failure } from '../../shared/failure.ts'
import type { Response } from '../../shared/contract/contract.ts'
import type { Output, TerminalBridge } from '../../shared/contract/terminal.ts'
import type { JobProgress } from './job-progress.ts'

export type OptionHelp = {
  /** The word that stands for its value in the help; none for a switch. */
  value?: string
  help: string
  choices?: readonly string[]
}

export type StoreKind = Response<'stores:kinds'>['kinds'][number]

/** Options of one kind, as the help shows them. */
export type OptionSection = { title: string; options: Readonly<Record<string, OptionHelp>> }

/** What was typed, cut into operands and options. */
export type Input = {
  operands: readonly string[]
  text: (option: string) => string | undefined
  isSet: (option: string) => boolean
  /** Everything but the command's words, for commands whose options the owner names; `operands` is empty there. */
  raw: readonly string[]
}

/** What a command comes to. A batch that failed in part has both a value and a failure. */
export type Outcome = {
  /** For `--json`. */
  value: unknown
  /** For people, on standard output; every name in it has been made safe. */
  lines: readonly string[]
  failure?: Failure
  /** Each failure of a batch, with what it happened to. */
  failures?: readonly { path: string; failure: Failure }[]
  /** Where the value itself is bad news, as with a diagnosis. */
  exitCode?: number
}

export type Context = {
  bridge: TerminalBridge
  json: boolean
  /** As for `Intl`; undefined is the system's. */
  locale: string | undefined
  /** A relative path as the user meant it. */
  path: (given: string) => string
  /** A line on standard error, shown at once. */
  note: (line: string) => void
  /** A passphrase from a file descriptor (what `--passphrase-fd` says), standard input or a prompt without echo.
   * @throws usage/invalid where there is none, job/stopped on Ctrl-C */
  readSecret: (prompt: string, descriptor: string | undefined) => Promise<string>
  /** A yes or no from the keyboard; null where nobody sits there. */
  confirm: (question: string) => Promise<boolean | null>
  /** Plaintext to standard output. */
  output: Output
  outputIsTerminal: boolean
  /** Somebody sits at the keyboard. */
  inputIsTerminal: boolean
  progress: JobProgress
  /** Told where a job stands still by itself and can go on: the command ends as one that was stopped. */
  standsStill: () => void
  /** Ctrl-C. */
  interrupted: AbortSignal
}

export type Command = {
  /** `keys list`. */
  words: string
  /** Its operands in the help, `PATH…`. */
  operands: string
  operandCount: { min: number; max: number }
  summary: string
  /** More lines for its own help. */
  details?: readonly string[]
  /** What can be typed, without the program's own name. */
  examples?: readonly string[]
  options: Readonly<Record<string, OptionHelp>>
  /** Options that must be there. */
  needs?: readonly string[]
  /** Options that depend on the kind of store; they are checked once the owner has said which there are. */
  furtherOptions?: (kinds: readonly StoreKind[]) => readonly OptionSection[]
  /** Works on a data folder whose catalog is damaged. */
  mendsCatalog?: true
  run: (input: Input, context: Context) => Promise<Outcome>
}
