import { describe, expect, it } from 'vitest'
import { leastBits, passphraseStrength } from './passphrase-strength.ts'

const verdictOf = (text: string) => passphraseStrength(text).verdict

describe('a passphrase', () => {
  it.each([
    '',
    'a',
    'password',
    'Password1!',
    'P@ssw0rd2026',
    'qwertyuiop',
    'aaaaaaaaaaaaaaaaaaaaaaaa',
    '1234567890123456',
    'abcdefghijklmnopqrstuvwxyz',
    'correct horse battery staple',
    'weightlock weightlock weightlock',
    'dog cat',
    'summer 2026',
  ])('that anybody tries early is too weak: %s', (text) => {
    expect(passphraseStrength(text).bits).toBeLessThan(leastBits)
    expect(verdictOf(text)).toBe('too-weak')
  })

  it('of words is counted by its words, not by its letters', () => {
    expect(passphraseStrength('lantern gravel')).toMatchObject({ bits: 24, words: 2, verdict: 'too-weak' })
    expect(passphraseStrength('lantern gravel mango')).toMatchObject({ bits: 36, verdict: 'fair' })
    expect(passphraseStrength('lantern gravel mango orbit velvet')).toMatchObject({
      bits: 60,
      verdict: 'strong',
    })
  })

  it('that repeats a word gains nothing by it', () => {
    const { bits } = passphraseStrength('lantern lantern lantern')
    expect(bits).toBeLessThan(passphraseStrength('lantern gravel').bits)
  })

  it('of random characters is counted by its characters', () => {
    expect(passphraseStrength('xk7Qz2vR9mTn')).toMatchObject({ verdict: 'strong', characters: 12 })
    expect(verdictOf('xk7Qz2v')).toBe('fair')
  })

  it('never has more bits than its bytes could hold, and grows as it is typed at random', () => {
    let before = 0
    for (let length = 1; length <= 20; length += 1) {
      const { bits } = passphraseStrength('q8Zr2LwX5vKd9TnB3hGs'.slice(0, length))
      expect(bits).toBeGreaterThanOrEqual(before)
      expect(bits).toBeLessThanOrEqual(8 * length)
      before = bits
    }
  })

  it('says how long it would take', () => {
    const { bits, years } = passphraseStrength('lantern gravel mango orbit velvet')
    expect(years).toBeCloseTo(2 ** (bits - 1) / 10_000 / 31_557_600, -3)
  })
})
