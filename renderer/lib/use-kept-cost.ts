import type { StoreId } from '../../shared/ids.ts'
import { monthlyCost, parsePrice } from '../../shared/price.ts'
import { useCall } from './use-call.ts'
import { useFormat } from './use-format.ts'

/** What bytes cost in a store, `, US$4.50 a month`; nothing where its price is not set. */
export function useKeptCost(): (storeId: StoreId, sizeBytes: number) => string {
  const format = useFormat()
  const { data } = useCall('stores:list', {})
  return (storeId, sizeBytes) => {
    const set = data?.stores.find((store) => store.storeId === storeId)?.settings['price']
    const price = typeof set === 'string' ? parsePrice(set) : null
    if (price === null || sizeBytes === 0) return ''
    return `, ${format.money(monthlyCost(sizeBytes, price), price.currency)} a month`
  }
}
