import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSafeText, safeText } from './safe-text.ts'

const anyText = fc.string({ unit: 'binary' })
const bidi = [0x061c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069]

describe('safeText', () => {
  it('spells out a right-to-left override', () => {
    expect(safeText('invoice\u202egpj.exe')).toBe('invoice\\u202egpj.exe')
  })

  it('spells out newlines, tabs and escape sequences', () => {
    expect(safeText('a\nb\tc\r\u001b[31m\u009b0m')).toBe('a\\nb\\tc\\r\\u001b[31m\\u009b0m')
  })

  it('spells out astral format characters in braces', () => {
    expect(safeText('\u{e0041}')).toBe('\\u{e0041}')
  })

  it.each([
    'modèle été.pkl',
    'モデル.onnx',
    'مدل‌ها.bin',
    'team 👩‍👩‍👧 v2.pt',
    String.raw`C:\models\new`,
    "it's $HOME `x`",
  ])('leaves ordinary names alone: %s', (name) => {
    expect(safeText(name)).toBe(name)
    expect(isSafeText(name)).toBe(true)
  })

  it.each(bidi)('never lets direction character %i through', (point) => {
    expect(safeText(`a${String.fromCodePoint(point)}b`)).toBe(`a\\u${point.toString(16).padStart(4, '0')}b`)
  })

  it('lets no control, direction or separator character and no lone surrogate through', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0xffff), { maxLength: 40 }), (units) => {
        const text = safeText(String.fromCharCode(...units))
        for (const character of text) {
          const point = character.codePointAt(0) ?? 0
          expect(point < 0x20 || (point >= 0x7f && point < 0xa0)).toBe(false)
          expect(point >= 0xd800 && point <= 0xdfff).toBe(false)
          expect([...bidi, 0x2028, 0x2029, 0x200b, 0xfeff]).not.toContain(point)
        }
      }),
    )
  })

  it('changes nothing the second time, and nothing that is safe', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const once = safeText(text)
        expect(safeText(once)).toBe(once)
        expect(isSafeText(once)).toBe(true)
        expect(isSafeText(text)).toBe(text === once)
      }),
    )
  })
})
