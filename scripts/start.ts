/** `npm start`: the window in Electron; where its runtime cannot be had, in an installed Chrome, Chromium or Edge;
 * without a display, the sample run. `--retry-electron` tries the download again, `--chromium` skips Electron;
 * everything else is for the program (`--data DIR`, files to open). */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { electronRuntime } from './start/electron-runtime.ts'
import { runHeadlessSample } from './start/headless-sample.ts'
import { ensureBuilt } from './tasks/build.ts'
import { projectFolder } from './tasks/step.ts'

const ownSwitches = ['--retry-electron', '--chromium']
const programArgs = process.argv.slice(2).filter((arg) => !ownSwitches.includes(arg))
const asked = (name: string) => process.argv.includes(name)

/** An Electron that ends with an error this soon never showed a window: a library is missing. */
const noWindowMs = 5_000

const hasDisplay = () =>
  process.platform !== 'linux' ||
  Boolean(process.env['DISPLAY'] ?? '') ||
  Boolean(process.env['WAYLAND_DISPLAY'] ?? '')

/** Runs a program in the foreground. @returns its exit code; signals of the terminal reach it by themselves */
function foreground(command: string, args: string[]): Promise<number> {
  const { ELECTRON_RUN_AS_NODE: _, NODE_OPTIONS: __, ...env } = process.env
  return new Promise((settle) => {
    const child = spawn(command, args, { cwd: projectFolder, stdio: 'inherit', env })
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => child.kill(signal))
    child.on('error', () => settle(127))
    child.on('close', (code) => settle(code ?? 1))
  })
}

const openInChromium = (why: string): Promise<number> => {
  console.log(`${why} Opening the same app in an installed Chrome, Chromium or Edge.`)
  return foreground(process.execPath, [join(projectFolder, 'dist/main/chromium.js'), ...programArgs])
}

async function openWindow(): Promise<number> {
  if (asked('--chromium')) return openInChromium('Electron was not asked for.')
  const runtime = await electronRuntime({ retry: asked('--retry-electron'), say: console.log })
  if (runtime.path === null) return openInChromium(runtime.reason)
  const started = performance.now()
  const code = await foreground(runtime.path, ['.', ...programArgs])
  if (code === 0 || performance.now() - started > noWindowMs) return code
  return openInChromium(`Electron ended with ${code} before it showed a window.`)
}

if (await ensureBuilt()) process.exitCode = hasDisplay() ? await openWindow() : await runHeadlessSample()
else process.exitCode = 1
