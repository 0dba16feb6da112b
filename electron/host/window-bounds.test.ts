import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clampToScreen } from './window-bounds.ts'

const laptop = { x: 0, y: 0, width: 1440, height: 900 }
const left = { x: -1920, y: 0, width: 1920, height: 1080 }

describe('clampToScreen', () => {
  it('leaves a window where it was when its screen is still there', () => {
    const bounds = { x: -1800, y: 40, width: 1200, height: 800, maximized: false }
    expect(clampToScreen(bounds, [laptop, left])).toEqual(bounds)
  })

  it('brings a window back from a screen that was taken away', () => {
    const bounds = { x: -1800, y: 40, width: 1200, height: 800, maximized: true }
    expect(clampToScreen(bounds, [laptop])).toEqual({ ...bounds, x: 0 })
  })

  it('never leaves a part outside a screen that is large enough', () => {
    const screen = fc.record({
      x: fc.integer({ min: -4000, max: 4000 }),
      y: fc.integer({ min: -4000, max: 4000 }),
      width: fc.integer({ min: 1024, max: 5000 }),
      height: fc.integer({ min: 640, max: 3000 }),
    })
    const bounds = fc.record({
      x: fc.integer({ min: -9000, max: 9000 }),
      y: fc.integer({ min: -9000, max: 9000 }),
      width: fc.integer({ min: 1, max: 9000 }),
      height: fc.integer({ min: 1, max: 9000 }),
      maximized: fc.boolean(),
    })
    fc.assert(
      fc.property(bounds, fc.array(screen, { minLength: 1, maxLength: 3 }), (asked, screens) => {
        const got = clampToScreen(asked, screens)
        expect(
          screens.some(
            (area) =>
              got.x >= area.x &&
              got.y >= area.y &&
              got.x + got.width <= area.x + area.width &&
              got.y + got.height <= area.y + area.height,
          ),
        ).toBe(true)
      }),
    )
  })
})
