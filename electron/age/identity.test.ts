import { generateHybridIdentity, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { describe, expect, it } from 'vitest'
import { failureOf } from '../../shared/failure.ts'
import { generateIdentity, identityText, parseIdentity, parseIdentityFile } from './identity.ts'

const thrown = (run: () => unknown): unknown => {
  try {
    run()
    return null
  } catch (error) {
    return error
  }
}

describe('an identity', () => {
  for (const [algorithm, characters, generate] of [
    ['X25519', 74, generateX25519Identity],
    ['mlkem768x25519', 77, generateHybridIdentity],
  ] as const) {
    it(`of ${algorithm} has ${characters} characters and reads back as itself`, () => {
      const identity = generateIdentity(algorithm)
      const text = identityText(identity)
      expect(text.length).toBe(characters)
      const again = parseIdentity(text)
      expect(again.algorithm).toBe(algorithm)
      expect(again.secret).toEqual(identity.secret)
    })

    it(`of ${algorithm} made by typage has the recipient that typage gives it`, async () => {
      const text = await generate()
      const recipient = parseIdentity(text).recipient()
      expect(recipient.text).toBe(await identityToRecipient(text))
      expect(recipient.algorithm).toBe(algorithm)
    })

    it(`of ${algorithm} is zeroed by wipe`, () => {
      const identity = generateIdentity(algorithm)
      identity.wipe()
      expect(identity.secret.every((byte) => byte === 0)).toBe(true)
    })
  }

  it('is refused when malformed, without a word of its text in the error', () => {
    const text = identityText(generateIdentity('X25519'))
    const flipped = text.slice(0, -1) + (text.endsWith('Q') ? 'P' : 'Q')
    for (const wrong of [
      flipped,
      text.toLowerCase(),
      text.slice(0, -1),
      `${text} `,
      '',
      'AGE-SECRET-KEY-1',
    ]) {
      const error = thrown(() => parseIdentity(wrong))
      expect(failureOf(error)).toEqual({ code: 'age/identity-malformed' })
      const everything = JSON.stringify([String(error), (error as Error).stack, (error as Error).cause])
      expect(everything.toUpperCase()).not.toContain(text.slice(20, 40))
    }
  })
})

describe('an identity file', () => {
  it('as age-keygen writes it gives its identities', () => {
    const [one, two] = [generateIdentity('X25519'), generateIdentity('mlkem768x25519')]
    const text = `# created: 2026-01-01\r\n# public key: age1…\r\n${identityText(one)}\r\n\r\n${identityText(two)}\n`
    expect(parseIdentityFile(text).map(({ secret }) => secret)).toEqual([one.secret, two.secret])
  })

  it('without an identity is refused', () => {
    expect(failureOf(thrown(() => parseIdentityFile('# nothing\n')))).toEqual({
      code: 'age/identity-malformed',
    })
  })
})
