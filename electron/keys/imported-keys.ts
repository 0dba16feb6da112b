import type { Catalog } from '../catalog/catalog.ts'
import type { KeyId } from '../../shared/ids.ts'

/** Keys that were imported and belong to nothing yet: files that name no key that is here are tried with
 * them. */
export async function importedKeys(catalog: Catalog): Promise<KeyId[]> {
  const found: KeyId[] = []
  for (let after: KeyId | null = null; ;) {
    const page: Awaited<ReturnType<typeof catalog.usableKeys>> = await catalog.usableKeys(after, 1000)
    for (const { keyId, artifactId } of page) if (artifactId === null) found.push(keyId)
    after = page.at(-1)?.keyId ?? null
    if (after === null) return found
  }
}
