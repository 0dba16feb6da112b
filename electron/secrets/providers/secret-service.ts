/** What the bus tells of Linux's Secret Service without asking anybody for anything: whose it is, and if locked. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)
const busName = 'org.freedesktop.secrets'
const answerTimeoutMs = 3000

/** By the name of the process, cut at 15 characters by the kernel. */
const servers: [RegExp, string][] = [
  [/^gnome-keyring/, 'GNOME Keyring'],
  [/^(kwalletd|ksecretd)/, 'KWallet'],
  [/^keepassxc/, 'KeePassXC'],
  [/^oo7/, 'oo7'],
]

/** The server's name as people know it, `Secret Service` where it cannot be told. */
export async function secretServiceName(): Promise<string> {
  const answer = await send('org.freedesktop.DBus', '/org/freedesktop/DBus', [
    'org.freedesktop.DBus.GetConnectionUnixProcessID',
    `string:${busName}`,
  ])
  const pid = /uint32 (\d+)/.exec(answer ?? '')?.[1]
  const command = pid === undefined ? '' : await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')
  return servers.find(([pattern]) => pattern.test(command))?.[1] ?? 'Secret Service'
}

/** Whether the default collection is locked; null where that cannot be told. */
export async function isSecretServiceLocked(): Promise<boolean | null> {
  const alias = await send(busName, '/org/freedesktop/secrets', [
    'org.freedesktop.Secret.Service.ReadAlias',
    'string:default',
  ])
  const path = /object path "([^"]+)"/.exec(alias ?? '')?.[1]
  if (path === undefined || path === '/') return null
  const answer = await send(busName, path, [
    'org.freedesktop.DBus.Properties.Get',
    'string:org.freedesktop.Secret.Collection',
    'string:Locked',
  ])
  const value = /boolean (true|false)/.exec(answer ?? '')?.[1]
  return value === undefined ? null : value === 'true'
}

/** @returns null where there is no bus, no service or no tool to ask with */
async function send(destination: string, path: string, call: string[]): Promise<string | null> {
  const given = [
    '--session',
    '--print-reply',
    `--reply-timeout=${answerTimeoutMs}`,
    `--dest=${destination}`,
    path,
  ]
  try {
    const { stdout } = await run('dbus-send', [...given, ...call], { timeout: answerTimeoutMs * 2 })
    return stdout
  } catch {
    return null
  }
}
