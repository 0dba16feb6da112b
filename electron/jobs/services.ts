/** What job kinds and handlers work with. Made once, in `app.ts`. */
import type { Signed } from '../audit/head.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { StoreRow } from '../catalog/store-operations.ts'
import type { SecretsProvider } from '../secrets/provider.ts'
import type { StorageBackend } from '../storage/backend.ts'
import type { DurableFiles } from '../storage/durable-files.ts'
import type { StoreId } from '../../shared/ids.ts'
import type { PayloadPool } from './workers/payload-pool.ts'
import type { SourceFiles } from './source/source-files.ts'

export type OpenStore = { row: StoreRow; backend: StorageBackend }

export type Services = {
  catalog: Catalog
  secrets: SecretsProvider
  /** @throws store/not-found, store/unreachable */
  openStore: (storeId: StoreId) => Promise<OpenStore>
  /** Its settings changed: it is opened anew when it is next asked for. */
  reopenStore: (storeId: StoreId) => void
  payloads: PayloadPool
  /** Our own writes outside stores: decrypted targets, exports. */
  files: DurableFiles
  sources: SourceFiles
  /** Moves a file or folder to the system's trash. */
  trash: (path: string) => Promise<void>
  /** Tells this machine from another that has a copy of the data folder. */
  machineId: string
  /** The machine's name, as keys remember where they were made. */
  machineName: string
  now: () => number
  /** Signs with the installation's key (cryptography.md, section 7). @throws WeightlockError `keychain/…` */
  sign: (bytes: Uint8Array) => Promise<Signed>
  programVersion: string
  /** Upper limit of bytes read in a second by each job; tests throttle with it. */
  bytesPerSecond?: number
  /** Smaller parts of uploads, and journaled steps of downloads, than the real ones: tests that stop in between. */
  smallSteps?: { partBytes: number; arrivedLeaves: number }
}
