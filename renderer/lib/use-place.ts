import { useLocation } from 'wouter'
import type { StoreInfo } from '../../shared/domain/store.ts'
import { lastPlace, placeOf } from './place.ts'
import { useCall } from './use-call.ts'
import { useStatus } from './use-status.ts'

export type CurrentPlace = {
  /** Null while the stores are not known, or when every store is shown. */
  store: StoreInfo | null
  isEveryStore: boolean
  folder: string
  stores: StoreInfo[]
  /** The stores have been listed. */
  isKnown: boolean
  /** `models-prod/fraud`, as people read it. */
  label: string
}

/** The place of the address, or the last one seen where the address has none, with its store. */
export function useCurrentPlace(): CurrentPlace {
  const [path] = useLocation()
  const { settings } = useStatus()
  const place = placeOf(path) ?? lastPlace()
  const listed = useCall('stores:list', {}).data
  const stores = listed?.stores ?? []
  const isEveryStore = place.storeId === 'all' && stores.length > 1
  const store =
    stores.find(({ storeId }) => storeId === place.storeId) ??
    stores.find(({ storeId }) => storeId === settings.lastStore) ??
    stores.find(({ isDefault }) => isDefault) ??
    stores[0] ??
    null
  return {
    store: isEveryStore ? null : store,
    isEveryStore,
    folder: place.folder,
    stores,
    isKnown: listed !== undefined,
    label: [isEveryStore ? 'All stores' : store?.name, place.folder].filter(Boolean).join('/'),
  }
}
