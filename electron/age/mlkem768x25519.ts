import { MLKEM768X25519 } from '@noble/post-quantum/hybrid.js'
import { base64nopad } from '@scure/base'
import { fail } from '../../shared/failure.ts'
import { unwrapFileKey, wrapFileKey } from './file-key.ts'
import { hpkeBaseKeySchedule } from './hpke.ts'
import { parseNativeStanza, type Identity, type Recipient } from './stanza.ts'

const stanzaType = 'mlkem768x25519'
const encapsulatedKeyBytes = 1120
const kemId = 0x647a
const info = Buffer.from('age-encryption.org/mlkem768x25519')

/** Length of a post-quantum public key: ML-KEM-768 encapsulation key and X25519 point. */
export const mlkem768x25519PublicKeyBytes = 1216

/** The public half of a post-quantum identity.
 * @param secret the seed, 32 bytes */
export const mlkem768x25519PublicKey = (secret: Uint8Array): Uint8Array => MLKEM768X25519.getPublicKey(secret)

/** Wraps for a post-quantum public key: HPKE SealBase, of which this is the only message.
 * @param publicKey 1,216 bytes
 * @see age spec, "mlkem768x25519 recipient stanza" */
export const mlkem768x25519Recipient = (publicKey: Uint8Array): Recipient => ({
  wrapFileKey: async (fileKey) => {
    const encapsulated = encapsulate(publicKey)
    if (encapsulated === null) return fail({ code: 'age/recipient-malformed' })
    const { key, nonce } = hpkeBaseKeySchedule(kemId, encapsulated.sharedSecret, info)
    const body = wrapFileKey(key, fileKey, nonce)
    key.fill(0)
    encapsulated.sharedSecret.fill(0)
    return { type: stanzaType, args: [base64nopad.encode(encapsulated.cipherText)], body }
  },
})

/** Opens `mlkem768x25519` stanzas.
 * @param secret the seed, 32 bytes, owned by the caller */
export const mlkem768x25519Identity = (secret: Uint8Array): Identity => ({
  unwrapFileKey: async (stanzas) => {
    for (const stanza of stanzas) {
      if (stanza.type !== stanzaType) continue
      const encapsulatedKey = parseNativeStanza(stanza, 1, encapsulatedKeyBytes)
      const sharedSecret = decapsulate(encapsulatedKey, secret)
      if (sharedSecret === null)
        return fail({
          code: 'age/header-malformed',
          detail: 'an mlkem768x25519 share is a point of low order',
        })
      const { key, nonce } = hpkeBaseKeySchedule(kemId, sharedSecret, info)
      const fileKey = unwrapFileKey(key, stanza.body, nonce)
      key.fill(0)
      sharedSecret.fill(0)
      if (fileKey !== null) return fileKey
    }
    return null
  },
})

/** Null where the public key cannot be one. */
function encapsulate(publicKey: Uint8Array): ReturnType<typeof MLKEM768X25519.encapsulate> | null {
  try {
    return MLKEM768X25519.encapsulate(publicKey)
  } catch {
    return null
  }
}

/** Null where the X25519 half gives all zeroes, which the primitive refuses by throwing. */
function decapsulate(
  encapsulatedKey: Uint8Array,
  secret: Uint8Array,
): ReturnType<typeof MLKEM768X25519.decapsulate> | null {
  try {
    return MLKEM768X25519.decapsulate(encapsulatedKey, secret)
  } catch {
    return null
  }
}
