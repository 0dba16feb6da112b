/** Looks at what a store holds: ours, foreign, missing. */
import { looksLikeAgeFile } from '../age/header.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { ScannedObject, ScanResult } from '../catalog/store-operations.ts'
import { inTurn } from '../keys/in-turn.ts'
import type { StorageBackend } from '../storage/backend.ts'
import { everyPage } from '../storage/every-page.ts'
import type { StoreId } from '../../shared/ids.ts'
import { withAtMost } from './at-most.ts'

/** Foreign objects whose start is read in one scan to tell age files; the rest go by their names. */
const headsRead = 2000
const headsAtOnce = 16

/** One at a time for each store.
 * @throws WeightlockError `store/…`: what was known of the store then stays as it was */
export const scanStore = (
  catalog: Catalog,
  storeId: StoreId,
  backend: StorageBackend,
  signal?: AbortSignal,
): Promise<ScanResult> => inTurn(storeId, () => scan(catalog, storeId, backend, signal), signal)

async function scan(
  catalog: Catalog,
  storeId: StoreId,
  backend: StorageBackend,
  signal: AbortSignal | undefined,
): Promise<ScanResult> {
  const { scanId } = await catalog.scanStarted(storeId)
  const unread: ScannedObject[] = []
  for await (const objects of everyPage(backend, signal ? { signal } : {})) {
    const names = objects.map(({ name }) => name)
    const known = new Map((await catalog.foreignObjects(storeId, names)).map((each) => [each.name, each]))
    const scanned = objects.map(({ name, sizeBytes, modifiedAt }): ScannedObject => {
      const before = known.get(name)
      const isUnchanged = before?.sizeBytes === sizeBytes && before.modifiedAt === modifiedAt
      const isAgeFile = isUnchanged ? before.isAgeFile : name.endsWith('.age')
      const object = { name, sizeBytes, modifiedAt, isAgeFile }
      if (!isUnchanged && !isAgeFile && unread.length < headsRead) unread.push(object)
      return object
    })
    await catalog.scanPage(scanId, scanned)
  }
  // Only now: the rows do not wait for it.
  const ageFiles: ScannedObject[] = []
  await withAtMost(headsAtOnce, unread, async (object) => {
    signal?.throwIfAborted()
    if (await startsAsAge(backend, object)) ageFiles.push({ ...object, isAgeFile: true })
  })
  if (ageFiles.length > 0) await catalog.scanPage(scanId, ageFiles)
  return catalog.scanFinished(scanId)
}

async function startsAsAge(backend: StorageBackend, info: ScannedObject): Promise<boolean> {
  const lengthBytes = Math.min(64, info.sizeBytes)
  if (lengthBytes === 0) return false
  try {
    return looksLikeAgeFile(await backend.read(info.name, { offset: 0, lengthBytes }))
  } catch {
    return false
  }
}
