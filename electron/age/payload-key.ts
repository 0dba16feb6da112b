import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { payloadKeyBytes } from './chunk-nonce.ts'

const label = Buffer.from('payload')

/** The key of a payload's chunks.
 * @param fileKey 16 bytes
 * @param payloadNonce 16 bytes, the first of the payload
 * @returns 32 bytes, which the caller zeroes
 * @see age spec, "Payload" */
export const payloadKey = (fileKey: Uint8Array, payloadNonce: Uint8Array): Uint8Array =>
  hkdf(sha256, fileKey, payloadNonce, label, payloadKeyBytes)
