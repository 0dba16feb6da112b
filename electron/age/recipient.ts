import { bech32 } from '@scure/base'
import type { KeyAlgorithm } from '../../shared/domain/key.ts'
import { mlkem768x25519PublicKeyBytes, mlkem768x25519Recipient } from './mlkem768x25519.ts'
import type { Recipient } from './stanza.ts'
import { x25519Recipient } from './x25519.ts'

/** A public key, ready to wrap. Of the two algorithms `X25519` is the default, which every age implementation
 * reads; `mlkem768x25519` withstands quantum computers and is read by age ≥ 1.3 and typage. */
export type KeyRecipient = Recipient & {
  algorithm: KeyAlgorithm
  /** `age1…` or `age1pq1…` */
  text: string
}

const forms = {
  X25519: { prefix: 'age', publicKeyBytes: 32, recipient: x25519Recipient },
  mlkem768x25519: {
    prefix: 'age1pq',
    publicKeyBytes: mlkem768x25519PublicKeyBytes,
    recipient: mlkem768x25519Recipient,
  },
} as const

/** The recipient of a public key.
 * @param publicKey 32 bytes, or 1,216 for post-quantum keys */
export function keyRecipient(algorithm: KeyAlgorithm, publicKey: Uint8Array): KeyRecipient {
  const form = forms[algorithm]
  if (publicKey.length !== form.publicKeyBytes) throw new RangeError('public key has the wrong length')
  return {
    algorithm,
    text: bech32.encode(form.prefix, bech32.toWords(publicKey), false),
    wrapFileKey: form.recipient(publicKey).wrapFileKey,
  }
}

/** Decodes Bech32 without a limit of length.
 * @returns null where it is malformed. The decoder's own message would repeat the text, which may be a secret */
export function decodeBech32(text: string): { prefix: string; bytes: Uint8Array } | null {
  try {
    const { prefix, words } = bech32.decode(text as `${string}1${string}`, false)
    return { prefix, bytes: bech32.fromWords(words) }
  } catch {
    return null
  }
}
