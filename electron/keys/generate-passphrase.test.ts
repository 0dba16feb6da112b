import { expect, it } from 'vitest'
import { passphraseStrength } from '../../shared/passphrase-strength.ts'
import { generatePassphrase } from './generate-passphrase.ts'

it('makes five groups of five, none like another, and strong by our own count', () => {
  const made = Array.from({ length: 200 }, generatePassphrase)
  for (const passphrase of made) {
    expect(passphrase).toMatch(/^([0-9a-hjkmnp-tv-z]{5}-){4}[0-9a-hjkmnp-tv-z]{5}$/)
    expect(passphraseStrength(passphrase).verdict).toBe('strong')
  }
  expect(new Set(made).size).toBe(made.length)
  // Every letter of the alphabet is used.
  expect(new Set(made.join('').replaceAll('-', '')).size).toBe(32)
})
