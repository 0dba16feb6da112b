/**
 * Stands in for the module `electron`, so that the built main and preload run under Node. Every member is checked
 * against `electron.d.ts`: a name that Electron lacks, or has with another shape, does not compile. What is called
 * is recorded; `played` lets a test act as the system, the page and the person.
 */
import { emitter } from './emitter.ts'
import { webContentsOf } from './web-contents.ts'

type WindowOptions = Electron.BrowserWindowConstructorOptions
type Calls = Record<string, unknown[]>

const calls: Calls = {}
const record = (name: string, value: unknown): void => void (calls[name] ??= []).push(value)
const ready = Promise.withResolvers<void>()
const handlers = new Map<string, (event: Electron.IpcMainInvokeEvent, ...args: unknown[]) => unknown>()
const windows: StandInWindow[] = []
const windowMade = Promise.withResolvers<StandInWindow>()
const hasLock = process.env['STAND_IN_LOCK'] !== 'taken'

const appEvents = emitter()
export const app = {
  ...appEvents.methods,
  isPackaged: false,
  whenReady: () => ready.promise,
  setPath: (name: string, path: string) => record('app.setPath', [name, path]),
  setAppUserModelId: (id: string) => record('app.setAppUserModelId', id),
  enableSandbox: () => record('app.enableSandbox', true),
  requestSingleInstanceLock: (data?: Record<string, unknown>) => {
    record('app.requestSingleInstanceLock', data)
    return hasLock
  },
  getSystemLocale: () => 'de-DE',
  quit: () => {
    record('app.quit', true)
    quitting.resolve()
  },
} satisfies Partial<Electron.App>
const quitting = Promise.withResolvers<void>()

type StandInWindow = ReturnType<typeof makeWindow>

function makeWindow(options: WindowOptions) {
  const contents = webContentsOf(record)
  let isOpen = true
  const { events, methods } = emitter()
  const bounds = {
    x: options.x ?? 10,
    y: options.y ?? 20,
    width: options.width ?? 0,
    height: options.height ?? 0,
  }
  const window = {
    ...methods,
    webContents: contents.webContents as unknown as Electron.WebContents,
    loadURL: async (url: string) => {
      record('window.loadURL', url)
      contents.navigate(url)
      events.emit('ready-to-show')
    },
    show: () => record('window.show', true),
    focus: () => record('window.focus', true),
    restore: () => record('window.restore', true),
    maximize: () => record('window.maximize', true),
    isMinimized: () => false,
    isMaximized: () => false,
    isFocused: () => true,
    getNormalBounds: () => ({ ...bounds }),
    setProgressBar: (share: number) => record('window.setProgressBar', share),
    close: () => closeWindow(),
  } satisfies Partial<Electron.BrowserWindow>
  const closeWindow = (): boolean => {
    let prevented = false
    events.emit('close', { preventDefault: () => (prevented = true) })
    if (prevented || !isOpen) return false
    isOpen = false
    events.emit('closed')
    appEvents.events.emit('window-all-closed')
    return true
  }
  return { window, contents, events, options, bounds, close: closeWindow }
}

/** What `new BrowserWindow(options)` gives is the stand-in itself. */
export const BrowserWindow = function (options: WindowOptions) {
  const made = makeWindow(options)
  windows.push(made)
  appEvents.events.emit('web-contents-created', {}, made.contents.webContents)
  windowMade.resolve(made)
  return made.window
}

export const ipcMain = {
  handle: (channel: string, handler: (event: Electron.IpcMainInvokeEvent, ...args: unknown[]) => unknown) =>
    void handlers.set(channel, handler),
} satisfies Partial<Electron.IpcMain>

