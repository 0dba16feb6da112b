import { Menu } from '@mantine/core'
import {
  IconBrandPython,
  IconChevronDown,
  IconDots,
  IconDownload,
  IconFile,
  IconFlame,
  IconFolderOpen,
  IconKey,
  IconLink,
  IconTerminal2,
} from '@tabler/icons-react'
import { useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { IconButton } from '../../../components/icon-button.tsx'
import { MiddleEllipsis } from '../../../components/middle-ellipsis.tsx'
import { useCall } from '../../../lib/use-call.ts'
import { isDeleted, isErased, isInBucket } from '../entry.ts'
import type { ArtifactEntry } from '../entry.ts'
import { ArchiveItem, CiphertextItems, EndItem, MenuItem, RotateItem } from '../menu-items.tsx'
import { useArtifactActions } from '../use-artifact-actions.ts'
import type { ArtifactActions } from '../use-artifact-actions.ts'
import shared from './details.module.css'
import classes from './details-actions.module.css'

/** From the button at the right of the row to the panel's left edge. */
const pastThePanelPx = 246

/** The buttons under the panel's title. Their menus open to the left, over the list. */
export function DetailsActions({ artifact }: { artifact: ArtifactEntry }) {
  const actions = useArtifactActions(artifact)
  const isGone = isErased(artifact)
  const isNowhere = isDeleted(artifact)
  return (
    <div className={shared.actions}>
      <CopyAs artifact={artifact} actions={actions} />
      <Button disabled={isGone || isNowhere} onClick={() => actions.decrypt(null)}>
        Open…
      </Button>
      <Button disabled={isNowhere} onClick={() => void actions.verify()}>
        Verify
      </Button>
      <Menu position="left-start" width={232} offset={pastThePanelPx}>
        <Menu.Target>
          <IconButton icon={IconDots} label="More actions" />
        </Menu.Target>
        <Menu.Dropdown>
          <MenuItem
            icon={IconFolderOpen}
            disabled={isNowhere || isInBucket(artifact)}
            onClick={() => void actions.reveal()}
          >
            Reveal in the file manager
          </MenuItem>
          <MenuItem icon={IconKey} onClick={actions.showKey}>
            Show its key
          </MenuItem>
          <RotateItem artifact={artifact} actions={actions} />
          <Menu.Divider />
          <CiphertextItems artifact={artifact} actions={actions} />
          <Menu.Divider />
          <MenuItem icon={IconDownload} disabled={isGone} onClick={actions.exportIdentity}>
            Export identity…
          </MenuItem>
          <MenuItem icon={IconFlame} disabled={isGone} onClick={actions.destroyKey}>
            Destroy key…
          </MenuItem>
          <ArchiveItem artifact={artifact} actions={actions} />
          <EndItem artifact={artifact} actions={actions} />
        </Menu.Dropdown>
      </Menu>
    </div>
  )
}

const copyIcons = {
  path: IconLink,
  'object-name': IconFile,
  age: IconTerminal2,
  'age-powershell': IconTerminal2,
  python: IconBrandPython,
} as const

function CopyAs({ artifact, actions }: { artifact: ArtifactEntry; actions: ArtifactActions }) {
  const [isOpen, setIsOpen] = useState(false)
  const copyAs = useCall(
    'artifacts:copy-as',
    { artifactId: artifact.artifactId, version: null },
    { enabled: isOpen },
  )
  return (
    <Menu position="left-start" width={336} opened={isOpen} onChange={setIsOpen}>
      <Menu.Target>
        <Button
          className={classes.withChevron}
          rightIcon={<IconChevronDown size={16} stroke={1.5} aria-hidden />}
        >
          Copy as
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {copyAs.data?.choices.map(({ id, label, text }) => {
          const Glyph = copyIcons[id]
          return (
            <Menu.Item
              key={id}
              classNames={{ item: classes.copyItem ?? '', itemSection: classes.copyIcon ?? '' }}
              leftSection={<Glyph size={16} stroke={1.5} aria-hidden />}
              onClick={() => void actions.copy(text, label)}
            >
              <span>{label}</span>
              <code>
                <MiddleEllipsis text={text} tail={18} />
              </code>
            </Menu.Item>
          )
        })}
        {isErased(artifact) ? null : (
          <p className={classes.menuNote}>The key stays in the keychain; for age, export it first.</p>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
