/** What the menus of a row and of the details have in common. */
import { Menu } from '@mantine/core'
import {
  IconArchive,
  IconArrowRight,
  IconCertificate,
  IconCopyPlus,
  IconEye,
  IconEyeOff,
  IconRefresh,
  IconTrash,
} from '@tabler/icons-react'
import type { ComponentType, ReactNode } from 'react'
import { isDeleted, isErased, mayLeaveStore, mayRotateKey } from './entry.ts'
import type { ArtifactEntry } from './entry.ts'
import type { ArtifactActions } from './use-artifact-actions.ts'

type MenuItemProps = {
  icon: ComponentType<{ size: number; stroke: number; 'aria-hidden': boolean }>
  /** The key that does the same in the table. */
  keys?: string
  disabled?: boolean
  onClick: () => void
  children: ReactNode
}

export function MenuItem({ icon: Glyph, keys, disabled = false, onClick, children }: MenuItemProps) {
  return (
    <Menu.Item
      leftSection={<Glyph size={16} stroke={1.5} aria-hidden />}
      rightSection={keys ? <kbd>{keys}</kbd> : null}
      disabled={disabled}
      onClick={onClick}
    >
      {children}
    </Menu.Item>
  )
}

/** Where its ciphertext lies, changed. */
export function CiphertextItems({
  artifact,
  actions,
}: {
  artifact: ArtifactEntry
  actions: ArtifactActions
}) {
  return (
    <>
      <MenuItem icon={IconCopyPlus} disabled={isDeleted(artifact)} onClick={actions.copyToStore}>
        Copy to store…
      </MenuItem>
      <MenuItem icon={IconArrowRight} disabled={!mayLeaveStore(artifact)} onClick={actions.moveToStore}>
        Move to store…
      </MenuItem>
      <MenuItem icon={IconTrash} disabled={!mayLeaveStore(artifact)} onClick={actions.deleteCiphertext}>
        Delete ciphertext…
      </MenuItem>
    </>
  )
}

/** A new key for it, where its key is in use or is not trusted any more. */
export const RotateItem = ({ artifact, actions }: { artifact: ArtifactEntry; actions: ArtifactActions }) => (
  <MenuItem icon={IconRefresh} disabled={!mayRotateKey(artifact)} onClick={actions.rotateKey}>
    Rotate key…
  </MenuItem>
)

/** Out of the list, or back: nothing else of it changes. */
export const ArchiveItem = ({ artifact, actions }: { artifact: ArtifactEntry; actions: ArtifactActions }) => (
  <MenuItem
    icon={artifact.isArchived ? IconEye : IconEyeOff}
    onClick={() => void actions.archive(!artifact.isArchived)}
  >
    {artifact.isArchived ? 'Bring back into the list' : 'Archive entry'}
  </MenuItem>
)

/** The guided end of it, or what that ended in. */
export const EndItem = ({ artifact, actions }: { artifact: ArtifactEntry; actions: ArtifactActions }) =>
  isErased(artifact) ? (
    <MenuItem icon={IconCertificate} onClick={() => void actions.showCertificate()}>
      Show its certificate
    </MenuItem>
  ) : (
    <MenuItem icon={IconArchive} disabled={artifact.ownership === 'reader'} onClick={actions.retire}>
      Retire…
    </MenuItem>
  )
