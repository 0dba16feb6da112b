import { ArtifactId, KeyId } from '../../shared/ids.ts'
import type { Stanza } from './stanza.ts'

const stanzaType = 'weightlock.dev/key'

/** Which key and artifact a file says that it belongs to. A hint for files that the catalog does not know:
 * anyone who can write to a store can write it. */
export type KeyHint = { keyId: KeyId; artifactId: ArtifactId }

/** Our stanza. It wraps nothing, and every other implementation ignores it.
 * @param hint two ids of 26 characters of lower-case base32
 * @see cryptography.md, section 1 */
export const weightlockStanza = (hint: KeyHint): Stanza => ({
  type: stanzaType,
  args: [hint.keyId, hint.artifactId],
  body: new Uint8Array(0),
})

/** The hint in a header, or null where there is none that is well-formed. */
export function readKeyHint(stanzas: readonly Stanza[]): KeyHint | null {
  for (const { type, args } of stanzas) {
    if (type !== stanzaType || args.length !== 2) continue
    const keyId = KeyId.safeParse(args[0])
    const artifactId = ArtifactId.safeParse(args[1])
    if (keyId.success && artifactId.success) return { keyId: keyId.data, artifactId: artifactId.data }
  }
  return null
}
