import { useEffect, useState } from 'react'

/** What had the focus before any dialog: where it goes back to when the one that opened a dialog is gone. */
let outside: HTMLElement | null = null

/** Who opened: a menu's item is gone with its menu, so its button stands for it. */
function findOpener(): HTMLElement | null {
  const { activeElement } = document
  if (!(activeElement instanceof HTMLElement) || activeElement === document.body) return null
  const button = activeElement.closest('[role="menu"]')?.getAttribute('aria-labelledby')
  const opener = (button ? document.getElementById(button) : null) ?? activeElement
  if (opener.closest('[role="dialog"]') === null) outside = opener
  return opener
}

/** Gives the focus back when the component goes: to what had it when it came, or to what had it before all dialogs. */
export function useFocusReturn(): void {
  const [opener] = useState(findOpener)
  useEffect(
    () => () => {
      requestAnimationFrame(() => {
        const { activeElement } = document
        const isLost = activeElement === null || activeElement === document.body || !activeElement.isConnected
        if (isLost) [opener, outside].find((one) => one?.isConnected)?.focus({ preventScroll: true })
      })
    },
    [opener],
  )
}
