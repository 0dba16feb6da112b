/** The signed head: how long the chain was when it was last vouched for, and its hash then. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto'
import { z } from 'zod'
import { Digest, Millis } from '../../shared/domain/quantities.ts'

export const SignedHead = z.object({
  installationId: z.string(),
  entries: z.number().int().nonnegative(),
  hash: Digest,
  at: Millis,
  /** Ed25519 over `headText`, base64. */
  signature: z.string(),
})
export type SignedHead = z.infer<typeof SignedHead>

/** The bytes that are signed: five lines, each ended by a line feed. */
export const headText = ({ installationId, entries, hash, at }: Omit<SignedHead, 'signature'>): string =>
  ['weightlock audit head v1', installationId, String(entries), hash, new Date(at).toISOString(), ''].join(
    '\n',
  )

/** A fresh Ed25519 key: PKCS #8, DER, base64; 64 characters, which every keychain holds. */
export const newSigningKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64')

/** @throws Error if it is not a private key */
export const readSigningKey = (base64: string): KeyObject =>
  createPrivateKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'pkcs8' })

/** As `openssl pkeyutl -pubin` reads it. */
export const publicKeyPem = (signingKey: KeyObject): string =>
  createPublicKey(signingKey).export({ type: 'spki', format: 'pem' }).toString()

export const signHead = (head: Omit<SignedHead, 'signature'>, signingKey: KeyObject): SignedHead => ({
  ...head,
  signature: sign(null, Buffer.from(headText(head)), signingKey).toString('base64'),
})

export const headIsSigned = (head: SignedHead, signingKey: KeyObject): boolean =>
  verify(
    null,
    Buffer.from(headText(head)),
    createPublicKey(signingKey),
    Buffer.from(head.signature, 'base64'),
  )
