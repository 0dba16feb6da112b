import type { StoreInfo } from '../../../shared/domain/store.ts'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import classes from './store-list.module.css'

type StoreListProps = {
  stores: StoreInfo[]
  /** The store that is shown, or `add`. */
  current: string
}

/** The stores beneath their section, and the way to one more. */
export function StoreList({ stores, current }: StoreListProps) {
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
            {store.isDefault ? <span className={classes.mark}>default</span> : null}
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
