import { describe, expect, it } from 'vitest'
import { cssVariables, dark, light } from './tokens.ts'
import type { Tokens } from './tokens.ts'

const channel = (hex: string, at: number): number => {
  const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255
  return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
}
/** Relative luminance, WCAG 2.2. */
const luminance = (hex: string): number =>
  0.2126 * channel(hex, 1) + 0.7152 * channel(hex, 3) + 0.0722 * channel(hex, 5)
const contrast = (one: string, other: string): number => {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}
const grounds = (t: Tokens): string[] => [t.canvas, t.surface, t.sunken, t.hover, t.selected]
const lowest = (pairs: (t: Tokens) => [string, string][]): number =>
  Math.min(...[light, dark].flatMap((t) => pairs(t).map(([one, other]) => contrast(one, other))))
const rounded = (ratio: number): number => Math.round(ratio * 100) / 100

describe('contrast of the theme', () => {
  it('keeps third text at 5.02 on all five backgrounds', () => {
    expect(rounded(lowest((t) => grounds(t).map((ground) => [t.third, ground])))).toBeGreaterThanOrEqual(5.02)
  })
  it('keeps text and second text above third text on all five backgrounds', () => {
    const weakest = lowest((t) =>
      [t.text, t.second].flatMap((ink) => grounds(t).map((g): [string, string] => [ink, g])),
    )
    expect(weakest).toBeGreaterThan(6)
  })
  it('keeps the accent at 6.11 on all five backgrounds and under its own text', () => {
    const pairs = (t: Tokens): [string, string][] => [
      ...grounds(t).map((ground): [string, string] => [t.accent, ground]),
      [t.onAccent, t.accent],
    ]
    expect(rounded(lowest(pairs))).toBeGreaterThanOrEqual(6.11)
  })
  it('keeps each state at 6.07 on its soft ground', () => {
    const pairs = (t: Tokens): [string, string][] => [
      [t.ok, t.okSoft],
      [t.warn, t.warnSoft],
      [t.danger, t.dangerSoft],
      [t.violet, t.violetSoft],
      [t.neutral, t.neutralSoft],
    ]
    expect(rounded(lowest(pairs))).toBeGreaterThanOrEqual(6.07)
  })
  it('keeps white at 5.20 on the danger fill and ink on the primary button readable', () => {
    expect(rounded(lowest((t) => [[t.onDangerFill, t.dangerFill]]))).toBeGreaterThanOrEqual(5.2)
    expect(lowest((t) => [[t.onPrimary, t.primary]])).toBeGreaterThan(7)
  })
  it('keeps the border of controls at 3.01 on the grounds that they stand on', () => {
    const pairs = (t: Tokens): [string, string][] => grounds(t).map((ground) => [t.control, ground])
    expect(rounded(lowest(pairs))).toBeGreaterThanOrEqual(3.01)
  })
})

describe('css variables', () => {
  it('spells names with dashes, every token in both themes', () => {
    expect(cssVariables(light)['--on-accent']).toBe('#FFFFFF')
    expect(Object.keys(cssVariables(light))).toEqual(Object.keys(cssVariables(dark)))
  })
})
