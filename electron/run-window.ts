/** The life of a window, whichever host shows it: become the owner of the data folder, open, end. */
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type App, openApp, type OpenAppOptions } from './app.ts'
import { fail, failureOf } from '../shared/failure.ts'
import { makeDataFolder } from './data-folder.ts'
import type { Host } from './host/host.ts'
import { connectToOwner } from './ipc/owner-socket-client.ts'
import { serveOwner } from './ipc/owner-socket-server.ts'
import type { OpenedInbox } from './start-arguments.ts'

const lookForOwnerMs = 5_000
const lookEveryMs = 250

export type WindowStart = {
  host: Host
  /** Absolute; made where it is missing. */
  dataFolder: string
  workers: OpenAppOptions['workers']
  /** The folder of the built program, above `main`, `preload` and `renderer`. */
  builtFolder: string
  /** Where `sample` is. */
  assetsFolder: string
  /** What `hardenProcess` could not do. */
  unhardened: string[]
  /** What the program was started with, and what later starts hand over. */
  inbox: OpenedInbox
  opened: string[]
  /** Tells whoever waits at the terminal. */
  say: (line: string) => void
  testParts?: Pick<OpenAppOptions, 'checkpoint' | 'substitutes'>
}

export type RunningWindow = {
  /** Settles once the window is gone and everything has ended in good order. */
  ended: Promise<void>
}

/** Opens the app as the data folder's one owner. A window that is open already is handed what was asked for; a
 * command that works is waited for, by name.
 * @returns null when another window took over */
async function becomeOwner({ dataFolder, opened, say, ...start }: WindowStart): Promise<App | null> {
  let waitsFor: number | null = null
  for (let waitedMs = 0; ; waitedMs += lookEveryMs) {
    try {
      const { host, workers, assetsFolder, unhardened, testParts } = start
      return await openApp({ host, dataFolder, workers, assetsFolder, unhardened, ...testParts })
    } catch (error) {
      if (failureOf(error)?.code !== 'owner/locked') throw error
    }
    const connection = await connectToOwner({ dataFolder })
    if (connection?.owner.kind === 'window') {
      await connection.open(opened)
      connection.close()
      return null
    }
    connection?.close()
    if (connection === null && waitsFor === null && waitedMs >= lookForOwnerMs) fail({ code: 'owner/locked' })
    if (connection !== null && waitsFor !== connection.owner.pid) {
      waitsFor = connection.owner.pid
      say(`Waiting for “${connection.owner.what}” (process ${waitsFor}), which uses the same data folder.`)
    }
    await pause(lookEveryMs)
  }
}

/** Runs a window from its start; answers when it is open.
 * @returns null when a window of the same data folder is open already and was told
 * @throws WeightlockError what the app could not be opened for */
export async function runWindow(start: WindowStart): Promise<RunningWindow | null> {
  const { host, dataFolder, builtFolder, inbox } = start
  makeDataFolder(dataFolder)
  const app = await becomeOwner(start)
  if (app === null) return null
  // Where no socket can be had, terminals wait for the window; the window itself needs none.
  const server = await serveOwner({
    dataFolder,
    owner: { kind: 'window', what: 'the window' },
    connect: app.terminal,
    opened: inbox.add,
  }).catch((error: unknown) => {
    start.say(
      `The command line cannot reach this window: ${error instanceof Error ? error.message : String(error)}`,
    )
    return null
  })
  const end = async () => {
    await server?.closeWhenIdle()
    await app.stop()
  }
  try {
    await host.openWindow({
      calls: app.calls,
      rendererFolder: join(builtFolder, 'renderer'),
      preloadPath: join(builtFolder, 'preload/preload.cjs'),
      bounds: await app.windowBounds(),
      onBoundsChanged: app.saveWindowBounds,
    })
  } catch (error) {
    await end()
    throw error
  }
  inbox.deliverTo((args) => {
    host.focus()
    if (args.length > 0) app.calls.openedWith(args)
  })
  return { ended: host.closed.then(end) }
}
