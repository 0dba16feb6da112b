/** Which windows of a list to fetch while it is scrolled. */
import { useCallback, useEffect, useRef, useState } from 'react'

/** Windows by number, the last one included. */
export type WindowRange = { first: number; last: number }

/** A list that jumps more often than this flies by: nobody reads it. */
const restMs = 80

const isSame = (one: WindowRange, other: WindowRange): boolean =>
  one.first === other.first && one.last === other.last

/** The windows in view, followed at once, but not through what flies by: there only windows that are here already are
 * shown, and others once the list rests.
 * @param list another value for another list, which begins at its top
 * @param isHere whether a window needs no fetching */
export function useRestingRange(
  list: string,
  isHere: (window: number) => boolean,
): { range: WindowRange; follow: (wanted: WindowRange) => void } {
  const [state, setState] = useState({ list, range: { first: 0, last: 0 } })
  if (state.list !== list) setState({ list, range: { first: 0, last: 0 } })
  const { range } = state
  const latest = useRef({ range, isHere })
  useEffect(() => {
    latest.current = { range, isHere }
  })
  const jumpedAt = useRef(Number.NEGATIVE_INFINITY)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [list])

  const follow = useCallback((wanted: WindowRange): void => {
    clearTimeout(timer.current)
    const go = (): void => setState((now) => (isSame(now.range, wanted) ? now : { ...now, range: wanted }))
    if (isSame(latest.current.range, wanted)) return
    const now = performance.now()
    const isFlying = now - jumpedAt.current < restMs
    jumpedAt.current = now
    const windows = Array.from({ length: wanted.last - wanted.first + 1 }, (_, n) => wanted.first + n)
    if (!isFlying || windows.every((window) => latest.current.isHere(window))) go()
    else timer.current = setTimeout(go, restMs)
  }, [])
  return { range, follow }
}
