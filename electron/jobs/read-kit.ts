/** A recovery kit as it lies somewhere, opened: what the catalog is told of it. */
import { createHash } from 'node:crypto'
import { fail } from '../../shared/failure.ts'
import type { KeyId } from '../../shared/ids.ts'
import type { WrittenKit } from '../catalog/kit-operations.ts'
import { identityFileLimitBytes, type FoundIdentity } from '../keys/identity-file.ts'
import { readSmallFile } from '../storage/regular-file.ts'
import type { Services } from './services.ts'

type Reads = Pick<Services, 'catalog' | 'now'>

/** @throws WeightlockError `age/not-an-age-file`, `file/…` */
export const readKitBytes = (path: string): Promise<Buffer> =>
  readSmallFile(path, identityFileLimitBytes, () => fail({ code: 'age/not-an-age-file' }))

export const kitDigest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** @param found its identities, owned by the caller
 * @param madeAt as it says itself */
export async function readKit(
  { catalog, now }: Reads,
  path: string,
  found: readonly FoundIdentity[],
  madeAt: number | null = null,
): Promise<WrittenKit> {
  const bytes = await readKitBytes(path)
  const keyIds: KeyId[] = []
  let needsNewAge = false
  for (const { identity } of found) {
    needsNewAge ||= identity.algorithm === 'mlkem768x25519'
    const known = await catalog.keyByRecipient(identity.recipient().text)
    if (known !== null) keyIds.push(known.keyId)
  }
  return {
    where: path,
    sizeBytes: bytes.length,
    digest: kitDigest(bytes),
    madeAt: madeAt ?? now(),
    identities: found.length,
    needsNewAge,
    keyIds,
  }
}
