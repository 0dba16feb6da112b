import type { KeyAlgorithm } from '../../shared/domain/key.ts'
import { headerBytes } from './header.ts'
import type { KeyRecipient } from './recipient.ts'
import { weightlockStanza, type KeyHint } from './weightlock-stanza.ts'

/** Length of a header that `keyHeader` writes: constant, so that a new one fits where the old one was. */
export const keyHeaderBytes = { X25519: 245, mlkem768x25519: 1704 } as const satisfies Record<
  KeyAlgorithm,
  number
>

/** The header of an artifact: its key's stanza and our hint, around a given file key. First wrap and rewrap
 * are the same act.
 * @param fileKey 16 bytes, owned by the caller
 * @returns 245 bytes for `X25519`, 1,704 for `mlkem768x25519`
 * @see cryptography.md, sections 1 and 5 */
export async function keyHeader(
  recipient: KeyRecipient,
  fileKey: Uint8Array,
  hint: KeyHint,
): Promise<Uint8Array> {
  const bytes = headerBytes([await recipient.wrapFileKey(fileKey), weightlockStanza(hint)], fileKey)
  if (bytes.length !== keyHeaderBytes[recipient.algorithm])
    throw new RangeError('header has an unexpected length')
  return bytes
}
