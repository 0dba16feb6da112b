/** Says something to screen readers: `announce('Copied')`. The shell holds the live region. */
let said = ''
const listeners = new Set<() => void>()

export function announce(text: string): void {
  // The same words twice would be silent: a trailing space makes them differ.
  said = said === text ? `${text} ` : text
  for (const listener of listeners) listener()
}

export const announcements = {
  get: (): string => said,
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
}
