/** Where this program keeps its own data, decided without Electron so that every entry decides the same. */
import { execFile } from 'node:child_process'
import { createHmac, randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { homedir, hostname } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { fail } from '../shared/failure.ts'
import { fileFailure } from './storage/file-failures.ts'

export type Surroundings = {
  platform: string
  env: Record<string, string | undefined>
  home: string
}

const surroundings = (): Surroundings => ({ platform: process.platform, env: process.env, home: homedir() })

/** The data folder of this user where no `--data DIR` names another. Absolute.
 * Linux: `$XDG_DATA_HOME/weightlock` (XDG Base Directory Specification); not roaming on Windows. */
export function usualDataFolder({ platform, env, home }: Surroundings = surroundings()): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Weightlock')
  if (platform === 'win32')
    return join(absolute(env.LOCALAPPDATA) ?? join(home, 'AppData', 'Local'), 'Weightlock')
  return join(absolute(env.XDG_DATA_HOME) ?? join(home, '.local', 'share'), 'weightlock')
}

/** Where artifacts go unless another store is chosen: `~/Weightlock`, with `--data DIR` `DIR/store`. */
export const defaultStoreFolder = (dataFolder: string, around: Surroundings = surroundings()): string =>
  resolve(dataFolder) === usualDataFolder(around)
    ? join(around.home, 'Weightlock')
    : join(dataFolder, 'store')

/** The owner's alone where it is made here; a folder that is there already keeps its permissions.
 * @throws file/permission-denied, file/read-only, file/… */
export function makeDataFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (error) {
    const failure = fileFailure(error, path)
    if (failure === null) throw error
    fail(failure, error)
  }
}

export type MachineSources = Surroundings & {
  /** @throws where the file cannot be read */
  read: (path: string) => Promise<string>
  /** @throws where the program is missing or fails */
  run: (program: string, args: string[]) => Promise<string>
}

const realSources = (): MachineSources => ({
  ...surroundings(),
  read: (path) => readFile(path, 'utf8'),
  run: async (program, args) => {
    const { stdout } = await promisify(execFile)(program, args, { timeout: 5000, windowsHide: true })
    return stdout
  },
})

/** 64 hex digits that stay the same on this machine and say nothing about it. A data folder that meets another one
 * was moved or copied. Where the system has no id, a random one is kept outside of every data folder. */
export async function machineId(sources: MachineSources = realSources()): Promise<string> {
  const found = (await systemId(sources).catch(() => null)) ?? (await keptId(sources))
  return createHmac('sha256', found).update('weightlock machine').digest('hex')
}

async function systemId({ platform, read, run }: MachineSources): Promise<string | null> {
  if (platform === 'darwin') {
    const answer = await run('/usr/sbin/ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice'])
    return /"IOPlatformUUID" = "([0-9A-Fa-f-]{36})"/.exec(answer)?.[1] ?? null
  }
  if (platform === 'win32') {
    const key = String.raw`HKLM\SOFTWARE\Microsoft\Cryptography`
    const answer = await run('reg', ['query', key, '/v', 'MachineGuid', '/reg:64'])
    return /MachineGuid\s+REG_SZ\s+(\S+)/.exec(answer)?.[1] ?? null
  }
  for (const path of ['/etc/machine-id', '/var/lib/dbus/machine-id']) {
    const id = (await read(path).catch(() => '')).trim()
    // An image that was never booted has it empty or `uninitialized`.
    if (/^[0-9a-f]{32}$/.test(id)) return id
  }
  return null
}

async function keptId({ platform, env, home, read }: MachineSources): Promise<string> {
  const path = keptIdPath({ platform, env, home })
  const kept = (await read(path).catch(() => '')).trim()
  if (/^[0-9a-f]{32}$/.test(kept)) return kept
  const made = randomBytes(16).toString('hex')
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await writeFile(path, `${made}\n`, { mode: 0o600 })
    return made
  } catch {
    // A home that cannot be written: the name of the machine is all there is.
    return hostname()
  }
}

function keptIdPath({ platform, env, home }: Surroundings): string {
  if (platform === 'darwin') return join(home, 'Library', 'Preferences', 'dev.weightlock.machine-id')
  if (platform === 'win32')
    return join(absolute(env.LOCALAPPDATA) ?? join(home, 'AppData', 'Local'), 'weightlock-machine-id')
  return join(absolute(env.XDG_STATE_HOME) ?? join(home, '.local', 'state'), 'weightlock-machine-id')
}

/** The XDG specification: what is not absolute is to be ignored. */
const absolute = (path: string | undefined): string | null =>
  path !== undefined && isAbsolute(path) ? path : null
