import { Select } from '@mantine/core'
import { IconSelector } from '@tabler/icons-react'
import type { KeyAlgorithm } from '../../../shared/domain/key.ts'
import type { StoreId } from '../../../shared/ids.ts'
import type { StoreInfo } from '../../../shared/domain/store.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { CheckOption, OptionFrame, OptionGroup } from '../../components/options.tsx'
import { useCall } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import { cleanFolder } from './encrypt-choices.ts'
import classes from './sheet-choices.module.css'

export type Destination = { storeId: StoreId | null; folder: string }

type SheetChoicesProps = {
  destination: Destination
  onDestination: (destination: Destination) => void
  newKeys: number
  algorithm: KeyAlgorithm
  onAlgorithm: (algorithm: KeyAlgorithm) => void
  original: 'keep' | 'trash'
  onOriginal: (original: 'keep' | 'trash') => void
  opaqueNames: boolean
  onOpaqueNames: (opaqueNames: boolean) => void
}

/** Where it goes, the key's algorithm, what happens to the originals, and the names in the store. */
export function SheetChoices(props: SheetChoicesProps) {
  const { destination, onDestination, newKeys } = props
  const format = useFormat()
  const stores = useCall('stores:list', {}).data?.stores ?? []
  const store = stores.find(({ storeId }) => storeId === destination.storeId)
  return (
    <div className={classes.side}>
      <OptionFrame label="Store">
        <Select
          aria-label="Store"
          value={destination.storeId}
          data={stores.map(({ storeId, name }) => ({ value: storeId, label: safeText(name) }))}
          onChange={(value) => {
            const next = stores.find(({ storeId }) => storeId === value)
            if (next) onDestination({ ...destination, storeId: next.storeId })
          }}
          rightSection={<IconSelector size={16} stroke={1.5} aria-hidden />}
        />
        <label className={classes.folder}>
          <span>Folder</span>
          <input
            type="text"
            value={destination.folder}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => onDestination({ ...destination, folder: event.target.value })}
          />
        </label>
        {store ? (
          <code className={classes.location}>
            <MiddleEllipsis text={whereOf(store, destination.folder)} tail={22} />
          </code>
        ) : null}
      </OptionFrame>
      {newKeys > 0 ? (
        <OptionGroup<KeyAlgorithm>
          label={
            newKeys === 1 ? 'Algorithm of the new key' : `Algorithm of the ${format.count(newKeys)} new keys`
          }
          value={props.algorithm}
          onChange={props.onAlgorithm}
          options={[
            { value: 'X25519', label: 'X25519', help: 'Opens with age, rage, pyrage and typage.' },
            {
              value: 'mlkem768x25519',
              label: 'Post-quantum hybrid',
              help: 'ML-KEM-768 with X25519. Opens only with age 1.3 or later and typage.',
            },
          ]}
        />
      ) : null}
      <OptionGroup
        label="Originals"
        value={props.original}
        onChange={props.onOriginal}
        options={[
          { value: 'keep', label: 'Keep' },
          { value: 'trash', label: 'Move to trash', help: 'Each once its stored copy is verified.' },
        ]}
      />
      <OptionFrame label="Object names">
        <CheckOption
          label="Use opaque names"
          help="Otherwise anyone who can list the store reads them."
          checked={props.opaqueNames}
          onChange={props.onOpaqueNames}
        />
      </OptionFrame>
    </div>
  )
}

/** Where the objects will lie. A place of a kind that has no path is only named. */
const whereOf = ({ location }: StoreInfo, folder: string): string => {
  const inside = cleanFolder(folder)
  const separator = location.includes('\\') && !location.includes('/') ? '\\' : '/'
  return inside === '' ? location : `${location.replace(/[\\/]$/, '')}${separator}${inside}`
}
