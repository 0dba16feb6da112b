import { bech32 } from '@scure/base'
import { KeyAlgorithm } from '../../shared/domain/key.ts'
import { fail } from '../../shared/failure.ts'
import { randomSecret } from './file-key.ts'
import { mlkem768x25519Identity, mlkem768x25519PublicKey } from './mlkem768x25519.ts'
import { decodeBech32, keyRecipient, type KeyRecipient } from './recipient.ts'
import type { Identity } from './stanza.ts'
import { x25519Identity, x25519PublicKey } from './x25519.ts'

/** The secret half of a key, ready to open. */
export type KeyIdentity = Identity & {
  algorithm: KeyAlgorithm
  /** 32 bytes. Zeroed by `wipe`, after which the identity opens nothing. */
  secret: Uint8Array
  /** Derived from the secret each time: a changed catalog must not redirect encryption. */
  recipient(): KeyRecipient
  wipe(): void
}

const secretBytes = 32
const forms = {
  X25519: { prefix: 'AGE-SECRET-KEY-', identity: x25519Identity, publicKey: x25519PublicKey },
  mlkem768x25519: {
    prefix: 'AGE-SECRET-KEY-PQ-',
    identity: mlkem768x25519Identity,
    publicKey: mlkem768x25519PublicKey,
  },
} as const

/** A new identity. The caller calls `wipe` when it is done. */
export const generateIdentity = (algorithm: KeyAlgorithm): KeyIdentity =>
  keyIdentity(algorithm, randomSecret(secretBytes))

/** The identity of a secret.
 * @param secret 32 bytes, which the identity takes over */
export function keyIdentity(algorithm: KeyAlgorithm, secret: Uint8Array): KeyIdentity {
  if (secret.length !== secretBytes) throw new RangeError('an identity has 32 bytes')
  const form = forms[algorithm]
  return {
    algorithm,
    secret,
    recipient: () => keyRecipient(algorithm, form.publicKey(secret)),
    unwrapFileKey: form.identity(secret).unwrapFileKey,
    wipe: () => void secret.fill(0),
  }
}

/** The line `AGE-SECRET-KEY-1…` (74 characters) or `AGE-SECRET-KEY-PQ-1…` (77 characters).
 * A string cannot be wiped: keep it for as short a time as can be. */
export const identityText = (identity: KeyIdentity): string =>
  bech32
    .encode(forms[identity.algorithm].prefix.toLowerCase(), bech32.toWords(identity.secret), false)
    .toUpperCase()

/** Reads `AGE-SECRET-KEY-1…` and `AGE-SECRET-KEY-PQ-1…`.
 * @throws WeightlockError `age/identity-malformed`, which says nothing about the text */
export function parseIdentity(text: string): KeyIdentity {
  const decoded = text === text.toUpperCase() ? decodeBech32(text) : null
  if (decoded !== null && decoded.bytes.length === secretBytes)
    for (const algorithm of KeyAlgorithm.options)
      if (decoded.prefix === forms[algorithm].prefix.toLowerCase())
        return keyIdentity(algorithm, decoded.bytes)
  decoded?.bytes.fill(0)
  return fail({ code: 'age/identity-malformed' })
}

/** Reads an identity file as `age-keygen` writes it: one identity per line, `#` starts a comment.
 * @throws WeightlockError `age/identity-malformed` where a line is none, or where there is no line */
export function parseIdentityFile(text: string): KeyIdentity[] {
  const lines = text.split('\n').map((line) => line.trim())
  const identities = lines.filter((line) => line !== '' && !line.startsWith('#')).map(parseIdentity)
  return identities.length > 0 ? identities : fail({ code: 'age/identity-malformed' })
}
