import type { StoreInfo } from '../../../shared/domain/store.ts'
import { Button } from '../../components/button.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { SettingsFrame } from '../../components/settings-frame/settings-frame.tsx'
import { failureFrom, useCall } from '../../lib/use-call.ts'
import { AddStore, type StoreKind } from './add-store.tsx'
import { StoreList } from './store-list.tsx'
import { StorePage } from './store-page.tsx'

/** Settings of the stores: the list, one of them with its test, or the form for one more.
 * @param item a store's id, `add`, or undefined for the default store */
export function StoresPage({ item }: { item: string | undefined }) {
  const answer = useCall('stores:list', {}, { fresh: true })
  const kinds = useCall('stores:kinds', {})
  const failed = answer.isError ? answer : kinds.isError ? kinds : null
  if (failed !== null) {
    return (
      <SettingsFrame section="stores">
        <FailureAlert
          failure={failureFrom(failed.error)}
          actions={<Button onClick={() => void failed.refetch()}>Try again</Button>}
        />
      </SettingsFrame>
    )
  }
  if (answer.data === undefined || kinds.data === undefined)
    return <SettingsFrame section="stores">{null}</SettingsFrame>
  const { stores } = answer.data
  if (item === 'add' || stores.length === 0) return <AddStore stores={stores} />
  return <OneStore stores={stores} kinds={kinds.data.kinds} item={item} />
}

type OneStoreProps = { stores: StoreInfo[]; kinds: StoreKind[]; item: string | undefined }

function OneStore({ stores, kinds, item }: OneStoreProps) {
  const store =
    item === undefined
      ? (stores.find(({ isDefault }) => isDefault) ?? stores[0])
      : stores.find(({ storeId }) => storeId === item)
  if (store === undefined) {
    return (
      <SettingsFrame section="stores" items={<StoreList stores={stores} kinds={kinds} current="" />}>
        <FailureAlert failure={{ code: 'store/not-found', query: item ?? '' }} />
      </SettingsFrame>
    )
  }
  // What was saved is what the form begins with from then on.
  const key = JSON.stringify([store.storeId, store.name, store.settings])
  return <StorePage key={key} store={store} stores={stores} kinds={kinds} />
}
