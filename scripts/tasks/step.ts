/** One command of a task: run, timed, its output kept until it is needed. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'

export const projectFolder = join(import.meta.dirname, '../..')

/** Where Node keeps what it compiled. Besides the time: with it, threads that load TypeScript run no WebAssembly to
 * strip its types, in which V8 was seen to crash while threads come and go (nodejs/node#64500). */
const compileCache = join(projectFolder, 'node_modules/.cache/weightlock/compiled')

/** By content, which a fresh checkout keeps, and in a place of its own: a run of prettier without a cache deletes the
 * usual one. */
export const prettierCache = [
  '--cache',
  '--cache-strategy',
  'content',
  '--cache-location',
  'node_modules/.cache/weightlock/format',
]

export type Step = {
  name: string
  /** A JavaScript file below `node_modules` or `scripts`, run by this Node. */
  file: string
  args: string[]
  env?: Record<string, string>
  /** Show the output as it comes instead of only after a failure. */
  live?: boolean
  timeoutMs?: number
}

export type Outcome = {
  name: string
  ok: boolean
  seconds: number
  output: string
  /** Whether the output was shown as it came. */
  isShown: boolean
}

/** Runs a step to its end. Never throws for a command that fails; one that exceeds its time is stopped. */
export function runStep(step: Step): Promise<Outcome> {
  const started = performance.now()
  const timeoutMs = step.timeoutMs ?? 30 * 60_000
  return new Promise((settle) => {
    const child = spawn(process.execPath, [join(projectFolder, step.file), ...step.args], {
      cwd: projectFolder,
      env: {
        ...process.env,
        NODE_COMPILE_CACHE: compileCache,
        FORCE_COLOR: process.stdout.isTTY ? '1' : '0',
        ...step.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const stopAt = setTimeout(() => {
      output += `\nstopped: it took longer than ${Math.round(timeoutMs / 1000)} s\n`
      child.kill('SIGTERM')
      killAt = setTimeout(() => child.kill('SIGKILL'), 10_000)
    }, timeoutMs)
    let killAt: NodeJS.Timeout | undefined
    const isShown = step.live === true
    const take = (chunk: Buffer) => {
      if (isShown) process.stdout.write(chunk)
      output += chunk.toString()
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('error', (error) => (output += error.message))
    child.on('close', (code, signal) => {
      clearTimeout(stopAt)
      clearTimeout(killAt)
      if (signal !== null) output += `\nstopped by ${signal}\n`
      const seconds = (performance.now() - started) / 1000
      settle({ name: step.name, ok: code === 0, seconds, output, isShown })
    })
  })
}

/** One line for a step, and what it said when it failed. */
export function reportStep({ name, ok, seconds, output, isShown }: Outcome): void {
  console.log(`${name.padEnd(12)} ${ok ? 'ok    ' : 'FAILED'} ${seconds.toFixed(1).padStart(6)} s`)
  if (!ok && !isShown && output !== '') console.log(output.trimEnd().replace(/^/gm, '  '))
}

/** Runs steps one after the other, each reported as it ends. */
export async function runInOrder(steps: Step[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const step of steps) {
    const outcome = await runStep(step)
    reportStep(outcome)
    outcomes.push(outcome)
  }
  return outcomes
}
