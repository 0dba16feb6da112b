/** A passphrase that nobody thought of: words that are written down, read out and typed without a slip. */
import { randomInt } from 'node:crypto'
import { passphraseWords } from './passphrase-words.ts'

const wordCount = 10

/** @returns ten words of 1,024, each drawn for itself: 100 random bits, as `lantern-gravel-…` */
export const generatePassphrase = (): string =>
  Array.from({ length: wordCount }, () => passphraseWords[randomInt(passphraseWords.length)]).join('-')
