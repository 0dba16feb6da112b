import { Menu } from '@mantine/core'
import { IconCheck, IconFile, IconFolder, IconLockOpen, IconSelector } from '@tabler/icons-react'
import { Fragment } from 'react'
import type { RefObject } from 'react'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { ScreenHeader } from '../../components/screen-header.tsx'
import { SearchField } from '../../components/search-field.tsx'
import type { Place } from '../../lib/place.ts'
import type { CurrentPlace } from '../../lib/use-place.ts'
import { askWindow } from '../../lib/window-requests.ts'
import classes from './artifacts-header.module.css'

type ArtifactsHeaderProps = {
  place: CurrentPlace
  onGo: (place: Place) => void
  query: string
  onQuery: (query: string) => void
  searchRef: RefObject<HTMLInputElement | null>
  onLeaveSearch: () => void
  hasSearch: boolean
  /** The bulk bar holds the primary button. */
  isBulk: boolean
}

/** Store, folder, search, *Encrypt…*. */
export function ArtifactsHeader(props: ArtifactsHeaderProps) {
  const { place, onGo, query, onQuery, searchRef, onLeaveSearch, hasSearch, isBulk } = props
  const parts = place.folder === '' ? [] : place.folder.split('/')
  const storeId = place.isEveryStore ? 'all' : (place.store?.storeId ?? null)
  const here = parts.at(-1) ?? (place.isEveryStore ? 'all stores' : (place.store?.name ?? 'the store'))
  const crumbs = (
    <>
      <h1 className="visually-hidden">Artifacts</h1>
      <nav className={classes.crumbs} aria-label="Place">
        <StoreSwitcher place={place} onGo={onGo} />
        {parts.map((part, n) => {
          const folder = parts.slice(0, n + 1).join('/')
          const isLast = n === parts.length - 1
          return (
            <Fragment key={folder}>
              <span className={classes.slash} aria-hidden>
                /
              </span>
              {isLast ? (
                <span className={classes.here} aria-current="page">
                  {safeText(part)}
                </span>
              ) : (
                <button type="button" className={classes.crumb} onClick={() => onGo({ storeId, folder })}>
                  {safeText(part)}
                </button>
              )}
            </Fragment>
          )
        })}
      </nav>
    </>
  )
  return (
    <ScreenHeader title={crumbs}>
      {hasSearch ? (
        <SearchField
          label={`Search in ${safeText(here)}`}
          value={query}
          onChange={onQuery}
          inputRef={searchRef}
          onLeave={onLeaveSearch}
        />
      ) : null}
      <EncryptMenu isPrimary={!isBulk} />
    </ScreenHeader>
  )
}

function EncryptMenu({ isPrimary }: { isPrimary: boolean }) {
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <Button kind={isPrimary ? 'primary' : 'secondary'}>Encrypt…</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconFile size={16} stroke={1.5} aria-hidden />}
          onClick={() => askWindow({ ask: 'choose-to-encrypt', what: 'files' })}
        >
          Files…
        </Menu.Item>
        <Menu.Item
          leftSection={<IconFolder size={16} stroke={1.5} aria-hidden />}
          onClick={() => askWindow({ ask: 'choose-to-encrypt', what: 'folder' })}
        >
          A folder…
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLockOpen size={16} stroke={1.5} aria-hidden />}
          onClick={() => askWindow({ ask: 'open-age-file', source: null, name: '' })}
        >
          Open an age file…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function StoreSwitcher({ place, onGo }: Pick<ArtifactsHeaderProps, 'place' | 'onGo'>) {
  const name = place.isEveryStore ? 'All stores' : (place.store?.name ?? '')
  const mark = (isOn: boolean) =>
    isOn ? <IconCheck size={16} stroke={1.5} aria-label="shown now" /> : <span className={classes.noMark} />
  return (
    <Menu position="bottom-start" width={320}>
      <Menu.Target>
        <button type="button" className={classes.store} aria-label={`Store: ${name}. Choose another`}>
          {safeText(name)}
          <IconSelector size={16} stroke={1.5} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {place.stores.map((store) => (
          <Menu.Item
            key={store.storeId}
            leftSection={mark(store.storeId === place.store?.storeId)}
            onClick={() => onGo({ storeId: store.storeId, folder: '' })}
          >
            <span className={classes.item}>
              <span>{safeText(store.name)}</span>
              <code>{safeText(store.location)}</code>
            </span>
          </Menu.Item>
        ))}
        {place.stores.length > 1 ? (
          <>
            <Menu.Divider />
            <Menu.Item
              leftSection={mark(place.isEveryStore)}
              onClick={() => onGo({ storeId: 'all', folder: '' })}
            >
              All stores
            </Menu.Item>
          </>
        ) : null}
        <Menu.Divider />
        <Menu.Item leftSection={mark(false)} component="a" href="#/settings/stores">
          Add or manage stores
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
