import { describe, expect, it } from 'vitest'
import { passphraseStrength } from '../../shared/passphrase-strength.ts'
import { generatePassphrase } from './generate-passphrase.ts'
import { passphraseWords } from './passphrase-words.ts'

describe('the list of words', () => {
  it('has 1,024, each another: ten bits a word', () => {
    expect(passphraseWords).toHaveLength(1024)
    expect(new Set(passphraseWords).size).toBe(1024)
  })

  it('has short words in small letters alone', () => {
    expect(passphraseWords.filter((word) => !/^[a-z]{3,7}$/.test(word))).toEqual([])
  })

  it('has none that begins with another, and none that shares its first four letters', () => {
    const sorted = passphraseWords.toSorted()
    expect(sorted.filter((word, n) => sorted[n + 1]?.startsWith(word))).toEqual([])
    expect(new Set(sorted.map((word) => word.slice(0, 4))).size).toBe(1024)
  })

  it('has no two of a length that differ in one letter', () => {
    const withOneMissing = passphraseWords.flatMap((word) =>
      Array.from(word, (_, at) => `${word.slice(0, at)}?${word.slice(at + 1)}`),
    )
    expect(new Set(withOneMissing).size).toBe(withOneMissing.length)
  })
})

describe('a generated passphrase', () => {
  const made = Array.from({ length: 2000 }, generatePassphrase)

  it('is ten words of the list, unlike any other, and strong by our own count', () => {
    for (const passphrase of made) {
      const words = passphrase.split('-')
      expect(words).toHaveLength(10)
      expect(words.filter((word) => !passphraseWords.includes(word))).toEqual([])
      expect(passphraseStrength(passphrase)).toMatchObject({ words: 10, verdict: 'strong' })
    }
    expect(new Set(made).size).toBe(made.length)
  })

  it('uses every word of the list, about as often', () => {
    const times = new Map<string, number>()
    for (const word of made.flatMap((passphrase) => passphrase.split('-')))
      times.set(word, (times.get(word) ?? 0) + 1)
    // 20,000 draws: about 20 of each word; none by chance is one in hundreds of thousands, 60 less than that.
    expect(times.size).toBe(1024)
    expect(Math.max(...times.values())).toBeLessThan(60)
  })
})
