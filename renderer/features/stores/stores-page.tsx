import type { StoreInfo } from '../../../shared/domain/store.ts'
import { Button } from '../../components/button.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { SettingsFrame } from '../../components/settings-frame/settings-frame.tsx'
import { failureFrom, useCall } from '../../lib/use-call.ts'
import { AddStore } from './add-store.tsx'
import { StoreFacts } from './store-facts.tsx'
import { StoreList } from './store-list.tsx'
import { UnfinishedUploads } from './unfinished-uploads.tsx'
import { StoreTestPanel } from './store-test-panel.tsx'

/** Settings of the stores: the list, one of them with its test, or the form for one more.
 * @param item a store's id, `add`, or undefined for the default store */
export function StoresPage({ item }: { item: string | undefined }) {
  const answer = useCall('stores:list', {}, { fresh: true })
  if (answer.isError) {
    return (
      <SettingsFrame section="stores">
        <FailureAlert
          failure={failureFrom(answer.error)}
          actions={<Button onClick={() => void answer.refetch()}>Try again</Button>}
        />
      </SettingsFrame>
    )
  }
  if (answer.data === undefined) return <SettingsFrame section="stores">{null}</SettingsFrame>
  const { stores } = answer.data
  if (item === 'add' || stores.length === 0) return <AddStore stores={stores} />
  return <OneStore stores={stores} item={item} />
}

function OneStore({ stores, item }: { stores: StoreInfo[]; item: string | undefined }) {
  const store =
    item === undefined
      ? (stores.find(({ isDefault }) => isDefault) ?? stores[0])
      : stores.find(({ storeId }) => storeId === item)
  if (store === undefined) {
    return (
      <SettingsFrame section="stores" items={<StoreList stores={stores} current="" />}>
        <FailureAlert failure={{ code: 'store/not-found', query: item ?? '' }} />
      </SettingsFrame>
    )
  }
  return (
    <SettingsFrame
      section="stores"
      item={store.name}
      items={<StoreList stores={stores} current={store.storeId} />}
      aside={<StoreTestPanel key={store.storeId} storeId={store.storeId} />}
      asideLabel="Connection"
    >
      <StoreFacts key={store.storeId} store={store} />
      {store.kind === 's3' ? (
        <UnfinishedUploads key={`uploads ${store.storeId}`} storeId={store.storeId} />
      ) : null}
    </SettingsFrame>
  )
}
