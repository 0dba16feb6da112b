import { expect, it } from 'vitest'
import { eventWords } from './event-words.ts'

it.each([
  ['key-created', 'Made for evil.pkl', 'Key made for evil.pkl'],
  ['key-destroyed', 'Destroyed by its owner', 'Key destroyed by its owner'],
  [
    'version-encrypted',
    'Version 2, digits-mlp.v2.safetensors',
    'Version 2 encrypted, digits-mlp.v2.safetensors',
  ],
  ['key-activated', 'Version 2 stored and verified', 'Key active: Version 2 stored and verified'],
  ['key-activated', '', 'Key active'],
  ['of-a-newer-version', 'for the tests', 'of-a-newer-version: for the tests'],
])('%s, %s', (event, reason, words) => {
  expect(eventWords({ event, reason })).toBe(words)
})
