/** Keys of the whole window. The list is what `?` shows; each screen adds its own while it stands. */
import { useLayoutEffect, useRef } from 'react'

export type Shortcut = {
  /** `/`, `?`, `mod+k` (Ctrl, or Cmd on a Mac), `Escape`. */
  keys: string
  /** What it does, for the list; no words, no line. */
  does?: string
  run: (event: KeyboardEvent) => void
  /** Also while text is being typed. */
  whileTyping?: boolean
  /** Leaves the key to others while it says no. */
  isWanted?: (event: KeyboardEvent) => boolean
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
  !(target instanceof HTMLInputElement && /^(checkbox|radio|button)$/.test(target.type))

const isOverlayOpen = (): boolean => document.querySelector('[role="dialog"],[role="menu"]') !== null

const matches = (keys: string, event: KeyboardEvent): boolean => {
  const parts = keys.split('+')
  const key = parts.at(-1) ?? ''
  const wantsMod = parts.includes('mod')
  return (
    event.key.toLowerCase() === key.toLowerCase() &&
    (event.ctrlKey || event.metaKey) === wantsMod &&
    !event.altKey &&
    (!wantsMod || event.shiftKey === parts.includes('shift'))
  )
}

/** Listens while the component stands. Dialogs and menus keep their keys, except for `whileTyping` ones. */
export function useShortcuts(shortcuts: Shortcut[]): void {
  const latest = useRef(shortcuts)
  useLayoutEffect(() => {
    latest.current = shortcuts
  })
  useLayoutEffect(() => {
    // Escape has closed a menu by the time that the window hears of it.
    let wasOverlayOpen = false
    const look = (): void => {
      wasOverlayOpen = isOverlayOpen()
    }
    const listen = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return
      const found = latest.current.find(
        ({ keys, isWanted }) => matches(keys, event) && isWanted?.(event) !== false,
      )
      if (!found) return
      if (found.whileTyping !== true && (isTyping(event.target) || wasOverlayOpen)) return
      event.preventDefault()
      found.run(event)
    }
    window.addEventListener('keydown', look, { capture: true })
    window.addEventListener('keydown', listen)
    return () => {
      window.removeEventListener('keydown', look, { capture: true })
      window.removeEventListener('keydown', listen)
    }
  }, [])
}

export const isMac = (): boolean => /Mac/.test(navigator.userAgent)
/** `mod+k` as people read it. */
export const keyLabel = (keys: string): string =>
  keys
    .replace('mod', isMac() ? '⌘' : 'Ctrl')
    .replace(/\+(\w+)$/, (_, key: string) => ` ${key.charAt(0).toUpperCase()}${key.slice(1)}`)
