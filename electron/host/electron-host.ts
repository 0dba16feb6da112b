/** A window of Electron. Follows Electron's security checklist in full; the only file but `main.ts` and
 * `preload.ts` that knows the module `electron`. Kept so small that reading it is enough to trust it. */
import { writeFile } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  screen,
  session,
  shell,
} from 'electron'
import { failed } from '../../shared/failure.ts'
import type { Host, OpenWindow, WindowBounds, WindowCalls } from './host.ts'
import { serveRenderer } from './serve-renderer.ts'
import { clampToScreen, firstWindow, smallestWindow } from './window-bounds.ts'
import { isPageUrl, pageScheme, pageUrl, wire } from './wire.ts'

/** A page that paints nothing for this long is shown as it is. */
const showAfterMs = 10_000
const boundsRestMs = 500
const crashPauseMs = 10_000

/** Nothing may be permitted, downloaded, fetched from elsewhere, opened, embedded or navigated to. */
function denyEverythingElse(): void {
  const { defaultSession } = session
  defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  defaultSession.setPermissionCheckHandler(() => false)
  defaultSession.setDevicePermissionHandler(() => false)
  defaultSession.on('will-download', (event) => event.preventDefault())
  defaultSession.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !isPageUrl(details.url) && !details.url.startsWith('devtools://') })
  })
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.on('will-navigate', (event) => event.preventDefault())
    contents.on('will-frame-navigate', (event) => event.preventDefault())
    contents.on('will-redirect', (event) => event.preventDefault())
  })
}

function makeWindow({ preloadPath, bounds }: OpenWindow): BrowserWindow {
  const screens = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map((each) => each.workArea)
  const window = new BrowserWindow({
    ...(bounds === null ? firstWindow : clampToScreen(bounds, screens)),
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    title: 'Weightlock',
    show: false,
    autoHideMenuBar: true,
    webPreferences: {
      preload: preloadPath,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  })
  if (bounds?.maximized === true) window.maximize()
  return window
}

/** Answers the page's calls, and nobody else's. */
function answerCalls(window: BrowserWindow, calls: WindowCalls): void {
  type Sender = { senderFrame: Electron.WebFrameMain | null }
  const isOurPage = ({ senderFrame }: Sender) =>
    senderFrame !== null && senderFrame === window.webContents.mainFrame && isPageUrl(senderFrame.url)
  ipcMain.handle(wire.call, async (event, channel: unknown, request: unknown) =>
    isOurPage(event) && typeof channel === 'string'
      ? await calls.invoke(channel, request)
      : failed({ code: 'call/forbidden-sender' }),
  )
  ipcMain.handle(wire.path, (event, path: unknown) => {
    if (!isOurPage(event) || typeof path !== 'string' || !isAbsolute(path)) throw new Error('no such file')
    return calls.mintPathToken(path)
  })
}

/** Remembers where the window is once it has come to rest. */
function tellBounds(window: BrowserWindow, changed: (bounds: WindowBounds) => void): void {
  let resting: NodeJS.Timeout | undefined
  const tell = () => {
    clearTimeout(resting)
    changed({ ...window.getNormalBounds(), maximized: window.isMaximized() })
  }
  const tellSoon = () => {
    clearTimeout(resting)
    resting = setTimeout(tell, boundsRestMs)
  }
  window.on('resize', tellSoon)
  window.on('move', tellSoon)
  window.on('maximize', tellSoon)
  window.on('unmaximize', tellSoon)
  window.on('close', tell)
}

/** A page that crashed is loaded again, unless it crashes at once. */
function reloadAfterCrash(window: BrowserWindow): void {
  let lastCrash = -Infinity
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    const now = performance.now()
    if (reason !== 'clean-exit' && now - lastCrash > crashPauseMs) window.webContents.reload()
    lastCrash = now
  })
}

/** On macOS copy and paste live in the menu; elsewhere a menu would only offer a reload. */
const applyMenu = () =>
  Menu.setApplicationMenu(
    process.platform === 'darwin'
      ? Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }])
      : null,
  )

