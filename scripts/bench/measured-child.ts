import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { peakMemoryOfFamily } from './peak-memory.ts'

export type Measured = {
  /** From before the process was started until it had ended. */
  wallMs: number
  /** What our own scripts print: from the call to its result, start of the threads included. */
  insideMs: number | null
  /** Highest resident memory of the process that was seen. */
  peakBytes: number
}

const pollMs = 20
/** Right after its start a child still shows the memory of this process. */
const settleMs = 100

/** Runs a program to its end and measures it.
 * @throws Error where it fails */
export async function measured(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Measured> {
  const startedAt = performance.now()
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  const exit = once(child, 'close')
  let [printed, complaint, peakBytes] = ['', '', 0]
  child.stdout.on('data', (part: Buffer) => (printed += part.toString()))
  child.stderr.on('data', (part: Buffer) => (complaint += part.toString()))
  const poll = setInterval(() => {
    if (child.pid !== undefined && performance.now() - startedAt > settleMs)
      peakBytes = Math.max(peakBytes, peakMemoryOfFamily(child.pid))
  }, pollMs)
  const [code] = (await exit) as [number | null]
  const wallMs = performance.now() - startedAt
  clearInterval(poll)
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${complaint}`)
  const own = ownFigures(printed)
  return { wallMs, insideMs: own?.insideMs ?? null, peakBytes: Math.max(peakBytes, own?.peakBytes ?? 0) }
}

/** What the last line of one of our scripts says. */
function ownFigures(printed: string): { insideMs: number; peakBytes: number } | null {
  const line = printed.trim().split('\n').at(-1) ?? ''
  if (!line.startsWith('{"insideMs"')) return null
  return JSON.parse(line) as { insideMs: number; peakBytes: number }
}
