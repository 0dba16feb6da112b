/** The real command line for tests: real processes on a data folder and under a keyring of their own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type TestKeyring, startTestKeyring } from './keyring.ts'

const projectFolder = resolve(import.meta.dirname, '../..')
const cliPath = join(projectFolder, 'electron/cli.ts')
export const launcherPath = join(projectFolder, 'scripts/weightlock.mjs')

export type Ended = {
  code: number | null
  signal: NodeJS.Signals | null
  out: Buffer
  error: string
  /** What was printed with `--json`. */
  json: <T>() => T
}

export type Running = {
  child: ChildProcess
  /** Settles once the process is gone and all that it printed has been read. */
  ended: Promise<Ended>
  /** Settles once standard error holds this text. */
  says: (text: string) => Promise<void>
}

export type RunOptions = {
  input?: string
  env?: Record<string, string>
  cwd?: string
  /** Another script than the command line's entry. */
  script?: string
  /** Leaves standard output to the test, unread. */
  unread?: boolean
  /** The text that file descriptor 3 gives. */
  descriptor?: string
  /** Without `--data`. */
  bare?: boolean
  /** A program and its arguments that runs the command line, as one that watches it. */
  under?: readonly string[]
}

export type Terminal = {
  /** Throw-away: inputs and outputs of tests. */
  folder: string
  dataFolder: string
  storeFolder: string
  keyring: TestKeyring
  start: (args: string[], options?: RunOptions) => Running
  run: (args: string[], options?: RunOptions) => Promise<Ended>
  stop: () => Promise<void>
}

function watch(child: ChildProcess, unread: boolean): Running {
  const [out, error]: [Buffer[], Buffer[]] = [[], []]
  const listeners = new Set<() => void>()
  const said = () => Buffer.concat(error).toString('utf8')
  if (!unread) child.stdout?.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => {
    error.push(chunk)
    for (const listener of listeners) listener()
  })
  const ended = once(child, 'close').then(([code, signal]: unknown[]): Ended => {
    const bytes = Buffer.concat(out)
    return {
      code: typeof code === 'number' ? code : null,
      signal: typeof signal === 'string' ? (signal as NodeJS.Signals) : null,
      out: bytes,
      error: said(),
      json: <T>() => JSON.parse(bytes.toString('utf8')) as T,
    }
  })
  return {
    child,
    ended,
    says: (text) =>
      new Promise((settle, reject) => {
        const look = () => {
          if (!said().includes(text)) return
          listeners.delete(look)
          settle()
        }
        listeners.add(look)
        look()
        void ended.then(({ error: all }) => reject(new Error(`ended without saying “${text}”: ${all}`)))
      }),
  }
}

/** @throws Error where no keyring can be started; ask `hasKeyring` first */
export async function openTerminal(): Promise<Terminal> {
  const folder = mkdtempSync(join(tmpdir(), 'weightlock-terminal-'))
  const dataFolder = join(folder, 'data')
  const home = join(folder, 'home')
  mkdirSync(home)
  const keyring = await startTestKeyring({ folder: join(folder, 'keyring') })
  const children = new Set<ChildProcess>()

  const start = (args: string[], options: RunOptions = {}): Running => {
    const data = options.bare === true ? [] : ['--data', dataFolder]
    const command = [process.execPath, options.script ?? cliPath, ...args, ...data]
    const [program = '', ...given] = [...(options.under ?? []), ...command]
    const child = spawn(program, given, {
      cwd: options.cwd ?? folder,
      env: { ...process.env, HOME: home, ...keyring.env, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe', ...(options.descriptor === undefined ? [] : ['pipe' as const])],
    })
    children.add(child)
    child.once('close', () => children.delete(child))
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(options.input ?? '')
    const descriptor = child.stdio[3]
    if (options.descriptor !== undefined && descriptor && 'end' in descriptor)
      descriptor.end(options.descriptor)
    return watch(child, options.unread === true)
  }
  return {
    folder,
    dataFolder,
    storeFolder: join(dataFolder, 'store'),
    keyring,
    start,
    run: (args, options) => start(args, options).ended,
    stop: async () => {
      const closing = [...children].map((child) => once(child, 'close'))
      for (const child of children) child.kill('SIGKILL')
      await Promise.all(closing)
      await keyring.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
