import { use, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { safeText } from '../../shared/safe-text.ts'
import { RoomMemory } from './ellipsis-room.ts'
import type { Room } from './ellipsis-room.ts'
import { fitMiddle, forgetWidths, tailLength, textWidth } from './text-width.ts'
import classes from './middle-ellipsis.module.css'

type Listener = (widthPx: number) => void
const listeners = new WeakMap<Element, Listener>()
let observer: ResizeObserver | undefined
const watchWidth = (element: Element, listener: Listener): (() => void) => {
  observer ??= new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) listeners.get(target)?.(contentRect.width)
  })
  listeners.set(element, listener)
  observer.observe(element)
  return () => {
    observer?.unobserve(element)
    listeners.delete(element)
  }
}

let fontsCame: Promise<unknown> | undefined
const whenFontsCame = (): Promise<unknown> => {
  fontsCame ??= document.fonts?.ready.then(forgetWidths) ?? Promise.resolve()
  return fontsCame
}

/** One line, shortened in the middle so that its end can be read. Names are made safe to show here.
 * @param tail characters kept at the end; the extension and three before it unless given */
export function MiddleEllipsis({ text, tail }: { text: string; tail?: number }) {
  const full = safeText(text)
  const keep = tail ?? tailLength(full)
  const memory = use(RoomMemory)
  const box = useRef<HTMLSpanElement>(null)
  const [room, setRoom] = useState<Room | null>(() => memory?.get() ?? null)
  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return undefined
    const measure = (widthPx: number): void => {
      const { fontWeight, fontSize, fontFamily } = getComputedStyle(element)
      const font = `${fontWeight} ${fontSize} ${fontFamily}`
      if (widthPx > 0) memory?.keep({ widthPx, font })
      setRoom((now) => (now?.widthPx === widthPx && now.font === font ? now : { widthPx, font }))
    }
    if ((memory?.get() ?? null) === null) measure(element.getBoundingClientRect().width)
    let stopped = false
    void whenFontsCame().then(() => {
      // Another object, so that it is fitted again although its width is the same.
      if (!stopped) setRoom((now) => now && { ...now })
    })
    const unwatch = watchWidth(element, measure)
    return () => {
      stopped = true
      unwatch()
    }
  }, [memory])
  const fitted = useMemo(
    () =>
      room === null || room.widthPx === 0
        ? full
        : fitMiddle(full, room.widthPx + 0.2, keep, (part) => textWidth(part, room.font) ?? 0),
    [full, keep, room],
  )
  const isCut = fitted !== full
  return (
    <span ref={box} className={classes.middle} title={full} data-cut={isCut || undefined}>
      {isCut ? (
        <>
          <span aria-hidden>{fitted}</span>
          <span className="visually-hidden">{full}</span>
        </>
      ) : (
        full
      )}
    </span>
  )
}
