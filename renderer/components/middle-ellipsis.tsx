import { useLayoutEffect, useRef, useState } from 'react'
import { safeText } from '../../shared/safe-text.ts'
import { fitMiddle, forgetWidths, tailLength, textWidth } from './text-width.ts'
import classes from './middle-ellipsis.module.css'

type Fit = (widthPx: number) => void
const fits = new WeakMap<Element, Fit>()
let observer: ResizeObserver | undefined
const watch = (element: Element, fit: Fit): (() => void) => {
  observer ??= new ResizeObserver((entries) => {
    for (const entry of entries) fits.get(entry.target)?.(entry.contentRect.width)
  })
  fits.set(element, fit)
  observer.observe(element)
  return () => {
    observer?.unobserve(element)
    fits.delete(element)
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
  const box = useRef<HTMLSpanElement>(null)
  const [fit, setFit] = useState({ full, fitted: full })
  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return undefined
    const keep = tail ?? tailLength(full)
    let font = ''
    const refit = (widthPx: number): void => {
      if (widthPx === 0) return
      if (font === '') {
        const style = getComputedStyle(element)
        font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`
      }
      const fitted = fitMiddle(full, widthPx + 0.2, keep, (part) => textWidth(part, font) ?? 0)
      setFit((now) => (now.full === full && now.fitted === fitted ? now : { full, fitted }))
    }
    refit(element.getBoundingClientRect().width)
    let stopped = false
    void whenFontsCame().then(() => {
      if (!stopped) refit(element.getBoundingClientRect().width)
    })
    const unwatch = watch(element, refit)
    return () => {
      stopped = true
      unwatch()
    }
  }, [full, tail])
  const fitted = fit.full === full ? fit.fitted : full
  const isCut = fitted !== full
  return (
    <span ref={box} className={classes.middle} title={full}>
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
