import { useLayoutEffect, useRef } from 'react'
import type { RefObject } from 'react'

/** Another list is read from its top: its scroller goes back there whenever the list becomes another one.
 * @param list its name, `WindowedRows.list` */
export function useTopOfList(list: string, scroller: RefObject<HTMLElement | null>): void {
  const shown = useRef(list)
  useLayoutEffect(() => {
    if (shown.current !== list && scroller.current !== null) scroller.current.scrollTo({ top: 0 })
    shown.current = list
  }, [list, scroller])
}
