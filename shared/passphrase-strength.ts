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
  /** A part of it is what everybody tries, a well-known sentence, or a repetition. */
  isKnown: boolean
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
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p',
  '1qay2wsx3edc4rfv5tgb6zhn7ujm8ik,9ol.0p',
]

/** The digits' own signs, on the keyboard that most have. */
const shifted = new Map('! @ # $ % ^ & * ( )'.split(' ').map((sign, at) => [sign, '1234567890'.charAt(at)]))
const onKey = (letter: string): string => shifted.get(letter) ?? letter.toLowerCase()

/** Sentences that lists of passphrases begin with; three words of one in their order are enough. */
const sentences =
  ` to be or not to be that is the question | four score and seven years ago our fathers brought forth |
  the quick brown fox jumps over the lazy dog | correct horse battery staple | may the force be with you always |
  all your base are belong to us | in the beginning was the word | in the beginning god created the heaven and the earth |
  lorem ipsum dolor sit amet consectetur adipiscing elit | call me ishmael some years ago never mind how long precisely |
  it was the best of times it was the worst of times | it was a dark and stormy night | once upon a time |
  our father who art in heaven hallowed be thy name | the lord is my shepherd i shall not want |
  we the people of the united states | we hold these truths to be self evident that all men are created equal |
  i have a dream that one day | ask not what your country can do for you | one small step for man |
  one giant leap for mankind | that is one small step | a long time ago in a galaxy far far away |
  i think therefore i am | my name is inigo montoya you killed my father prepare to die | to infinity and beyond |
  the only thing we have to fear is fear itself | never gonna give you up never gonna let you down |
  twinkle twinkle little star how i wonder what you are | mary had a little lamb | roses are red violets are blue |
  the rain in spain stays mainly in the plain | one ring to rule them all | live long and prosper |
  i am your father | with great power comes great responsibility | happy birthday to you | i love you so much |
  row row row your boat gently down the stream | jack and jill went up the hill | humpty dumpty sat on a wall |
  she sells sea shells by the sea shore | open sesame | let me in please | this is my password | this is a secret |
  please let me in | my voice is my passport verify me | do not go gentle into that good night |
  shall i compare thee to a summers day | alle meine entchen schwimmen auf dem see | sein oder nicht sein |
  franz jagt im komplett verwahrlosten taxi quer durch bayern | liberte egalite fraternite `.replace(
    /\s+/g,
    ' ',
  )
const sentenceWords = 3
const longestSentence = 16

const famousDigits = [
  '3141592653589793238462643383279502884197169399375105820974944592',
  '2718281828459045235360287471352662497757247093699959574966967627',
  '1414213562373095048801688724209698078569671875376948073176679737',
  '1618033988749894848204586834365638117720309179805762862135448622',
]

/** What is on a list costs the search of that list. */
const listedBits = 10

/** Words that hold sentences together: nobody has to guess them among thousands. */
const smallWords = new Set(
  `the a an of to in on at by for with and or not but is are was be am it i you he she we they my your his her our
  this that as from so if no yes do how what who when why have has had will can me us them der die das und ich du ist
  nicht ein eine zu le la les de et je tu il est un une el los y en que`.split(/\s+/),
)
const smallWordBits = 5

const isRun = (before: string, letter: string): boolean =>
  before === letter || runs.some((run) => run.includes(before + letter) || run.includes(letter + before))

/** Shorter ones come about by chance. */
const leastRepeated = 3

/** How many letters from here on stand earlier in the text. */
function repeatedFrom(text: string, at: number): number {
  let length = 0
  while (at + length < text.length && text.slice(0, at).includes(text.slice(at, at + length + 1))) length += 1
  return length < leastRepeated ? 0 : length
}

