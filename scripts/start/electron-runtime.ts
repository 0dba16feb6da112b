/** Electron's runtime: a download of its own, about 100 MB, from a site that firewalls like to block. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { projectFolder } from '../tasks/step.ts'

export type ElectronRuntime = { path: string } | { path: null; reason: string }

type Remembered = { version: string; reason: string }

const packageFolder = join(projectFolder, 'node_modules/electron')
const memoryFile = join(projectFolder, 'node_modules/.cache/weightlock/no-electron.json')
const reachTimeoutMs = 8_000
const downloadTimeoutMs = 5 * 60_000

const versionHere = (): string =>
  (JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string }).version

function installedPath(): string | null {
  const pathFile = join(packageFolder, 'path.txt')
  if (!existsSync(pathFile)) return null
  const path = join(packageFolder, 'dist', readFileSync(pathFile, 'utf8'))
  return existsSync(path) ? path : null
}

function remembered(version: string): string | null {
  try {
    const memory = JSON.parse(readFileSync(memoryFile, 'utf8')) as Remembered
    return memory.version === version ? memory.reason : null
  } catch {
    return null
  }
}

/** A person who set a mirror or a proxy knows the way better than a probe does. */
const hasOwnWay = () =>
  Object.keys(process.env).some((name) =>
    /^(electron_mirror|npm_config_electron_mirror|https?_proxy)$/i.test(name),
  )

/** A firewall that swallows packets would make the download wait for minutes: knock first. */
async function canReachDownloads(version: string): Promise<boolean> {
  if (hasOwnWay()) return true
  const url = `https://github.com/electron/electron/releases/download/v${version}/SHASUMS256.txt`
  try {
    return (await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(reachTimeoutMs) })).ok
  } catch {
    return false
  }
}

const download = (): Promise<boolean> =>
  new Promise((settle) => {
    const child = spawn(process.execPath, [join(packageFolder, 'install.js')], {
      stdio: 'ignore',
      timeout: downloadTimeoutMs,
      killSignal: 'SIGKILL',
    })
    child.on('error', () => settle(false))
    child.on('close', (code) => settle(code === 0))
  })

/** The runtime's path, downloaded when it is missing. A download that failed is remembered and not tried again.
 * @param options.retry try once more, whatever is remembered */
export async function electronRuntime(options: {
  retry: boolean
  say?: (line: string) => void
}): Promise<ElectronRuntime> {
  if (process.platform === 'linux' && process.getuid?.() === 0)
    return { path: null, reason: 'Electron does not run as root.' }
  const path = installedPath()
  if (path !== null) return { path }
  const version = versionHere()
  const before = options.retry ? null : remembered(version)
  if (before !== null) return { path: null, reason: `${before} (npm start -- --retry-electron tries again.)` }
  options.say?.(`Downloading Electron ${version}, about 100 MB, once`)
  const downloaded = (await canReachDownloads(version)) && (await download()) ? installedPath() : null
  if (downloaded !== null) {
    rmSync(memoryFile, { force: true })
    return { path: downloaded }
  }
  const reason = 'Electron’s runtime could not be downloaded.'
  mkdirSync(dirname(memoryFile), { recursive: true })
  writeFileSync(memoryFile, JSON.stringify({ version, reason } satisfies Remembered))
  return { path: null, reason }
}
