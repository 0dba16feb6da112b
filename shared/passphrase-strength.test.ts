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
    '1qaz2wsx3edc4rfv5tgb6yhn',
    '!QAZ2wsx#EDC4rfv%TGB',
    '3.14159265358979323846264338327950288',
    'correct-horse-battery-staple!',
    'Correct Horse Battery Staple 1',
    'To be, or not to be: that is the question',
    'Call me Ishmael. Some years ago, never mind how long',
    'abc123abc123abc123abc123',
    'aB1!aB1!aB1!aB1!aB1!aB1!',
    '0123456789abcdef0123456789abcdef',
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

  it.each(['password123!password123!password123!', 'xk7Qxk7Qxk7Qxk7Qxk7Qxk7Q', 'qwer1234asdf5678zxcv'])(
    'however long, is not strong where it is a pattern: %s',
    (text) => {
      expect(verdictOf(text)).not.toBe('strong')
    },
  )

  it('says that parts of it are known', () => {
    expect(passphraseStrength('correct horse battery staple lantern')).toMatchObject({ isKnown: true })
    expect(passphraseStrength('lantern gravel mango orbit velvet')).toMatchObject({ isKnown: false })
  })

  it('is counted in little time, however long it is', () => {
    expect(verdictOf('ab'.repeat(100_000))).toBe('too-weak')
    expect(verdictOf('q8Zr2LwX5v'.repeat(20_000))).toBe('strong')
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
