/** Recovery kits. */
import { formatCounted } from '../format.ts'
import { bitsWords } from '../passphrase-words.ts'
import { safeText } from '../safe-text.ts'
import { type Texts, keysSafe, nothingChanged, text } from './words.ts'

const noKit = 'No kit was written. Keys and ciphertext are unchanged.'

export const kitsTexts = {
  'kit/not-found': (f) =>
    text(
      'No such recovery kit',
      `No kit here has the id ${safeText(f.query)}.`,
      nothingChanged,
      'List the kits, or choose the file itself.',
    ),
  'kit/passphrase-weak': (f) =>
    text(
      'The passphrase is too weak',
      `It is worth ${bitsWords(f)}; a kit holds keys, and takes ${f.leastBits} bits at least.`,
      noKit,
      'Use five words or more that do not belong together, or take a generated one: ten random words, 100 bits (in a terminal with `--generate`).',
    ),
  'kit/nothing-to-hold': () =>
    text(
      'There is nothing to put into a kit',
      'No identity of the keys chosen is in the keychain.',
      noKit,
      'Encrypt something first, or choose keys that are here.',
    ),
  'kit/passphrase-gone': () =>
    text(
      'The passphrase is needed again',
      'The program was stopped, and the passphrase was kept in memory alone.',
      'What was half-written was taken back. What had come back into the keychain stays there.',
      'Begin again, with the kit’s passphrase.',
    ),
  'kit/altered': (f) =>
    text(
      'This is not the kit that was written',
      `What lies at ${safeText(f.where)} has other bytes than the kit that was made there.`,
      keysSafe,
      'Look for the kit elsewhere and choose its file, or make a new one.',
    ),
  'kit/nothing-to-try': () =>
    text(
      'There is no artifact to try the kit on',
      'A drill opens a piece of something that is stored, and nothing of what is known here can be read now.',
      'The kit could be opened; it is unchanged.',
      'Encrypt something, or connect the store, then drill again.',
    ),
  'kit/opens-nothing': (f) =>
    text(
      'The kit opens nothing that was tried',
      `None of its ${formatCounted(f.identities, 'identity')} opens what is stored; ${formatCounted(f.tried, 'artifact')} tried.`,
      'The kit is unchanged, and so are keys and ciphertext.',
      'Make a new kit: this one does not hold the keys in use.',
    ),
} satisfies Texts<'kit'>
