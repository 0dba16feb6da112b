import { Menu } from '@mantine/core'
import {
  IconArrowRight,
  IconCopy,
  IconCopyPlus,
  IconDownload,
  IconEye,
  IconFlame,
  IconFolder,
  IconFolderOpen,
  IconKey,
  IconLockOpen,
  IconShieldCheck,
  IconTrash,
} from '@tabler/icons-react'
import type { ComponentType, ReactNode } from 'react'
import type { StoreEntry } from '../../../shared/domain/store.ts'
import { useCall } from '../../lib/use-call.ts'
import { entryName, isDeleted, isErased, isInBucket, mayLeaveStore } from './entry.ts'
import type { ArtifactEntry, ForeignEntry } from './entry.ts'
import classes from './entry-menu.module.css'
import { useArtifactActions, useCopy } from './use-artifact-actions.ts'

/** It is nearly as high as the smallest window: moved up, it may lie over its row. */
const insideTheWindow = { flip: false, shift: { crossAxis: true, padding: 8 } }

type EntryMenuProps = {
  entry: StoreEntry
  /** Where the pointer, or the row, is. */
  x: number
  y: number
  onOpen: () => void
  onDetails: () => void
  onClose: () => void
}

/** The menu of a right click, the menu key and Shift+F10. */
export function EntryMenu({ entry, x, y, onOpen, onDetails, onClose }: EntryMenuProps) {
  return (
    <Menu
      opened
      onClose={onClose}
      position="bottom-start"
      width={232}
      trapFocus
      returnFocus={false}
      middlewares={insideTheWindow}
    >
      <Menu.Target>
        <button
          type="button"
          tabIndex={-1}
          aria-label="Actions"
          className={classes.anchor}
          style={{ left: x, top: y }}
        />
      </Menu.Target>
      <Menu.Dropdown aria-label={`Actions for ${entryName(entry)}`}>
        {entry.type === 'artifact' ? (
          <ArtifactItems entry={entry} onOpen={onOpen} onDetails={onDetails} />
        ) : entry.type === 'folder' ? (
          <Item icon={IconFolder} keys="Enter" onClick={onOpen}>
            Open the folder
          </Item>
        ) : (
          <ForeignItems entry={entry} onOpen={onOpen} onDetails={onDetails} />
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

type ItemProps = {
  icon: ComponentType<{ size: number; stroke: number; 'aria-hidden': boolean }>
  /** The key that does the same in the table. */
  keys?: string
  disabled?: boolean
  onClick: () => void
  children: ReactNode
}

function Item({ icon: Glyph, keys, disabled, onClick, children }: ItemProps) {
  return (
    <Menu.Item
      leftSection={<Glyph size={16} stroke={1.5} aria-hidden />}
      rightSection={keys ? <kbd>{keys}</kbd> : null}
      disabled={disabled ?? false}
      onClick={onClick}
    >
      {children}
    </Menu.Item>
  )
}

type ItemsProps<E> = { entry: E; onOpen: () => void; onDetails: () => void }

function ArtifactItems({ entry, onOpen, onDetails }: ItemsProps<ArtifactEntry>) {
  const actions = useArtifactActions(entry)
  const copyAs = useCall('artifacts:copy-as', { artifactId: entry.artifactId, version: null })
  const isGone = isErased(entry)
  const isNowhere = isDeleted(entry)
  return (
    <>
      <Item icon={IconLockOpen} keys="Enter" disabled={isGone || isNowhere} onClick={onOpen}>
        Open…
      </Item>
      <Item icon={IconEye} keys="Space" onClick={onDetails}>
        Details
      </Item>
      <Menu.Divider />
      <Menu.Label>Copy as</Menu.Label>
      {copyAs.data?.choices.map(({ id, label, text }) => (
        <Item key={id} icon={IconCopy} onClick={() => void actions.copy(text, label)}>
          {label}
        </Item>
      ))}
      <Menu.Divider />
      <Item icon={IconShieldCheck} disabled={isNowhere} onClick={() => void actions.verify()}>
        Verify
      </Item>
      <Item
        icon={IconFolderOpen}
        disabled={isNowhere || isInBucket(entry)}
        onClick={() => void actions.reveal()}
      >
        Reveal in the file manager
      </Item>
      <Menu.Divider />
      <Item icon={IconCopyPlus} disabled={isNowhere} onClick={actions.copyToStore}>
        Copy to store…
      </Item>
      <Item icon={IconArrowRight} disabled={!mayLeaveStore(entry)} onClick={actions.moveToStore}>
        Move to store…
      </Item>
      <Item icon={IconTrash} disabled={!mayLeaveStore(entry)} onClick={actions.deleteCiphertext}>
        Delete ciphertext…
      </Item>
      <Menu.Divider />
      <Item icon={IconKey} onClick={actions.showKey}>
        Show its key
      </Item>
      <Item icon={IconDownload} disabled={isGone} onClick={actions.exportIdentity}>
        Export identity…
      </Item>
      <Item icon={IconFlame} keys="Del" disabled={isGone} onClick={actions.destroyKey}>
        Destroy key…
      </Item>
    </>
  )
}

function ForeignItems({ entry, onOpen, onDetails }: ItemsProps<ForeignEntry>) {
  const copy = useCopy()
  return (
    <>
      {entry.isAgeFile ? (
        <Item icon={IconLockOpen} keys="Enter" onClick={onOpen}>
          Open…
        </Item>
      ) : null}
      <Item icon={IconEye} keys="Space" onClick={onDetails}>
        Details
      </Item>
      <Item icon={IconCopy} onClick={() => void copy(entry.objectName, 'the object name')}>
        Copy the object name
      </Item>
    </>
  )
}
