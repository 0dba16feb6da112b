/** Runs the program until it is stopped, cuts the power, starts it again, and says what was broken. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { cutPower } from '../../../electron/storage/testing/power-cut.ts'
import type { CrashTask } from './crash-child.ts'
import type { Findings } from './invariants.ts'

const childPath = join(import.meta.dirname, 'crash-child.ts')

export type Crash = {
  what: CrashTask['what']
  /** Stops itself there. */
  stopAt?: CrashTask['stopAt']
  /** Or is killed this long after it announced that step; every phase is made to last longer by `stretchMs`. */
  killAfter?: { step: string; delayMs: number; stretchMs: number }
  /** Loses what was not fsynced. */
  powerCut: boolean
}
export type CrashReport = Findings & {
  /** Every checkpoint that was announced, in order: the last one is where it died. */
  steps: string[]
  /** Whether it came to its end unharmed. */
  finished: boolean
}

type Child = { lines: string[]; killed: boolean }

/** @param env of the keyring
 * @param sourcePath what is encrypted; beside it lies what lets the program start faster the next time */
export async function runCrash(
  crash: Crash,
  env: Record<string, string>,
  sourcePath: string,
): Promise<CrashReport> {
  const folder = mkdtempSync(join(tmpdir(), 'weightlock-crash-'))
  const recordFolder = join(folder, 'record')
  mkdirSync(join(folder, 'out'))
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
  const childEnv = { NODE_COMPILE_CACHE: join(dirname(sourcePath), 'compiled'), ...env }
  try {
    const work = await runChild(task, childEnv, crash.killAfter ?? null)
    if (crash.powerCut) cutPower(recordFolder)
    const recover = await runChild(
      { ...task, mode: 'recover', recordFolder: null, stopAt: null, stretchMs: 0, bytesPerSecond: null },
      childEnv,
      null,
    )
    const findings = JSON.parse(recover.lines.at(-1) ?? '') as Findings
    const steps = work.lines.flatMap((line) => (line.startsWith('step ') ? [line.slice('step '.length)] : []))
    return { ...findings, steps, finished: work.lines.includes('done') }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function runChild(
  task: CrashTask,
  env: Record<string, string>,
  killAfter: { step: string; delayMs: number } | null,
): Promise<Child> {
  const child = spawn(process.execPath, [childPath, JSON.stringify(task)], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  let errors = ''
  child.stderr.on('data', (text: Buffer) => (errors += text.toString()))
  const reader = createInterface({ input: child.stdout })
  reader.on('line', (line) => {
    lines.push(line)
    if (killAfter && line === `step ${killAfter.step}`)
      setTimeout(() => child.kill('SIGKILL'), killAfter.delayMs)
  })
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  if (code !== 0 && signal !== 'SIGKILL')
    throw new Error(`the program under test ended with ${code}: ${errors}`)
  return { lines, killed: signal === 'SIGKILL' }
}
