import { useSyncExternalStore } from 'react'

const tickMs = 30_000

let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

const subscribe = (listener: () => void): (() => void) => {
  if (listeners.size === 0) {
    now = Date.now()
    timer = setInterval(() => {
      now = Date.now()
      for (const one of listeners) one()
    }, tickMs)
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) clearInterval(timer)
  }
}

const read = (): number => {
  // Nobody listens yet: what was read when the page was loaded would be stale.
  if (listeners.size === 0 && Math.abs(Date.now() - now) > tickMs) now = Date.now()
  return now
}

/** The time in epoch milliseconds, exact to half a minute, for ages and “today”; what shows it is drawn again. */
export const useNow = (): number => useSyncExternalStore(subscribe, read)
