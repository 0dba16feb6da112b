import { Menu } from '@mantine/core'
import {
  IconCopy,
  IconDownload,
  IconEye,
  IconFlame,
  IconFolder,
  IconFolderOpen,
  IconKey,
  IconLockOpen,
  IconShieldCheck,
} from '@tabler/icons-react'
import type { StoreEntry } from '../../../shared/domain/store.ts'
import { useCall } from '../../lib/use-call.ts'
import { entryName, isDeleted, isErased, isInBucket } from './entry.ts'
import type { ArtifactEntry, ForeignEntry } from './entry.ts'
import classes from './entry-menu.module.css'
import { ArchiveItem, CiphertextItems, EndItem, MenuItem, RotateItem } from './menu-items.tsx'
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
          <MenuItem icon={IconFolder} keys="Enter" onClick={onOpen}>
            Open the folder
          </MenuItem>
        ) : (
          <ForeignItems entry={entry} onOpen={onOpen} onDetails={onDetails} />
        )}
      </Menu.Dropdown>
    </Menu>
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
      <MenuItem icon={IconLockOpen} keys="Enter" disabled={isGone || isNowhere} onClick={onOpen}>
        Open…
      </MenuItem>
      <MenuItem icon={IconEye} keys="Space" onClick={onDetails}>
        Details
      </MenuItem>
      <Menu.Divider />
      <Menu.Label>Copy as</Menu.Label>
      {copyAs.data?.choices.map(({ id, label, text }) => (
        <MenuItem key={id} icon={IconCopy} onClick={() => void actions.copy(text, label)}>
          {label}
        </MenuItem>
      ))}
      <Menu.Divider />
      <MenuItem icon={IconShieldCheck} disabled={isNowhere} onClick={() => void actions.verify()}>
        Verify
      </MenuItem>
      <MenuItem
        icon={IconFolderOpen}
        disabled={isNowhere || isInBucket(entry)}
        onClick={() => void actions.reveal()}
      >
        Reveal in the file manager
      </MenuItem>
      <Menu.Divider />
      <CiphertextItems artifact={entry} actions={actions} />
      <Menu.Divider />
      <MenuItem icon={IconKey} onClick={actions.showKey}>
        Show its key
      </MenuItem>
      <RotateItem artifact={entry} actions={actions} />
      <MenuItem icon={IconDownload} disabled={isGone} onClick={actions.exportIdentity}>
        Export identity…
      </MenuItem>
      <MenuItem icon={IconFlame} keys="Del" disabled={isGone} onClick={actions.destroyKey}>
        Destroy key…
      </MenuItem>
      <ArchiveItem artifact={entry} actions={actions} />
      <EndItem artifact={entry} actions={actions} />
    </>
  )
}

function ForeignItems({ entry, onOpen, onDetails }: ItemsProps<ForeignEntry>) {
  const copy = useCopy()
  return (
    <>
      {entry.isAgeFile ? (
        <MenuItem icon={IconLockOpen} keys="Enter" onClick={onOpen}>
          Open…
        </MenuItem>
      ) : null}
      <MenuItem icon={IconEye} keys="Space" onClick={onDetails}>
        Details
      </MenuItem>
      <MenuItem icon={IconCopy} onClick={() => void copy(entry.objectName, 'the object name')}>
        Copy the object name
      </MenuItem>
    </>
  )
}
