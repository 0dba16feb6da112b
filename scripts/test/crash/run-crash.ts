/** Runs the program until it is stopped, cuts the power, starts it again, and says what was broken. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { cutPower } from '../../../electron/storage/testing/power-cut.ts'
import type { CrashBucket, CrashTask } from './crash-child.ts'
import type { Findings } from './invariants.ts'

const childPath = join(import.meta.dirname, 'crash-child.ts')

export type Crash = {
  what: CrashTask['what']
  /** Stops itself there. */
  stopAt?: CrashTask['stopAt']
  /** Or is killed this long after it announced that step, for the first time or after so many; every phase is made to last longer by `stretchMs`. */
  killAfter?: { step: string; delayMs: number; stretchMs: number; times?: number }
  /** Loses what was not fsynced. */
  powerCut: boolean
  /** Between the stop and the next start. */
  onStopped?: () => void
}
/** Where a kind of work that needs a bucket has it: each crash takes a prefix of its own. */
export type CrashServer = Omit<CrashBucket, 'prefix'>

export type CrashReport = Findings & {
  /** Every checkpoint that was announced, in order: the last one is where it died. */
  steps: string[]
  /** The same of the next start, until what it took up had ended. */
  resumed: string[]
  /** Whether it came to its end unharmed. */
  finished: boolean
}

type Child = { lines: string[]; killed: boolean }

/** @param env of the keyring
 * @param server for the kinds that need one
 * @param sourcePath what is encrypted; beside it lies what lets the program start faster the next time */
export async function runCrash(
  crash: Crash,
  env: Record<string, string>,
  sourcePath: string,
  server: CrashServer | null = null,
): Promise<CrashReport> {
  const folder = mkdtempSync(join(tmpdir(), 'weightlock-crash-'))
  const recordFolder = join(folder, 'record')
  for (const name of ['out', 'temporary']) mkdirSync(join(folder, name))
  const copy = join(folder, 'model.bin')
  copyFileSync(sourcePath, copy)
  const task: CrashTask = {
    mode: 'work',
    what: crash.what,
    dataFolder: join(folder, 'data'),
    recordFolder: crash.powerCut ? recordFolder : null,
    sourcePath: copy,
    targetPath: join(folder, 'out', 'model.bin'),
    stopAt: crash.stopAt ?? null,
    stretchMs: crash.killAfter?.stretchMs ?? 0,
    bytesPerSecond: crash.killAfter ? 40_000_000 : null,
  }
  const bucket: CrashBucket | null = server && { ...server, prefix: basename(folder) }
  const childEnv = {
    NODE_COMPILE_CACHE: join(dirname(sourcePath), 'compiled'),
    TMPDIR: join(folder, 'temporary'),
    WEIGHTLOCK_CRASH_BUCKET: JSON.stringify(bucket),
    ...env,
  }
  try {
    const work = await runChild(task, childEnv, crash.killAfter ?? null)
    if (crash.powerCut) cutPower(recordFolder)
    crash.onStopped?.()
    const recover = await runChild(
      { ...task, mode: 'recover', recordFolder: null, stopAt: null, stretchMs: 0, bytesPerSecond: null },
      childEnv,
      null,
    )
    const findings = JSON.parse(recover.lines.at(-1) ?? '') as Findings
    return {
      ...findings,
      steps: stepsIn(work.lines),
      resumed: stepsIn(recover.lines),
      finished: work.lines.includes('done'),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const stepsIn = (lines: string[]): string[] =>
  lines.flatMap((line) => (line.startsWith('step ') ? [line.slice('step '.length)] : []))

async function runChild(
  task: CrashTask,
  env: Record<string, string>,
  killAfter: { step: string; delayMs: number; times?: number } | null,
): Promise<Child> {
  const child = spawn(process.execPath, [childPath, JSON.stringify(task)], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  let announced = 0
  let errors = ''
  child.stderr.on('data', (text: Buffer) => (errors += text.toString()))
  const reader = createInterface({ input: child.stdout })
  reader.on('line', (line) => {
    lines.push(line)
    if (killAfter && line === `step ${killAfter.step}` && ++announced >= (killAfter.times ?? 1))
      setTimeout(() => child.kill('SIGKILL'), killAfter.delayMs)
  })
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  if (code !== 0 && signal !== 'SIGKILL')
    throw new Error(`the program under test ended with ${code}: ${errors}`)
  return { lines, killed: signal === 'SIGKILL' }
}
