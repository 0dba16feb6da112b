/** `npm run dev`: the window with the sources reloaded as they change. Needs Electron's runtime. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { electronRuntime } from '../start/electron-runtime.ts'
import { projectFolder } from './step.ts'

const runtime = await electronRuntime({ retry: process.argv.includes('--retry-electron') })
if (runtime.path === null) {
  console.error(`${runtime.reason} Without it: npm start, and again after a change.`)
  process.exitCode = 1
} else {
  const cli = join(projectFolder, 'node_modules/electron-vite/bin/electron-vite.js')
  spawn(process.execPath, [cli, 'dev', '--watch'], { cwd: projectFolder, stdio: 'inherit' }).on(
    'exit',
    (code) => (process.exitCode = code ?? 1),
  )
}
