import { useSyncExternalStore } from 'react'

const tickMs = 60_000
let nowMillis = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

const subscribe = (listener: () => void): (() => void) => {
  if (listeners.size === 0) {
    nowMillis = Date.now()
    timer = setInterval(() => {
      nowMillis = Date.now()
      for (const one of listeners) one()
    }, tickMs)
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) clearInterval(timer)
  }
}

/** The time (epoch ms), a minute old at most: for *2 h ago* and *due in 6 d*, which grow old while one looks. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => nowMillis)
