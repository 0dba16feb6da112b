import { createHash } from 'node:crypto'

/** What pins a version's payload to its header: SHA-256 over header and payload nonce.
 * @param header as it stands in the file
 * @param payloadNonce 16 bytes
 * @returns 64 lower-case hexadecimal digits
 * @see cryptography.md, section 2 */
export const fingerprint = (header: Uint8Array, payloadNonce: Uint8Array): string =>
  createHash('sha256').update(header).update(payloadNonce).digest('hex')
