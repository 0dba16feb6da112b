/** Runs the command line in this process against a fake owner, and keeps what it printed. */
import { Readable, Writable } from 'node:stream'
import { type FakeHandlers, type FakeOwner, fakeOwner } from './fake-owner.ts'
import { type CommandLine, runCommandLine } from '../run-command-line.ts'
import { jsonText } from '../json-text.ts'

type Options = {
  /** `/work-folder`, which is nowhere, unless a command looks at its paths. */
  cwd?: string
  input?: string
  isTerminal?: boolean
  interrupted?: AbortSignal
  reach?: CommandLine['reach']
  storeKinds?: CommandLine['storeKinds']
}

export type Ran = {
  code: number
  out: string
  error: string
  /** The result object of `--json`. */
  result: unknown
  owner: FakeOwner
  finished: number
}

/** A value of the contract as `--json` prints it. */
export const printed = (value: object): unknown => JSON.parse(jsonText(value))

const collector = (chunks: Buffer[], isTTY: boolean) =>
  Object.assign(
    new Writable({
      write(chunk: Buffer, _, done) {
        chunks.push(Buffer.from(chunk))
        done()
      },
    }),
    { isTTY, columns: 80 },
  )

export async function run(argv: string[], handlers: FakeHandlers, options: Options = {}): Promise<Ran> {
  const owner = fakeOwner(handlers)
  const [out, error]: [Buffer[], Buffer[]] = [[], []]
  let finished = 0
  const code = await runCommandLine({
    argv,
    cwd: options.cwd ?? '/work-folder',
    version: '1.2.3',
    storeKinds: options.storeKinds ?? [],
    locale: 'en-GB',
    input: Readable.from(options.input === undefined ? [] : [Buffer.from(options.input)]),
    out: collector(out, options.isTerminal ?? false),
    error: collector(error, options.isTerminal ?? false),
    interrupted: options.interrupted ?? new AbortController().signal,
    reach:
      options.reach ??
      (async () => ({
        connection: owner,
        finish: async () => {
          finished++
        },
      })),
  })
  const text = Buffer.concat(out).toString('utf8')
  const result: unknown = argv.includes('--json') && text !== '' ? JSON.parse(text) : undefined
  return { code, out: text, error: Buffer.concat(error).toString('utf8'), result, owner, finished }
}
