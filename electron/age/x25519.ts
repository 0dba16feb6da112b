import { x25519 } from '@noble/curves/ed25519.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { base64nopad } from '@scure/base'
import { fail } from '../../shared/failure.ts'
import { randomSecret, unwrapFileKey, wrapFileKey } from './file-key.ts'
import { parseNativeStanza, type Identity, type Recipient } from './stanza.ts'

const stanzaType = 'X25519'
const pointBytes = 32
const label = Buffer.from('age-encryption.org/v1/X25519')

/** The public half of an X25519 identity.
 * @param secret 32 bytes */
export const x25519PublicKey = (secret: Uint8Array): Uint8Array => x25519.getPublicKey(secret)

/** Wraps for an X25519 public key.
 * @param publicKey 32 bytes
 * @see age spec, "X25519 recipient stanza" */
export const x25519Recipient = (publicKey: Uint8Array): Recipient => ({
  wrapFileKey: async (fileKey) => {
    const ephemeral = randomSecret(pointBytes)
    const share = x25519.getPublicKey(ephemeral)
    const wrapKey = deriveWrapKey(ephemeral, publicKey, share, publicKey)
    ephemeral.fill(0)
    if (wrapKey === null) return fail({ code: 'age/recipient-malformed' })
    const body = wrapFileKey(wrapKey, fileKey)
    wrapKey.fill(0)
    return { type: stanzaType, args: [base64nopad.encode(share)], body }
  },
})

/** Opens `X25519` stanzas.
 * @param secret 32 bytes, owned by the caller */
export const x25519Identity = (secret: Uint8Array): Identity => ({
  unwrapFileKey: async (stanzas) => {
    for (const stanza of stanzas) {
      if (stanza.type !== stanzaType) continue
      const share = parseNativeStanza(stanza, 1, pointBytes)
      const wrapKey = deriveWrapKey(secret, share, share, x25519.getPublicKey(secret))
      if (wrapKey === null)
        return fail({ code: 'age/header-malformed', detail: 'an X25519 share is a point of low order' })
      const fileKey = unwrapFileKey(wrapKey, stanza.body)
      wrapKey.fill(0)
      if (fileKey !== null) return fileKey
    }
    return null
  },
})

/** Null where the shared secret is all zeroes, which the primitive refuses by throwing. */
function deriveWrapKey(
  secret: Uint8Array,
  point: Uint8Array,
  share: Uint8Array,
  publicKey: Uint8Array,
): Uint8Array | null {
  let shared: Uint8Array
  try {
    shared = x25519.getSharedSecret(secret, point)
  } catch {
    return null
  }
  const wrapKey = hkdf(sha256, shared, Buffer.concat([share, publicKey]), label, 32)
  shared.fill(0)
  return wrapKey
}
