/**
 * A Secret Service of one's own: a private D-Bus session with a real gnome-keyring, unlocked, everything in a
 * throw-away folder. For tests, and for the sample run on a machine without a desktop session.
 * Linux; needs `dbus-daemon`, `dbus-monitor` and `gnome-keyring-daemon`. Stops only what it started.
 */
import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type PrivateKeyring = {
  /** For child processes that are to use this keyring, on top of their own environment. */
  env: Record<string, string>
  /** Returns when it is dead. */
  killDaemon: () => Promise<void>
  /** A frozen daemon answers nothing, like a prompt that nobody answers. */
  freezeDaemon: (frozen: boolean) => void
  /** Another daemon on the same keyring, locked or unlocked; the one that runs is killed. */
  restartDaemon: (unlocked: boolean) => Promise<void>
  unlock: () => Promise<void>
  stop: () => Promise<void>
}

const startTimeoutMs = 20_000
const password = 'weightlock throw-away keyring'
const programs = ['dbus-daemon', 'dbus-monitor', 'dbus-send', 'gnome-keyring-daemon']

/** What is missing to start one; empty where it can be started. */
export const missingForKeyring = (): string[] =>
  process.platform === 'linux'
    ? programs.filter((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0)
    : ['Linux']

/** @param options.folder of this keyring alone: its items are kept there; made if missing */
export async function startKeyring(options: { folder: string }): Promise<PrivateKeyring> {
  // Socket paths over 108 bytes fail: sockets get a short folder of their own.
  const runFolder = mkdtempSync(join(tmpdir(), 'wl-bus-'))
  chmodSync(runFolder, 0o700)
  const [homeFolder, dataFolder] = [join(options.folder, 'home'), join(options.folder, 'data')]
  for (const folder of [homeFolder, dataFolder]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  const controlFolder = join(runFolder, 'keyring')
  const busConfig = join(runFolder, 'bus.conf')
  writeFileSync(busConfig, configOf(join(runFolder, 'bus')))

  const bus = spawn('sh', ['-c', busUntilOrphaned, 'sh', `--config-file=${busConfig}`, '--print-address=1'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, XDG_RUNTIME_DIR: runFolder },
  })
  const started: ChildProcess[] = []
  const stop = async () => {
    for (const child of started.toReversed()) await end(child)
    const ended = once(bus, 'exit')
    bus.stdin.end()
    if (bus.exitCode === null && bus.signalCode === null) await ended
    rmSync(runFolder, { recursive: true, force: true })
  }
  try {
    const address = (await firstOutput(bus, /^unix:.*$/m)).trim()
    const env = {
      DBUS_SESSION_BUS_ADDRESS: address,
      XDG_RUNTIME_DIR: runFolder,
      XDG_DATA_HOME: dataFolder,
    }
    const daemonEnv = { ...process.env, ...env, HOME: homeFolder }
    let daemon: ChildProcess | null = null
    const startDaemon = async (unlocked: boolean) => {
      if (daemon !== null) await end(daemon)
      daemon = await startSecretService(daemonEnv, controlFolder, unlocked)
      started.push(daemon)
    }
    await startDaemon(true)
    return {
      env,
      killDaemon: async () => {
        if (daemon !== null) await end(daemon)
      },
      freezeDaemon: (frozen) => void daemon?.kill(frozen ? 'SIGSTOP' : 'SIGCONT'),
      restartDaemon: startDaemon,
      unlock: () => unlockThrough(join(controlFolder, 'control')),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The bus ends with the process that started it, however that ends; the keyring's daemon ends with the bus. */
const busUntilOrphaned = 'dbus-daemon --nofork "$@" & cat >/dev/null; kill $!; wait $!'

/** No service folders: nothing is started behind our back, no keyring and no prompt. */
const configOf = (socketPath: string): string => `<!DOCTYPE busconfig PUBLIC
  "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${socketPath}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

/** Returns once the daemon owns the service's name on the bus. */
async function startSecretService(
  env: NodeJS.ProcessEnv,
  controlFolder: string,
  unlocked: boolean,
): Promise<ChildProcess> {
  const watched = "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged'"
  const monitor = spawn(
    'dbus-monitor',
    ['--address', env.DBUS_SESSION_BUS_ADDRESS ?? '', `${watched},arg0='org.freedesktop.secrets'`],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  try {
    const owned = firstOutput(monitor, /NameOwnerChanged[^]*org\.freedesktop\.secrets/)
    owned.catch(() => undefined)
    await firstOutput(monitor, /NameAcquired/)
    const daemon = spawn(
      'gnome-keyring-daemon',
      [
        '--foreground',
        ...(unlocked ? ['--unlock'] : []),
        '--components=secrets',
        `--control-directory=${controlFolder}`,
      ],
      { env, stdio: ['pipe', 'pipe', 'ignore'] },
    )
    daemon.stdin.end(unlocked ? password : '')
    try {
      await Promise.all([firstOutput(daemon, /GNOME_KEYRING_CONTROL/), owned])
    } catch (error) {
      await end(daemon)
      throw error
    }
    return daemon
  } finally {
    await end(monitor)
  }
}

/** Resolves with what matched once a child has printed it.
 * @throws if it ends before, or prints nothing of the kind in time */
function firstOutput(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let seen = ''
    const settle = (run: () => void) => {
      clearTimeout(timer)
      child.stdout?.off('data', onData)
      child.off('error', onError)
      child.off('exit', onExit)
      run()
    }
    const onData = (chunk: Buffer) => {
      seen += String(chunk)
      const found = pattern.exec(seen)
      if (found !== null) settle(() => resolve(found[0]))
    }
    const onError = (error: Error) => settle(() => reject(error))
    const onExit = () => settle(() => reject(new Error(`${child.spawnfile} ended before it was ready`)))
    const timer = setTimeout(
      () => settle(() => reject(new Error(`${child.spawnfile} was not ready in time`))),
      startTimeoutMs,
    )
    child.stdout?.on('data', onData)
    child.on('error', onError)
    child.on('exit', onExit)
  })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  // A stopped process does not see a polite signal.
  child.kill('SIGKILL')
  await ended
}

/** As the login does it: through gnome-keyring's control socket (credentials byte, then length, operation, password). */
async function unlockThrough(socketPath: string): Promise<void> {
  const unlockOperation = 1
  const word = (value: number) => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return bytes
  }
  const secret = Buffer.from(password)
  const body = Buffer.concat([word(unlockOperation), word(secret.length), secret])
  const socket = createConnection(socketPath)
  socket.write(Buffer.concat([Buffer.alloc(1), word(body.length + 4), body]))
  const [answer] = (await once(socket, 'data', { signal: AbortSignal.timeout(startTimeoutMs) })) as [Buffer]
  socket.destroy()
  if (answer.length < 8 || answer.readUInt32BE(4) !== 0) throw new Error('the keyring was not unlocked')
}
