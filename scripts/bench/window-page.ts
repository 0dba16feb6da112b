/** What is measured inside the page. Every function is carried over as text, so it uses nothing from outside itself. */
import type { Channel } from '../../shared/contract/contract.ts'

/** Until the list of an address shows its first row, painted. @returns milliseconds */
export const timeToRows = (hash: string): Promise<number> =>
  new Promise((settle) => {
    const started = performance.now()
    const look = () => {
      const row = document.querySelector('[role="grid"] [role="row"][aria-rowindex="2"]')
      if ((row?.textContent ?? '') === '') return
      watcher.disconnect()
      requestAnimationFrame(() => setTimeout(() => settle(performance.now() - started)))
    }
    const watcher = new MutationObserver(look)
    watcher.observe(document.body, { childList: true, subtree: true, characterData: true })
    window.location.hash = hash
  })

/** From a key stroke in the search field until other rows are shown, painted. @returns milliseconds */
export const timeToFound = (query: string): Promise<number> =>
  new Promise((settle, refuse) => {
    const grid = document.querySelector('[role="grid"]')
    const field = document.querySelector<HTMLInputElement>('input[type="search"]')
    if (grid === null || field === null) return refuse(new Error('there is no list to search'))
    const shown = () =>
      `${grid.getAttribute('aria-rowcount')} ${grid.querySelector('[aria-rowindex="2"]')?.textContent ?? ''}`
    const before = shown()
    const look = () => {
      if (shown() === before || grid.getAttribute('aria-rowcount') === '-1') return
      watcher.disconnect()
      requestAnimationFrame(() => setTimeout(() => settle(performance.now() - started)))
    }
    const watcher = new MutationObserver(look)
    watcher.observe(grid, { attributes: true, childList: true, characterData: true, subtree: true })
    const started = performance.now()
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, query)
    field.dispatchEvent(new Event('input', { bubbles: true }))
    return undefined
  })

export type Scrolled = { mostRows: number; longestTaskMs: number }

/** Scrolls the list down and up again, a step a frame, then to its end, and watches the thread until the rows there
 * are shown.
 * @param frames one way
 * @param by the whole list in so many frames, or a screen in each
 * @throws Error where the end of the list never comes */
export const scrollThrough = async ({
  frames,
  by,
}: {
  frames: number
  by: 'list' | 'screen'
}): Promise<Scrolled> => {
  const grid = document.querySelector('[role="grid"]')
  if (grid === null) throw new Error('there is no list')
  const tasks: number[] = []
  const watcher = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) tasks.push(entry.duration)
  })
  watcher.observe({ type: 'longtask' })
  const frame = () => new Promise(requestAnimationFrame)
  let mostRows = 0
  const height = grid.scrollHeight - grid.clientHeight
  const stepPx = by === 'screen' ? grid.clientHeight : height / frames
  const down = Array.from({ length: frames }, (_, n) => Math.round((n + 1) * stepPx))
  for (const at of [...down, ...down.toReversed(), height]) {
    grid.scrollTop = at
    await frame()
    mostRows = Math.max(mostRows, document.querySelectorAll('[role="row"]').length)
  }
  const last = grid.getAttribute('aria-rowcount') ?? ''
  const isShown = () =>
    (document.querySelector(`[role="row"][aria-rowindex="${last}"]`)?.textContent ?? '') !== ''
  for (let waited = 0; !isShown(); waited++)
    if (waited < 600) await frame()
    else throw new Error('the last row is not shown')
  await frame()
  for (const entry of watcher.takeRecords()) tasks.push(entry.duration)
  watcher.disconnect()
  return { mostRows, longestTaskMs: Math.max(0, ...tasks) }
}

/** The shortest call there is, by its name in the figures. */
export const roundTrip = 'a call and its answer'

export type RepeatedCall = {
  name: string
  channel: Channel
  request: unknown
  /** From an answer to the next call. */
  everyMs: number
}

/** Encrypts the file of `#to-encrypt` and calls main over and over until it is stored.
 * @param calls each made beside the others, at its own pace
 * @returns milliseconds of every round trip */
export const callWhileEncrypting = async (
  calls: readonly RepeatedCall[],
): Promise<{ roundTripsMs: Record<string, number[]>; seconds: number; outcome: string }> => {
  const bridge = window.weightlock
  const [file] = document.querySelector<HTMLInputElement>('#to-encrypt')?.files ?? []
  if (bridge === undefined || file === undefined) throw new Error('there is nothing to encrypt')
  const started = await bridge.invoke('encrypt:start', {
    items: [
      {
        sources: [{ token: await bridge.pathForFile(file) }],
        name: 'bench.bin',
        separate: false,
        leaveOutHidden: false,
      },
    ],
    storeId: null,
    algorithm: null,
    original: 'keep',
    opaqueNames: false,
  })
  if (!started.ok) throw new Error(started.failure.code)
  const roundTripsMs: Record<string, number[]> = {}
  const begun = performance.now()
  let outcome = ''
  const stop = bridge.on('jobs:changed', ({ jobs }) => {
    for (const job of jobs)
      if (job.state !== 'running' && job.state !== 'queued') outcome = job.failure?.code ?? job.state
  })
  const invoke = bridge.invoke as (channel: Channel, request: unknown) => Promise<unknown>
  const callOver = async ({ name, channel, request, everyMs }: RepeatedCall) => {
    const taken: number[] = (roundTripsMs[name] = [])
    while (outcome === '') {
      const asked = performance.now()
      await invoke(channel, request)
      taken.push(performance.now() - asked)
      await new Promise((next) => setTimeout(next, everyMs))
    }
  }
  await Promise.all(calls.map(callOver))
  stop()
  return { roundTripsMs, seconds: (performance.now() - begun) / 1000, outcome }
}
