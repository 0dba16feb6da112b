/** What a window is. All that differs between Electron and an installed Chromium, and nothing else. */
import type { EventName, EventPayload } from '../../shared/contract/events.ts'
import type { HostKind } from '../../shared/contract/program.ts'
import type { PathToken } from '../../shared/ids.ts'

/** Main's side of the wire: what the host calls when the window speaks. */
export type WindowCalls = {
  /** Parses, checks and answers one call; the answer is a `Result`, always serialisable. Never throws. */
  invoke: (channel: string, request: unknown) => Promise<unknown>
  /** A token for the real path of a dropped, pasted or chosen file. */
  mintPathToken: (path: string) => PathToken
  /** The window wants to close. @returns true when it may close now */
  mayClose: () => boolean
  /** A second start, a link or a double click on an age file, as command-line arguments. */
  openedWith: (args: string[]) => void
}

export type WindowBounds = { x: number; y: number; width: number; height: number; maximized: boolean }

export type OpenWindow = {
  calls: WindowCalls
  rendererFolder: string
  preloadPath: string
  bounds: WindowBounds | null
  onBoundsChanged: (bounds: WindowBounds) => void
}

export type Host = {
  kind: HostKind
  nativeDialogs: boolean
  locale: () => string
  openWindow: (options: OpenWindow) => Promise<void>
  emit: <E extends EventName>(event: E, payload: EventPayload<E>) => void
  /** Settles when the window is gone. */
  closed: Promise<void>
  close: () => Promise<void>
  focus: () => void
  isFocused: () => boolean
  /** @returns absolute paths, empty when cancelled */
  chooseToOpen?: (what: 'files' | 'folder' | 'age-file' | 'identity') => Promise<string[]>
  /** @returns an absolute path, or null when cancelled */
  chooseTarget?: (suggestedName: string, what: 'file' | 'folder') => Promise<string | null>
  /** Moves to the system's trash. @throws host/unsupported where there is none */
  trash: (path: string) => Promise<void>
  revealInFileManager: (path: string) => void
  notify: (title: string, body: string) => void
  copyText: (text: string) => Promise<void>
  printToPdf: (path: string) => Promise<void>
  /** Progress on the taskbar. @param share 0 to 1, or null for none */
  setProgress: (share: number | null) => void
  keepAwake: (on: boolean) => void
  /** Sleep, and the network going away. @returns a function that stops listening */
  onSuspend: (listener: () => void) => () => void
}
