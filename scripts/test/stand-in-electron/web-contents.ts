/** The page's end of Electron: what main sees of it, and what the preload is given. */
import { emitter } from './emitter.ts'

const pageSide = emitter()

/** Frames as `event.senderFrame` shows them. */
export const frameAt = (url: string) => ({ url }) as unknown as Electron.WebFrameMain

export function webContentsOf(record: (name: string, value: unknown) => void) {
  const { events, methods } = emitter()
  const state: { mainFrame: Electron.WebFrameMain; windowOpen?: () => unknown } = { mainFrame: frameAt('') }
  const webContents = {
    ...methods,
    get mainFrame() {
      return state.mainFrame
    },
    setWindowOpenHandler: (handler: unknown) => {
      state.windowOpen = handler as () => unknown
    },
    send: (channel: string, ...args: unknown[]) => void pageSide.events.emit(channel, {}, ...args),
    reload: () => record('webContents.reload', true),
    printToPDF: async () => Buffer.from('%PDF-'),
  } satisfies Partial<Electron.WebContents>
  return {
    webContents,
    events,
    state,
    navigate: (url: string) => void (state.mainFrame = frameAt(url)),
  }
}

type Invoke = (channel: string, ...args: unknown[]) => Promise<unknown>
let invokeInMain: Invoke = () => Promise.reject(new Error('no window yet'))
/** Connects the preload's calls with main's handlers. */
export const connectPage = (invoke: Invoke): void => void (invokeInMain = invoke)

export const ipcRenderer = {
  ...pageSide.methods,
  invoke: (channel: string, ...args: unknown[]) => invokeInMain(channel, ...args),
} satisfies Partial<Electron.IpcRenderer>

const exposed: Record<string, unknown> = {}
export const contextBridge = {
  exposeInMainWorld: (name: string, api: unknown) => void (exposed[name] = api),
} satisfies Partial<Electron.ContextBridge>

const pathOfFile = new Map<File, string>()
export const webUtils = {
  getPathForFile: (file: File) => pathOfFile.get(file) ?? '',
} satisfies Partial<Electron.WebUtils>

export const pagePlayed = { exposed, pathOfFile }
