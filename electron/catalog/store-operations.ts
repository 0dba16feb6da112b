import type { StoreInfo, StoreSettings } from '../../shared/domain/store.ts'
import type { StoreId } from '../../shared/ids.ts'
import type { Actor } from './catalog.ts'

/** A store as the catalog knows it; `exists` and `freeBytes` are the backend's to say. */
export type StoreRow = Omit<StoreInfo, 'exists' | 'freeBytes'>

export type AddStore = {
  storeId: StoreId
  name: string
  kind: string
  settings: StoreSettings
  /** The backend's `location('')`: a folder's path or a URI; objects' locations are made of it. */
  location: string
  makeDefault: boolean
  by: Actor
}

/** An object that a scan saw. */
export type ScannedObject = { name: string; sizeBytes: number; modifiedAt: number; isAgeFile: boolean }

/** What a scan found: objects in all, foreign ones, ours that are gone. */
export type ScanResult = { objects: number; foreign: number; missing: number; at: number }

/** Where ciphertext lives. */
export type StoreOperations = {
  /** The first store becomes the default whatever is asked. @throws store/name-taken */
  addStore: (request: AddStore) => StoreRow
  /** Never what decides which objects are its own: its location stays. @throws store/not-found, store/name-taken */
  setStore: (request: {
    storeId: StoreId
    name: string
    settings: StoreSettings
    /** What was changed, by its fields' names. */
    changed: readonly string[]
    by: Actor
  }) => StoreRow
  /** @throws store/not-found, store/in-use while it holds objects that we know or a job writes to it */
  removeStore: (request: { storeId: StoreId; by: Actor }) => void
  /** The default first, then by name. */
  listStores: () => StoreRow[]
  /** @throws store/not-found */
  getStore: (storeId: StoreId) => StoreRow
  /** By id or exact name; null means the default store. @throws store/not-found */
  findStore: (query: string | null) => StoreRow
  /** @throws store/not-found */
  setDefaultStore: (request: { storeId: StoreId; by: Actor }) => void

  /** Begins a look at what a store holds. Hand in each page with `scanPage` (at most 1,000 objects, so that sending it
   * costs the main thread little), then `scanFinished`. A scan that is not finished has shown what it saw and was not
   * known, and changes nothing else; beginning another of the same store drops it. @throws store/not-found */
  scanStarted: (storeId: StoreId) => { scanId: number }
  scanPage: (scanId: number, objects: ScannedObject[]) => void
  /** Replaces what is known of the store's foreign objects and marks our own objects present or missing. Objects that
   * were recorded or reserved after the scan began are left alone. */
  scanFinished: (scanId: number) => ScanResult
  /** What the last scan saw under these names, so that unchanged foreign objects need not be read again. */
  foreignObjects: (storeId: StoreId, names: string[]) => ScannedObject[]
}
