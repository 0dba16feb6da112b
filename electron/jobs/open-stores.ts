/** The stores of this installation, each backend opened once: open writes live in it. */
import { byItself, type Catalog } from '../catalog/catalog.ts'
import type { SecretsProvider } from '../secrets/provider.ts'
import type { DurableFiles } from '../storage/durable-files.ts'
import { openStore } from '../storage/registry.ts'
import type { StoreMemory } from '../storage/storage-kind.ts'
import { newId, StoreId } from '../../shared/ids.ts'
import type { OpenStore, Services } from './services.ts'

type Deps = { catalog: Catalog; secrets: SecretsProvider; files: DurableFiles; defaultStoreFolder: string }

/** Opens a store by its id; @throws store/not-found, store/settings-invalid */
export function openStores({
  catalog,
  secrets,
  files,
  defaultStoreFolder,
}: Deps): Pick<Services, 'openStore' | 'reopenStore'> {
  const opened = new Map<StoreId, OpenStore['backend']>()
  const openStoreOf = async (storeId: StoreId): Promise<OpenStore> => {
    const row = await catalog.getStore(storeId)
    const isUnused = row.artifacts === 0 && row.settings['path'] === defaultStoreFolder
    const context = {
      store: row.name,
      files,
      platform: process.platform,
      mayCreate: isUnused,
      secret: (field: string) => secrets.readValue(storeSecretName(storeId, field)),
      memory: memoryOf(catalog, storeId, isUnused),
    }
    const backend = opened.get(storeId) ?? openStore(row.kind, row.settings, context)
    opened.set(storeId, backend)
    return { row, backend }
  }
  // Jobs at work end with the backend that they began with. A folder's open writes live in its own, and nothing of
  // its settings changes.
  const reopenStore = (storeId: StoreId): void => {
    if (opened.get(storeId)?.writeTarget === undefined) opened.delete(storeId)
  }
  return { openStore: openStoreOf, reopenStore }
}

/** Under what a store's typed secret lies in the keychain. */
export const storeSecretName = (storeId: StoreId, field: string): string => `store ${storeId} ${field}`

const memoryName = (storeId: StoreId): string => `store-known-by ${storeId}`
const objectsLookedFor = 100

/** @param isNew it holds nothing yet, and may be made wherever its path leads now */
const memoryOf = (catalog: Catalog, storeId: StoreId, isNew: boolean): StoreMemory => ({
  recall: async () => {
    if (isNew) return null
    const kept = await catalog.getValue(memoryName(storeId))
    return typeof kept === 'string' ? kept : null
  },
  remember: (identity) => catalog.setValue(memoryName(storeId), identity),
  someObjects: async () => {
    const { versions } = await catalog.versionsInStore(storeId, null, objectsLookedFor)
    return versions.map(({ objectName, sizeBytes }) => ({ name: objectName, sizeBytes }))
  },
})

/** Once a store was removed. */
export const forgetStore = (catalog: Catalog, storeId: StoreId): Promise<void> =>
  catalog.setValue(memoryName(storeId), null)

/** The store that every installation begins with; its folder is made when the first artifact arrives. */
export async function makeFirstStore(catalog: Catalog, folder: string): Promise<void> {
  if ((await catalog.listStores()).length > 0) return
  await catalog.addStore({
    storeId: newId(StoreId),
    name: 'Local',
    kind: 'local-folder',
    settings: { path: folder },
    location: folder,
    makeDefault: true,
    by: byItself,
  })
}