const sessionEvents = emitter()
type Registered = {
  permissionRequest?: Parameters<Electron.Session['setPermissionRequestHandler']>[0]
  permissionCheck?: Parameters<Electron.Session['setPermissionCheckHandler']>[0]
  devicePermission?: Parameters<Electron.Session['setDevicePermissionHandler']>[0]
  beforeRequest?: (
    details: Electron.OnBeforeRequestListenerDetails,
    answer: (response: Electron.CallbackResponse) => void,
  ) => void
  scheme?: (request: GlobalRequest) => GlobalResponse | Promise<GlobalResponse>
}
const registered: Registered = {}
const sessionProtocol = {
  handle: (scheme, handler) => {
    record('session.protocol.handle', scheme)
    registered.scheme = handler
  },
} satisfies Partial<Electron.Protocol>
const webRequest = {
  onBeforeRequest: (listener: unknown) => {
    registered.beforeRequest = listener as Registered['beforeRequest']
  },
} satisfies Partial<Electron.WebRequest>
const defaultSession = {
  ...sessionEvents.methods,
  setPermissionRequestHandler: (handler) => void (registered.permissionRequest = handler),
  setPermissionCheckHandler: (handler) => void (registered.permissionCheck = handler),
  setDevicePermissionHandler: (handler) => void (registered.devicePermission = handler),
  protocol: sessionProtocol as unknown as Electron.Protocol,
  webRequest: webRequest as unknown as Electron.WebRequest,
} satisfies Partial<Electron.Session>
export const session = {
  defaultSession: defaultSession as unknown as Electron.Session,
} satisfies Partial<typeof Electron.Session>

export const protocol = {
  registerSchemesAsPrivileged: (schemes: Electron.CustomScheme[]) => record('protocol.schemes', schemes),
} satisfies Partial<Electron.Protocol>

const display = { workArea: { x: 0, y: 0, width: 1440, height: 900 } } satisfies Partial<Electron.Display>
export const screen = {
  getPrimaryDisplay: () => display as unknown as Electron.Display,
  getAllDisplays: () => [display as unknown as Electron.Display],
} satisfies Partial<Electron.Screen>

export const Menu = {
  setApplicationMenu: (menu: Electron.Menu | null) => record('Menu.setApplicationMenu', menu),
  buildFromTemplate: () => ({}) as unknown as Electron.Menu,
} satisfies Partial<typeof Electron.Menu>

export const dialog = {
  showErrorBox: (title: string, content: string) => record('dialog.showErrorBox', [title, content]),
  showOpenDialog: async (...args: unknown[]) => {
    record('dialog.showOpenDialog', args.at(-1))
    return { canceled: false, filePaths: ['/chosen/file'] }
  },
  showSaveDialog: async (...args: unknown[]) => {
    record('dialog.showSaveDialog', args.at(-1))
    return { canceled: true, filePath: '' }
  },
} satisfies Partial<Electron.Dialog>

export const clipboard = {
  writeText: async (text: string) => record('clipboard.writeText', text),
} satisfies Partial<Electron.Clipboard>

export const shell = {
  trashItem: async (path: string) => record('shell.trashItem', path),
  showItemInFolder: (path: string) => record('shell.showItemInFolder', path),
} satisfies Partial<Electron.Shell>

const powerEvents = emitter()
export const powerMonitor = { ...powerEvents.methods } satisfies Partial<Electron.PowerMonitor>
export const powerSaveBlocker = {
  start: (type: 'prevent-app-suspension' | 'prevent-display-sleep') => {
    record('powerSaveBlocker.start', type)
    return 1
  },
  stop: (id: number) => {
    record('powerSaveBlocker.stop', id)
    return true
  },
} satisfies Partial<Electron.PowerSaveBlocker>

export const Notification = Object.assign(
  function (options: Electron.NotificationConstructorOptions) {
    record('Notification', [options.title, options.body])
    return { on: () => undefined, show: () => undefined } satisfies Record<'on' | 'show', unknown>
  },
  { isSupported: () => true } satisfies Partial<typeof Electron.Notification>,
)

/** The test's hands. */
export const played = {
  calls,
  ready,
  handlers,
  windows,
  windowMade,
  quitting,
  registered,
  sessionEvents,
  appEvents,
  powerEvents,
}
export { contextBridge, ipcRenderer, webUtils } from './web-contents.ts'
