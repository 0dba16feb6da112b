import { expand, extract } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'

const kdfHkdfSha256 = 0x0001
const aeadChaCha20Poly1305 = 0x0003
const versionLabel = Buffer.from('HPKE-v1')
const nothing = new Uint8Array(0)

/** Key and nonce of the single message of an HPKE base-mode context (HKDF-SHA256, ChaCha20-Poly1305).
 * @param kemId identifier of the KEM that gave the shared secret
 * @param sharedSecret from that KEM
 * @param info binds the context to its use
 * @returns key of 32 bytes, nonce of 12 bytes for sequence number 0
 * @see RFC 9180, section 5.1, KeySchedule */
export function hpkeBaseKeySchedule(
  kemId: number,
  sharedSecret: Uint8Array,
  info: Uint8Array,
): { key: Uint8Array; nonce: Uint8Array } {
  const suite = Buffer.concat([
    Buffer.from('HPKE'),
    uint16(kemId),
    uint16(kdfHkdfSha256),
    uint16(aeadChaCha20Poly1305),
  ])
  const labeledExtract = (salt: Uint8Array, label: string, ikm: Uint8Array) =>
    extract(sha256, Buffer.concat([versionLabel, suite, Buffer.from(label), ikm]), salt)
  const labeledExpand = (secret: Uint8Array, label: string, context: Uint8Array, sizeBytes: number) =>
    expand(
      sha256,
      secret,
      Buffer.concat([uint16(sizeBytes), versionLabel, suite, Buffer.from(label), context]),
      sizeBytes,
    )
  const modeBase = Uint8Array.of(0)
  const pskIdHash = labeledExtract(nothing, 'psk_id_hash', nothing)
  const infoHash = labeledExtract(nothing, 'info_hash', info)
  const context = Buffer.concat([modeBase, pskIdHash, infoHash])
  const secret = labeledExtract(sharedSecret, 'secret', nothing)
  const key = labeledExpand(secret, 'key', context, 32)
  const nonce = labeledExpand(secret, 'base_nonce', context, 12)
  secret.fill(0)
  return { key, nonce }
}

const uint16 = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 0xff)