/** Makes the host, once; its window opens when Electron is ready. */
export function createElectronHost(): Host {
  let window: BrowserWindow | null = null
  let isClosing = false
  let blocker: number | null = null
  const gone = Promise.withResolvers<void>()
  const present = (): BrowserWindow => {
    if (window === null) throw new Error('there is no window')
    return window
  }
  return {
    kind: 'electron',
    nativeDialogs: true,
    locale: () => app.getSystemLocale() || 'en',
    openWindow: async (options) => {
      await app.whenReady()
      applyMenu()
      denyEverythingElse()
      session.defaultSession.protocol.handle(pageScheme, async ({ url }) => {
        const { status, headers, body } = await serveRenderer(options.rendererFolder, url)
        return new Response(body, { status, headers })
      })
      const opening = makeWindow(options)
      window = opening
      answerCalls(opening, options.calls)
      tellBounds(opening, options.onBoundsChanged)
      opening.on('close', (event) => {
        if (!isClosing && !options.calls.mayClose()) event.preventDefault()
      })
      opening.on('closed', () => {
        window = null
        gone.resolve()
      })
      const showLate = setTimeout(() => opening.show(), showAfterMs)
      opening.once('ready-to-show', () => {
        clearTimeout(showLate)
        opening.show()
      })
      reloadAfterCrash(opening)
      await opening.loadURL(pageUrl)
    },
    emit: (event, payload) => window?.webContents.send(wire.event, event, payload),
    closed: gone.promise,
    close: async () => {
      isClosing = true
      if (window === null) return
      window.close()
      await gone.promise
    },
    focus: () => {
      if (window?.isMinimized() === true) window.restore()
      window?.show()
      window?.focus()
    },
    isFocused: () => window?.isFocused() ?? false,
    chooseToOpen: async (what) => {
      const { filePaths } = await dialog.showOpenDialog(present(), {
        properties: {
          files: ['openFile' as const, 'multiSelections' as const],
          folder: ['openDirectory' as const, 'createDirectory' as const],
          'age-file': ['openFile' as const],
          identity: ['openFile' as const, 'showHiddenFiles' as const],
        }[what],
        ...(what === 'age-file'
          ? {
              filters: [
                { name: 'age files', extensions: ['age'] },
                { name: 'All files', extensions: ['*'] },
              ],
            }
          : {}),
      })
      return filePaths
    },
    chooseTarget: async (suggestedName, what) => {
      if (what === 'file') {
        const { canceled, filePath } = await dialog.showSaveDialog(present(), {
          defaultPath: suggestedName,
          properties: ['createDirectory', 'showOverwriteConfirmation'],
        })
        return canceled ? null : filePath
      }
      const { filePaths } = await dialog.showOpenDialog(present(), {
        properties: ['openDirectory', 'createDirectory'],
      })
      return filePaths[0] === undefined ? null : join(filePaths[0], suggestedName)
    },
    trash: (path) => shell.trashItem(path),
    revealInFileManager: (path) => shell.showItemInFolder(path),
    notify: (title, body) => {
      if (!Notification.isSupported()) return
      const notification = new Notification({ title, body })
      notification.on('click', () => window?.show())
      notification.show()
    },
    copyText: async (text) => clipboard.writeText(text),
    printToPdf: async (path) =>
      writeFile(
        path,
        await present().webContents.printToPDF({ printBackground: true, preferCSSPageSize: true }),
      ),
    setProgress: (share) => window?.setProgressBar(share ?? -1),
    keepAwake: (on) => {
      if (on) blocker ??= powerSaveBlocker.start('prevent-app-suspension')
      else if (blocker !== null) {
        powerSaveBlocker.stop(blocker)
        blocker = null
      }
    },
    onSuspend: (listener) => {
      powerMonitor.on('suspend', listener)
      return () => void powerMonitor.off('suspend', listener)
    },
  }
}
