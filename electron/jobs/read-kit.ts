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

/** SHA-256 of the file, hex: a kit is known again by it, wherever it was moved. */
export const kitDigest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Of its identities, those that are known here. */
export async function keyIdsIn(
  { catalog }: Pick<Services, 'catalog'>,
  found: readonly FoundIdentity[],
): Promise<KeyId[]> {
  const keyIds: KeyId[] = []
  for (const { identity } of found) {
    const known = await catalog.keyByRecipient(identity.recipient().text)
    if (known !== null) keyIds.push(known.keyId)
  }
  return keyIds
}

/** Told of the very bytes that were opened: another file may lie at the path by now.
 * @param found its identities, owned by the caller
 * @param madeAt as it says itself */
export async function readKit(
  { catalog, now }: Reads,
  { path, bytes }: { path: string; bytes: Uint8Array },
  found: readonly FoundIdentity[],
  madeAt: number | null,
): Promise<WrittenKit> {
  return {
    where: path,
    sizeBytes: bytes.length,
    digest: kitDigest(bytes),
    madeAt: madeAt ?? now(),
    identities: found.length,
    needsNewAge: found.some(({ identity }) => identity.algorithm === 'mlkem768x25519'),
    keyIds: await keyIdsIn({ catalog }, found),
  }
}
