/** The terminal's entry: becomes the owner of the data folder, or reaches the process that is. */
import { closeSync, openSync } from 'node:fs'
import { devNull } from 'node:os'
import { dirname, extname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { fail, failureOf } from '../shared/failure.ts'
import { formatCounted } from '../shared/format.ts'
import { type App, openApp } from './app.ts'
import { type Reached, type Wanted, runCommandLine } from './cli/run-command-line.ts'
import { makeDataFolder, usualDataFolder } from './data-folder.ts'
import { hardenProcess } from './harden-process.ts'
import { connectToOwner } from './ipc/owner-socket-client.ts'
import { type OwnerServer, serveOwner } from './ipc/owner-socket-server.ts'
import { programVersion } from './program-version.ts'
import { storageKinds } from './storage/registry.ts'

const lookForOwnerMs = 5_000
const lookEveryMs = 50
/** Under npm one Ctrl-C arrives twice. */
const sameSignalMs = 500

const extension = extname(import.meta.filename)
const workerUrl = (name: string) => new URL(`./${name}${extension}`, import.meta.url)
/** `electron/cli.ts` in a checkout, `dist/main/cli.js` when built. */
const programFolder = fileURLToPath(new URL(extension === '.ts' ? '..' : '../..', import.meta.url))

/** npm runs scripts in the package's folder; relative paths begin where the user was. */
function folderOfTheUser(): string {
  const cwd = process.cwd()
  const { INIT_CWD, npm_lifecycle_event, npm_package_json } = process.env
  const isOurScript = npm_lifecycle_event === 'weightlock' && dirname(npm_package_json ?? '') === cwd
  return isOurScript && INIT_CWD !== undefined ? INIT_CWD : cwd
}

/** The first Ctrl-C stops the command in good order, the second whatever it still serves, the third everything. */
function listenForStops(): { interrupted: AbortSignal; impatient: AbortSignal } {
  const controls = [new AbortController(), new AbortController()] as const
  let lastMs = Number.NEGATIVE_INFINITY
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const stop = (signal: NodeJS.Signals) => {
    if (performance.now() - lastMs < sameSignalMs) return
    lastMs = performance.now()
    const next = controls.find(({ signal: { aborted } }) => !aborted)
    if (next) return next.abort()
    for (const each of signals) process.off(each, stop)
    process.kill(process.pid, signal)
  }
  for (const signal of signals) process.on(signal, stop)
  return { interrupted: controls[0].signal, impatient: controls[1].signal }
}

const unhardened = hardenProcess()
const { interrupted, impatient } = listenForStops()
const say = (line: string) => void process.stderr.write(`${line}\n`)

/** @returns null while another process owns the data folder */
async function tryToOpen(dataFolder: string, setDamagedAside: boolean): Promise<App | null> {
  try {
    return await openApp({
      host: null,
      dataFolder,
      workers: { payload: workerUrl('payload-worker'), catalog: workerUrl('catalog-worker') },
      assetsFolder: join(programFolder, 'assets'),
      unhardened,
      setDamagedAside,
    })
  } catch (error) {
    if (failureOf(error)?.code === 'owner/locked') return null
    throw error
  }
}

/** An owner that nobody can reach still does its own work. */
async function serve(app: App, dataFolder: string, what: string): Promise<OwnerServer | null> {
  try {
    return await serveOwner({ dataFolder, owner: { kind: 'command', what }, connect: app.terminal })
  } catch {
    say('No private folder for a socket was found: other commands wait until this one has ended.')
    return null
  }
}

/** Whoever reads our output sees its end now, though this process serves on. Node itself never closes file descriptor
 * 1; the number is taken again at once, so that no other file gets it. */
function endOutput(): void {
  if (process.platform === 'win32' || process.stdout.isTTY) return
  closeSync(1)
  openSync(devNull, 'w')
}

const whenAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

async function asOwner(app: App, dataFolder: string, what: string): Promise<Reached> {
  const server = await serve(app, dataFolder, what)
  const connection = app.terminal()
  return {
    connection,
    finish: async () => {
      connection.close()
      const clients = server?.clients() ?? 0
      if (clients > 0) {
        endOutput()
        say(`Done; serving ${formatCounted(clients, 'other command')}. Ctrl-C ends that.`)
      }
      if (server) {
        await Promise.race([
          server.closeWhenIdle(),
          whenAborted(interrupted.aborted ? impatient : interrupted),
        ])
        await server.close()
      }
      await app.stop()
    },
  }
}

/** Tries to own the data folder and to reach its owner, in turns: whoever owns it may just be ending. */
async function reach({ data, what, mendsCatalog }: Wanted): Promise<Reached> {
  const dataFolder = data ?? usualDataFolder()
  makeDataFolder(dataFolder)
  const untilMs = performance.now() + lookForOwnerMs
  while (!interrupted.aborted) {
    const app = await tryToOpen(dataFolder, mendsCatalog)
    if (app) return asOwner(app, dataFolder, what)
    const connection = await connectToOwner({ dataFolder })
    if (connection) return { connection, finish: () => Promise.resolve(connection.close()) }
    if (performance.now() > untilMs) return fail({ code: 'owner/locked' })
    await pause(lookEveryMs)
  }
  return fail({ code: 'job/stopped' })
}

process.exitCode = await runCommandLine({
  argv: process.argv.slice(2),
  cwd: folderOfTheUser(),
  version: programVersion,
  storeKinds: storageKinds,
  locale: undefined,
  input: process.stdin,
  out: process.stdout,
  error: process.stderr,
  interrupted,
  reach,
})
