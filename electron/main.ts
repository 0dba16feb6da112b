/** Electron's entry. */
import { dirname, extname, join } from 'node:path'
import { app, dialog, protocol } from 'electron'
import { failureText } from '../shared/failure-text.ts'
import { failureOf } from '../shared/failure.ts'
import { makeDataFolder, usualDataFolder } from './data-folder.ts'
import { hardenProcess } from './harden-process.ts'
import { createElectronHost } from './host/electron-host.ts'
import { pageScheme } from './host/wire.ts'
import { runWindow } from './run-window.ts'
import { openedInbox, readStartArguments } from './start-arguments.ts'

const start = readStartArguments(process.argv.slice(process.defaultApp === true ? 2 : 1), process.cwd())
const dataFolder = start.dataFolder ?? usualDataFolder()
const inbox = openedInbox(start.opened)
const builtFolder = dirname(import.meta.dirname)
const workerUrl = (name: string) => new URL(`./${name}${extname(import.meta.filename)}`, import.meta.url)

const unhardened = hardenProcess()

/** What must be said before Electron is ready. @returns whether this is the only Electron on its data folder */
function prepare(): boolean {
  makeDataFolder(dataFolder)
  app.setPath('userData', dataFolder)
  app.setPath('sessionData', join(dataFolder, 'window'))
  app.setAppUserModelId('dev.weightlock.app')
  app.enableSandbox()
  protocol.registerSchemesAsPrivileged([
    { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
  return app.requestSingleInstanceLock({ opened: start.opened })
}

/** Links, double clicks and second starts, also those that come before there is a window. */
function listen(): void {
  app.on('second-instance', (_event, _args, _folder, data) => {
    const opened: unknown = typeof data === 'object' && data !== null && 'opened' in data ? data.opened : []
    inbox.add(Array.isArray(opened) ? opened.filter((each) => typeof each === 'string') : [])
  })
  app.on('open-file', (event, path) => {
    event.preventDefault()
    inbox.add([path])
  })
  app.on('open-url', (event, url) => {
    event.preventDefault()
    inbox.add([url])
  })
  // The app ends its jobs in good order after the window is gone; Electron would quit at once.
  app.on('window-all-closed', () => undefined)
}

async function run(): Promise<void> {
  if (!prepare()) return
  listen()
  await app.whenReady()
  const window = await runWindow({
    host: createElectronHost(),
    dataFolder,
    workers: { payload: workerUrl('payload-worker'), catalog: workerUrl('catalog-worker') },
    builtFolder,
    unhardened,
    assetsFolder: app.isPackaged
      ? join(process.resourcesPath, 'assets')
      : join(dirname(builtFolder), 'assets'),
    inbox,
    opened: start.opened,
    say: (line) => void process.stderr.write(`${line}\n`),
  })
  await window?.ended
}

function explain(error: unknown): void {
  const failure = failureOf(error)
  if (failure === null) {
    dialog.showErrorBox('Weightlock could not start', String(error))
    return
  }
  const { title, message, safe, remedy } = failureText(failure)
  dialog.showErrorBox(title, [message, safe, remedy].join('\n\n'))
}

// Not awaited: Electron gets ready only once this module has been read to its end.
void run()
  .catch(explain)
  .finally(() => app.quit())
