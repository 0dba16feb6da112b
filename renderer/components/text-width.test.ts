import { describe, expect, it } from 'vitest'
import { fitMiddle, tailLength } from './text-width.ts'

/** Every character one pixel wide. */
const widthOf = (text: string): number => Array.from(text).length
const fit = (text: string, roomPx: number): string => fitMiddle(text, roomPx, tailLength(text), widthOf)

describe('the ellipsis in the middle', () => {
  it('leaves alone what fits', () => {
    expect(fit('fraud_detector.pkl', 18)).toBe('fraud_detector.pkl')
  })
  it('keeps the extension and three characters before it', () => {
    expect(fit('bert-base-german-cased-ner-2026-10-28-epoch-12.safetensors', 32)).toBe(
      'bert-base-german…-12.safetensors',
    )
  })
  it('leaves no separator before the ellipsis', () => {
    expect(fit('bert-base-german-cased.pkl', 14)).toBe('bert-b…sed.pkl')
    expect(fit('a_b_c_d_e_f_g_h_i_j.pkl', 13)).toBe('a_b_c…i_j.pkl')
  })
  it('never takes more room than there is, down to a few pixels', () => {
    const name = 'credit-risk-v7.safetensors'
    for (let room = 6; room < name.length; room++) expect(widthOf(fit(name, room))).toBeLessThanOrEqual(room)
  })
  it('cuts between characters, not inside an emoji', () => {
    expect(fit('model-👩🏽‍🔬👩🏽‍🔬👩🏽‍🔬👩🏽‍🔬-v2.onnx', 20)).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/)
  })
})
