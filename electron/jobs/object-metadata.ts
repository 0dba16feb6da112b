/** What stands beside an object in a store that keeps metadata: ids, and no name (cryptography.md, section 6). */
import type { ArtifactId, KeyId } from '../../shared/ids.ts'

const format = '1'

/** @param owner the installation that rotates and retires it; null where that is not known */
export const objectMetadata = ({
  artifactId,
  keyId,
  owner,
}: {
  artifactId: ArtifactId
  keyId: KeyId | null
  owner: string | null
}): Record<string, string> => ({
  format,
  artifact: artifactId,
  key: keyId ?? '',
  ...(owner === null ? {} : { owner }),
})

/** The installation that an object names as its owner. What a store says is a claim and no proof: whoever can write
 * there can write this. It takes ownership away, and never gives it.
 * @returns null where it names none */
export const ownerIn = (metadata: Record<string, string>): string | null => {
  const owner = metadata['owner'] ?? ''
  return /^[a-z2-7]{26}$/.test(owner) ? owner : null
}
