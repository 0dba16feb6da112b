import type { StoreInfo } from '../../../shared/domain/store.ts'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import type { StoreKind } from './add-store.tsx'
import classes from './store-list.module.css'

type StoreListProps = {
  stores: StoreInfo[]
  kinds: StoreKind[]
  /** The store that is shown, or `add`. */
  current: string
}

/** The stores beneath their section, and the way to one more. */
export function StoreList({ stores, kinds, current }: StoreListProps) {
  const markOf = (store: StoreInfo): string =>
    store.isDefault ? 'default' : (kinds.find(({ kind }) => kind === store.kind)?.mark ?? '')
  return (
    <ul>
      {stores.map((store) => (
        <li key={store.storeId}>
          <a
            href={`#/settings/stores/${store.storeId}`}
            className={classes.item}
            aria-current={store.storeId === current ? 'page' : undefined}
          >
            <span className={classes.name}>
              <MiddleEllipsis text={store.name} />
            </span>
            <span className={classes.mark}>{markOf(store)}</span>
          </a>
        </li>
      ))}
      <li>
        <a
          href="#/settings/stores/add"
          className={`${classes.item} ${classes.add}`}
          aria-current={current === 'add' ? 'page' : undefined}
        >
          Add a store…
        </a>
      </li>
    </ul>
  )
}