/** Letters that follow from the one before are worth one bit; what is repeated, as many as say from where. */
function characterBits(text: string): number {
  const alphabet =
    (/[a-z]/.test(text) ? 26 : 0) +
    (/[A-Z]/.test(text) ? 26 : 0) +
    (/[0-9]/.test(text) ? 10 : 0) +
    (/[\x20-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]/.test(text) ? 20 : 0) +
    (/[^\x20-\x7e]/.test(text) ? 40 : 0)
  const lower = text.toLowerCase().slice(0, countedLetters)
  let bits = 0
  for (let at = 0; at < lower.length; at += 1) {
    const repeated = repeatedFrom(lower, at)
    if (repeated > 0) {
      bits += Math.min(repeated, 1 + Math.log2(at + 1))
      at += repeated - 1
      continue
    }
    const follows = at > 0 && isRun(onKey(lower.charAt(at - 1)), onKey(lower.charAt(at)))
    bits += follows ? 1 : Math.log2(alphabet)
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

/** Of more, the rest adds nothing: it is strong already, or it repeats. */
const countedLetters = 256

/** Letters that could be a word of some language: it has a vowel, and its consonants do not pile up. */
const looksLikeWord = (part: string): boolean =>
  /^\p{L}{2,}$/u.test(part) &&
  (/[^\x00-\x7f]/.test(part) || (/[aeiouy]/i.test(part) && !/[^aeiouy]{5}/i.test(part)))

/** Shorter ones are part of too many words. */
const triedInside = (letters: string): string | undefined =>
  [...tried].find((word) => word.length >= 6 && letters.length > word.length && letters.includes(word))

function partBits(part: string): number {
  const core = part.replace(/[^\p{L}]+$/u, '').replace(/^[^\p{L}]+/u, '')
  const letters = plain(core)
  const rest = part.length - core.length
  const around = rest > 0 ? Math.min(characterBits(part.slice(-rest)), rest * 4) : 0
  if (tried.has(letters) || tried.has(part.toLowerCase())) return 4 + around
  if (/^(19|20)\d\d$/.test(part)) return 7
  if (part.length >= 6 && famousDigits.some((digits) => digits.includes(part))) return listedBits
  if (smallWords.has(part.toLowerCase())) return Math.min(smallWordBits, characterBits(part))
  const inside = triedInside(letters)
  if (inside !== undefined) return 4 + characterBits(plain(part).replaceAll(inside, ''))
  if (looksLikeWord(part)) return Math.min(wordBits, characterBits(part))
  if (letters.length >= 4 && looksLikeWord(letters))
    return Math.min(wordBits + 2 + around, characterBits(part))
  return characterBits(part)
}

/** How many words from here on are those of a known sentence. */
function sentenceFrom(words: readonly string[], at: number): number {
  for (let length = Math.min(longestSentence, words.length - at); length >= sentenceWords; length -= 1)
    if (sentences.includes(` ${words.slice(at, at + length).join(' ')} `)) return length
  return 0
}

/** Words that are repeated, and what everybody tries first, count next to nothing. */
export function passphraseStrength(passphrase: string): PassphraseStrength {
  const characters = Array.from(passphrase).length
  const parts = passphrase.split(/[\s\-_.,;:/|+]+/).filter((part) => part !== '')
  const words = parts.map((part) => plain(part).replace(/[^\p{L}]/gu, ''))
  const seen = new Set<string>()
  let bits = tried.has(parts.join('').toLowerCase()) ? -Infinity : 0
  let isKnown = bits < 0
  for (let at = 0; at < parts.length; at += 1) {
    const part = parts[at] ?? ''
    const ofSentence = sentenceFrom(words, at)
    const isSeen = seen.has(part.toLowerCase())
    isKnown ||= ofSentence > 0 || isSeen || tried.has(words[at] ?? '')
    bits += ofSentence > 0 ? listedBits : isSeen ? 1 : partBits(part)
    for (const each of parts.slice(at, at + Math.max(1, ofSentence))) seen.add(each.toLowerCase())
    at += Math.max(0, ofSentence - 1)
  }
  const counted = Math.max(0, Math.min(bits, characterBits(passphrase), 8 * characters))
  return {
    bits: Math.floor(counted),
    verdict: counted < leastBits ? 'too-weak' : counted < strongBits ? 'fair' : 'strong',
    years: 2 ** (counted - 1) / guessesPerSecond / secondsPerYear,
    words: parts.length,
    characters,
    isKnown,
  }
}
