import { useLayoutEffect, useState } from 'react'
import type { RefObject } from 'react'

/** Width of an element in CSS pixels, kept up to date; 0 before the first measure. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [widthPx, setWidthPx] = useState(0)
  useLayoutEffect(() => {
    const { current } = element
    if (current === null) return undefined
    const measure = (): void => setWidthPx(current.clientWidth)
    const observer = new ResizeObserver(measure)
    measure()
    observer.observe(current)
    return () => observer.disconnect()
  }, [element])
  return widthPx
}
