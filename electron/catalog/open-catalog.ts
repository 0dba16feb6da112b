import type { Catalog } from './catalog.ts'

export type OpenCatalog = {
  /** The built `catalog-worker`, beside the entry. */
  workerUrl: URL
  /** `catalog.sqlite` in the data folder; its folder must exist. */
  path: string
  /** Kept with a catalog that is made now. */
  machineId: string
}

/** Opens the catalog, or makes it, in a worker thread of its own. A catalog that cannot be used is left as it is, byte
 * for byte; `moveCatalogAside` makes room for a new one.
 * @throws catalog/damaged (`quick_check` or a missing table), catalog/newer, file/read-only, file/disk-full */
export async function openCatalog(_options: OpenCatalog): Promise<Catalog> {
  throw new Error('not yet')
}
