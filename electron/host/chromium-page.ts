/** The part of the Chromium host that runs inside the page: the same surface as `preload.ts` exposes. */

/** What the page's side sends through its one binding, as JSON. Untrusted. */
export type PageMessage =
  | { kind: 'call'; channel: string; request: unknown }
  | { kind: 'path'; file: number }
  | { kind: 'focus'; focused: boolean }
  | { kind: 'moved' }

/** What the host calls inside the page, under the binding's name. */
export type PageSide = {
  emit: (event: string, json: string) => void
  /** A file that waits for its path; what its path is, only the browser knows. */
  file: (index: number) => File | undefined
}

/** Installs the bridge. Runs before every script of the page; Playwright carries its text over, so it may use
 * nothing from outside itself.
 * @param name of the binding, random for each start; taken off the window before the page can see it */
export function installBridge(name: string): void {
  const globals = window as unknown as Record<string, unknown>
  const binding = globals[name] as ((json: string) => Promise<string>) | undefined
  if (binding === undefined || window.top !== window) return
  delete globals[name]

  const send = async (message: PageMessage): Promise<unknown> => {
    const answer = JSON.parse(await binding(JSON.stringify(message))) as { value?: unknown; error?: string }
    if (answer.error !== undefined) throw new Error(answer.error)
    return answer.value
  }
  const listeners = new Map<string, Set<(payload: unknown) => void>>()
  const files = new Map<number, File>()
  let fileCount = 0

  const pageSide: PageSide = {
    emit: (event, json) => {
      const payload: unknown = JSON.parse(json)
      for (const listener of listeners.get(event) ?? []) listener(payload)
    },
    file: (index) => files.get(index),
  }
  Object.defineProperty(globals, name, { value: pageSide })

  const bridge = {
    invoke: (channel: string, request: unknown) => send({ kind: 'call', channel, request }),
    on: (event: string, listener: (payload: unknown) => void) => {
      const heard = listeners.get(event) ?? new Set()
      listeners.set(event, heard.add(listener))
      return () => void heard.delete(listener)
    },
    pathForFile: async (file: File) => {
      const index = fileCount++
      files.set(index, file)
      try {
        return await send({ kind: 'path', file: index })
      } finally {
        files.delete(index)
      }
    },
  }
  Object.defineProperty(globals, 'weightlock', { value: Object.freeze(bridge) })

  const tell = (message: PageMessage) => void send(message).catch(() => undefined)
  window.addEventListener('focus', () => tell({ kind: 'focus', focused: true }))
  window.addEventListener('blur', () => {
    tell({ kind: 'focus', focused: false })
    tell({ kind: 'moved' })
  })
  window.addEventListener('resize', () => tell({ kind: 'moved' }))
  // The browser asks its host before it closes the window: that is the quit guard.
  window.addEventListener('beforeunload', (event) => event.preventDefault())
}
