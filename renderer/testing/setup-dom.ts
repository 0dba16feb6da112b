/** What happy-dom lacks and our components count on. */
import { cleanup, configure } from '@testing-library/react'
import { afterEach } from 'vitest'

/** Under load, what takes moments may take seconds. */
configure({ asyncUtilTimeout: 5000 })

const boxHeightPx = 640
const boxWidthPx = 1024

const sized = (px: number): PropertyDescriptor => ({ configurable: true, get: () => px })
Object.defineProperties(HTMLElement.prototype, {
  offsetHeight: sized(boxHeightPx),
  offsetWidth: sized(boxWidthPx),
  clientHeight: sized(boxHeightPx),
  clientWidth: sized(boxWidthPx),
})

window.matchMedia ??= (query: string) =>
  ({
    matches: false,
    media: query,
    onchange: null,
    addEventListener: () => {},
    removeEventListener: () => {},
    addListener: () => {},
    removeListener: () => {},
    dispatchEvent: () => false,
  }) satisfies MediaQueryList
HTMLElement.prototype.scrollIntoView ??= () => {}

afterEach(cleanup)
