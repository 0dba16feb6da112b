/** Where a window may stand. */
import type { WindowBounds } from './host.ts'

/** A screen's usable area, in the same units as the window's. */
export type ScreenArea = { x: number; y: number; width: number; height: number }

/** The smallest window in which every screen is usable (product.md, "Screens"). */
export const smallestWindow = { width: 1024, height: 640 }
export const firstWindow = { width: 1280, height: 820 }

const overlap = (bounds: WindowBounds, area: ScreenArea): number =>
  Math.max(0, Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x)) *
  Math.max(0, Math.min(bounds.y + bounds.height, area.y + area.height) - Math.max(bounds.y, area.y))

/** Puts remembered bounds wholly onto the screen that shows most of them, or onto the first one.
 * @param screens at least one; the first is the main one */
export function clampToScreen(bounds: WindowBounds, screens: ScreenArea[]): WindowBounds {
  const [main] = screens
  if (main === undefined) return bounds
  const area = screens.reduce(
    (best, each) => (overlap(bounds, each) > overlap(bounds, best) ? each : best),
    main,
  )
  const width = Math.min(Math.max(bounds.width, smallestWindow.width), area.width)
  const height = Math.min(Math.max(bounds.height, smallestWindow.height), area.height)
  return {
    width,
    height,
    x: Math.round(Math.min(Math.max(bounds.x, area.x), area.x + area.width - width)),
    y: Math.round(Math.min(Math.max(bounds.y, area.y), area.y + area.height - height)),
    maximized: bounds.maximized,
  }
}
