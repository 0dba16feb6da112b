/** How strong a passphrase is, counted rather than felt: the guesses of somebody who has the kit and knows how people
 * choose passphrases. It errs on the low side; no estimate is a proof. */

export type Verdict = 'too-weak' | 'fair' | 'strong'

export type PassphraseStrength = {
  /** Base-two logarithm of the guesses. */
  bits: number
  verdict: Verdict
  /** Years to try half of them, at `guessesPerSecond`. */
  years: number
  words: number
  characters: number
}

/** scrypt at 2^18 costs a core about a second: this is ten thousand of them. */
export const guessesPerSecond = 10_000

/** Below, no kit is made: a month of those machines would do. */
export const leastBits = 35
const strongBits = 60

/** A word that a person thinks of is one of about 4,000; more letters than it has bits in it add nothing. */
const wordBits = 12
const secondsPerYear = 31_557_600

/** What everybody tries first, without digits and signs around it. */
const tried = new Set(
  `password passwort passphrase passw0rd qwerty qwertz azerty letmein welcome admin administrator login master secret
  dragon monkey iloveyou princess sunshine football baseball trustno superman batman shadow hello freedom whatever
  changeme default test testing root toor user guest weightlock correcthorsebatterystaple asdf asdfgh zxcvbn abc abcd
  abcdef abcdefg jesus love god summer winter spring autumn`.split(/\s+/),
)

/** Each a row of a keyboard, or an alphabet: runs along them cost next to nothing. */
const runs = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'qwertzuiop',
  'asdfghjkl',
  'zxcvbnm',
  'yxcvbnm',
]

const isRun = (before: string, letter: string): boolean =>
  before === letter || runs.some((run) => run.includes(before + letter) || run.includes(letter + before))

/** Letters that follow from the one before are worth one bit. */
function characterBits(text: string): number {
  const alphabet =
    (/[a-z]/.test(text) ? 26 : 0) +
    (/[A-Z]/.test(text) ? 26 : 0) +
    (/[0-9]/.test(text) ? 10 : 0) +
    (/[\x20-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]/.test(text) ? 20 : 0) +
    (/[^\x20-\x7e]/.test(text) ? 40 : 0)
  let bits = 0
  let before = ''
  for (const letter of text) {
    bits += before !== '' && isRun(before.toLowerCase(), letter.toLowerCase()) ? 1 : Math.log2(alphabet)
    before = letter
  }
  return bits
}

/** Capitals at the front and swapped letters are the first that anybody tries. */
const plain = (word: string): string =>
  word
    .toLowerCase()
    .replaceAll('0', 'o')
    .replaceAll('1', 'i')
    .replaceAll('3', 'e')
    .replaceAll('4', 'a')
    .replaceAll('5', 's')
    .replaceAll('$', 's')
    .replaceAll('@', 'a')

/** Letters that could be a word of some language: it has a vowel, and its consonants do not pile up. */
const looksLikeWord = (part: string): boolean =>
  /^\p{L}{2,}$/u.test(part) &&
  (/[^\x00-\x7f]/.test(part) || (/[aeiouy]/i.test(part) && !/[^aeiouy]{5}/i.test(part)))

function partBits(part: string): number {
  const core = part.replace(/[^\p{L}]+$/u, '').replace(/^[^\p{L}]+/u, '')
  const letters = plain(core)
  const rest = part.length - core.length
  const around = rest > 0 ? Math.min(characterBits(part.slice(-rest)), rest * 4) : 0
  if (tried.has(letters) || tried.has(part.toLowerCase())) return 4 + around
  if (/^(19|20)\d\d$/.test(part)) return 7
  if (looksLikeWord(part)) return Math.min(wordBits, characterBits(part))
  if (letters.length >= 4 && looksLikeWord(letters))
    return Math.min(wordBits + 2 + around, characterBits(part))
  return characterBits(part)
}

/** Words that are repeated, and what everybody tries first, count next to nothing. */
export function passphraseStrength(passphrase: string): PassphraseStrength {
  const characters = Array.from(passphrase).length
  const parts = passphrase.split(/[\s\-_.,;:/|+]+/).filter((part) => part !== '')
  const seen = new Set<string>()
  let bits = tried.has(parts.join('').toLowerCase()) ? -Infinity : 0
  for (const part of parts) {
    bits += seen.has(part.toLowerCase()) ? 1 : partBits(part)
    seen.add(part.toLowerCase())
  }
  const counted = Math.max(0, Math.min(bits, characterBits(passphrase), 8 * characters))
  return {
    bits: Math.floor(counted),
    verdict: counted < leastBits ? 'too-weak' : counted < strongBits ? 'fair' : 'strong',
    years: 2 ** (counted - 1) / guessesPerSecond / secondsPerYear,
    words: parts.length,
    characters,
  }
}
