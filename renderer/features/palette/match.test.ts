import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { markMatches, matchesQuery, moveActive } from './match.ts'

describe('matchesQuery', () => {
  it('wants every word, in any order, in any of the texts', () => {
    expect(matchesQuery('fraud detector', ['Detector.pkl', 'models/fraud'])).toBe(true)
    expect(matchesQuery('fraud nlp', ['detector.pkl', 'models/fraud'])).toBe(false)
    expect(matchesQuery('  ', ['anything'])).toBe(true)
  })
})

describe('markMatches', () => {
  it('marks every occurrence, whatever its case', () => {
    expect(markMatches('Fraud_fraud.pkl', 'fraud')).toEqual([
      { text: 'Fraud', matches: true },
      { text: '_', matches: false },
      { text: 'fraud', matches: true },
      { text: '.pkl', matches: false },
    ])
  })

  it('merges words that overlap', () => {
    expect(markMatches('aabb', 'aab abb')).toEqual([{ text: 'aabb', matches: true }])
  })

  it('never loses or adds a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: 'grapheme', maxLength: 4 }),
        (text, query) => {
          const joined = markMatches(text, query)
            .map((piece) => piece.text)
            .join('')
          expect(joined).toBe(text)
        },
      ),
    )
  })
})

describe('moveActive', () => {
  it('goes around both ends and stays put in an empty list', () => {
    expect(moveActive(0, -1, 3)).toBe(2)
    expect(moveActive(2, 1, 3)).toBe(0)
    expect(moveActive(0, 1, 0)).toBe(0)
  })
})
