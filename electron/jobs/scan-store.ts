/** Looks at what a store holds: ours, foreign, missing. */
import { looksLikeAgeFile } from '../age/header.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { ScannedObject, ScanResult } from '../catalog/store-operations.ts'
import type { ObjectInfo, StorageBackend } from '../storage/backend.ts'
import type { StoreId } from '../../shared/ids.ts'

/** Foreign objects whose start is read in one scan to tell age files; the rest go by their names. */
const headsRead = 2000

/** @throws WeightlockError `store/…`: what was known of the store then stays as it was */
export async function scanStore(
  catalog: Catalog,
  storeId: StoreId,
  backend: StorageBackend,
  signal?: AbortSignal,
): Promise<ScanResult> {
  const { scanId } = await catalog.scanStarted(storeId)
  const options = signal ? { signal } : {}
  let budget = headsRead
  for (let page: string | null = null, first = true; first || page !== null; first = false) {
    const { objects, next } = await backend.list('', page, options)
    const known = new Map(
      (
        await catalog.foreignObjects(
          storeId,
          objects.map(({ name }) => name),
        )
      ).map((each) => [each.name, each]),
    )
    const scanned: ScannedObject[] = []
    for (const info of objects) {
      const before = known.get(info.name)
      const unchanged = before?.sizeBytes === info.sizeBytes && before.modifiedAt === info.modifiedAt
      const isAgeFile = unchanged
        ? before.isAgeFile
        : info.name.endsWith('.age') || (budget-- > 0 && (await startsAsAge(backend, info)))
      scanned.push({ name: info.name, sizeBytes: info.sizeBytes, modifiedAt: info.modifiedAt, isAgeFile })
    }
    await catalog.scanPage(scanId, scanned)
    page = next
  }
  return catalog.scanFinished(scanId)
}

async function startsAsAge(backend: StorageBackend, info: ObjectInfo): Promise<boolean> {
  const lengthBytes = Math.min(64, info.sizeBytes)
  if (lengthBytes === 0) return false
  try {
    return looksLikeAgeFile(await backend.read(info.name, { offset: 0, lengthBytes }))
  } catch {
    return false
  }
}
