/** What a passphrase is worth, in the same words in the window and in the terminal. */
import type { Failure } from './failure.ts'
import { formatCount, formatCounted } from './format.ts'
import {
  type PassphraseStrength,
  guessesPerSecond,
  leastBits,
  passphraseStrength,
} from './passphrase-strength.ts'

const verdicts = { 'too-weak': 'Too weak for a kit', fair: 'Fair', strong: 'Strong' } as const

/** Years as one says them: nobody needs to know the eleventh digit. */
function yearsWords(years: number, locale: string | undefined): string {
  if (years < 1 / 12) return 'less than a month'
  if (years < 1) return 'less than a year'
  if (years < 2) return 'about a year'
  if (years < 10_000) return `about ${formatCount(Number(years.toPrecision(1)), locale)} years`
  return `more than ${formatCount(10_000, locale)} years`
}

type Counted = Pick<PassphraseStrength, 'bits' | 'words' | 'characters' | 'isKnown'>

/** `about 13 bits, counted as 4 words, with some that anybody tries first` */
export const bitsWords = ({ bits, words, characters, isKnown }: Counted): string =>
  `about ${bits} bits, counted as ${words > 1 ? formatCounted(words, 'word') : formatCounted(characters, 'character')}${
    isKnown ? ', with some that anybody tries first' : ''
  }`

/** A line beneath the passphrase that is being chosen. */
export const strengthWords = (strength: PassphraseStrength, locale?: string): string =>
  `${verdicts[strength.verdict]}: ${bitsWords(strength)}. With ${formatCount(guessesPerSecond, locale)} guesses a second it takes ${yearsWords(strength.years, locale)}.`

/** Why no kit is made under it; null where one is. */
export function weaknessOf(passphrase: string): Extract<Failure, { code: 'kit/passphrase-weak' }> | null {
  const { bits, verdict, words, characters, isKnown } = passphraseStrength(passphrase)
  if (verdict !== 'too-weak') return null
  return { code: 'kit/passphrase-weak', bits, leastBits, words, characters, isKnown }
}
