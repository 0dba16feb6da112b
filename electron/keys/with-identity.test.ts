import { describe, expect, it } from 'vitest'
import { KeyId, newId } from '../../shared/ids.ts'
import { generateIdentity, identityText } from '../age/identity.ts'
import { withIdentity } from './with-identity.ts'

const keyId = newId(KeyId)

describe('an identity', () => {
  it('is there while it is used, and wiped afterwards', async () => {
    const made = generateIdentity('X25519')
    const text = identityText(made)
    const seen = await withIdentity({ read: async () => text }, keyId, async (identity) => {
      expect(identity.secret).toEqual(made.secret)
      return { secret: identity.secret, recipient: identity.recipient().text }
    })
    expect(seen.secret.every((byte) => byte === 0)).toBe(true)
    expect(seen.recipient).toBe(made.recipient().text)
  })

  it('is wiped also when its use fails', async () => {
    const text = identityText(generateIdentity('mlkem768x25519'))
    let secret: Uint8Array = new Uint8Array([1])
    const using = withIdentity({ read: async () => text }, keyId, (identity) => {
      secret = identity.secret
      throw new Error('stopped')
    })
    await expect(using).rejects.toThrow('stopped')
    expect(secret.every((byte) => byte === 0)).toBe(true)
  })

  it('that is damaged is a failure, which does not show it', async () => {
    const using = withIdentity({ read: async () => 'AGE-SECRET-KEY-1DAMAGED' }, keyId, () => 'used')
    const error: unknown = await using.catch((reason: unknown) => reason)
    expect(error).toMatchObject({ failure: { code: 'key/damaged-in-keychain', keyId } })
    expect(JSON.stringify(error) + String(error)).not.toContain('DAMAGED')
  })
})
