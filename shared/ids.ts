import { z } from 'zod'

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

/** 128 random bits as 26 characters of lower-case RFC 4648 base32 without padding. */
const id = () => z.string().regex(/^[a-z2-7]{25}[aeimquy4]$/, 'an id of 26 base32 characters')

export const ArtifactId = id().brand<'ArtifactId'>()
export type ArtifactId = z.infer<typeof ArtifactId>
export const KeyId = id().brand<'KeyId'>()
export type KeyId = z.infer<typeof KeyId>
export const JobId = id().brand<'JobId'>()
export type JobId = z.infer<typeof JobId>
export const StoreId = id().brand<'StoreId'>()
export type StoreId = z.infer<typeof StoreId>
export const IncidentId = id().brand<'IncidentId'>()
export type IncidentId = z.infer<typeof IncidentId>
export const KitId = id().brand<'KitId'>()
export type KitId = z.infer<typeof KitId>
export const InstallationId = id().brand<'InstallationId'>()
export type InstallationId = z.infer<typeof InstallationId>

/** Opaque name of a path that the main process knows: minted for a dropped file or by a dialog, never by a page. */
export const PathToken = id().brand<'PathToken'>()
export type PathToken = z.infer<typeof PathToken>

/** Base32 of 16 bytes, lower case, no padding (RFC 4648, section 6).
 * @throws RangeError unless there are 16 bytes */
export function encodeId(bytes: Uint8Array): string {
  if (bytes.length !== 16) throw new RangeError('an id has 16 bytes')
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet[(value >>> bits) & 31]
    }
    value &= (1 << bits) - 1
  }
  return text + alphabet[(value << (5 - bits)) & 31]
}

/** A fresh random id of the kind that the schema names: `newId(KeyId)`. */
export const newId = <T>(kind: { parse: (text: string) => T }): T =>
  kind.parse(encodeId(globalThis.crypto.getRandomValues(new Uint8Array(16))))
