/** `npm run build`: `dist/` from the sources; `isBuilt` tells whether it is still theirs. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder, reportStep, runStep } from './step.ts'

const sources = [
  'electron',
  'renderer',
  'shared',
  'package.json',
  'package-lock.json',
  'electron.vite.config.ts',
]
const stampFile = join(projectFolder, 'dist/built-from')

function addToHash(hash: ReturnType<typeof createHash>, path: string): void {
  const stats = statSync(path)
  if (stats.isDirectory()) {
    for (const name of readdirSync(path).toSorted()) addToHash(hash, join(path, name))
  } else if (!/\.test\.tsx?$/.test(path)) hash.update(`${path}\0${stats.size}\0${stats.mtimeMs}\n`)
}

/** Changes whenever a source may have changed. */
function sourceStamp(): string {
  const hash = createHash('sha256')
  for (const source of sources) addToHash(hash, join(projectFolder, source))
  return hash.digest('hex')
}

function isBuilt(stamp: string): boolean {
  try {
    return readFileSync(stampFile, 'utf8') === stamp
  } catch {
    return false
  }
}

/** Builds, unless nothing has changed since the last time.
 * @returns false when the build failed; what it said was printed */
export async function ensureBuilt(): Promise<boolean> {
  const stamp = sourceStamp()
  if (isBuilt(stamp)) return true
  rmSync(join(projectFolder, 'dist'), { recursive: true, force: true })
  const outcome = await runStep({
    name: 'build',
    file: 'node_modules/electron-vite/bin/electron-vite.js',
    args: ['build', '--logLevel', 'warn'],
    timeoutMs: 5 * 60_000,
  })
  reportStep(outcome)
  if (outcome.ok) writeFileSync(stampFile, stamp)
  return outcome.ok
}

if (import.meta.main && !(await ensureBuilt())) process.exitCode = 1
