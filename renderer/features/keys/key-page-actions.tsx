import { Menu } from '@mantine/core'
import { IconAlertTriangle, IconDots, IconEyeOff, IconFileExport, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { KeyRow } from '../../../shared/domain/key.ts'
import { Button } from '../../components/button.tsx'
import { IconButton } from '../../components/icon-button.tsx'
import { useArchiveEntry } from '../../components/use-archive-entry.ts'
import { askWindow } from '../../lib/window-requests.ts'
import { compromisePath, mayReport, mayResume, mayRotate, maySuspend, rotatePath } from './key-words.ts'
import { ResumeDialog, SuspendDialog } from './suspend-dialog.tsx'

/** What can be done to a key, in its page's header; nothing to one that is destroyed. */
export function KeyPageActions({ row, onExport }: { row: KeyRow; onExport: () => void }) {
  const [, navigate] = useLocation()
  const [asks, setAsks] = useState<'suspend' | 'resume' | null>(null)
  const archive = useArchiveEntry()
  if (row.state === 'destroyed') return null
  const { artifactId } = row
  const close = (): void => setAsks(null)
  return (
    <>
      {maySuspend(row) ? <Button onClick={() => setAsks('suspend')}>Suspend…</Button> : null}
      {mayResume(row) ? <Button onClick={() => setAsks('resume')}>Resume…</Button> : null}
      {row.isMissing ? (
        <Button onClick={() => askWindow({ ask: 'import-identity', source: null })}>Import identity…</Button>
      ) : null}
      <Menu position="bottom-end" width={216}>
        <Menu.Target>
          <IconButton icon={IconDots} label="More actions" />
        </Menu.Target>
        <Menu.Dropdown>
          {row.isMissing ? null : (
            <Menu.Item leftSection={<IconFileExport size={16} stroke={1.5} aria-hidden />} onClick={onExport}>
              Export identity…
            </Menu.Item>
          )}
          {row.isMissing && artifactId !== null ? (
            <Menu.Item
              leftSection={<IconEyeOff size={16} stroke={1.5} aria-hidden />}
              onClick={() => void archive({ artifactId, name: row.artifactName ?? row.alias }, true)}
            >
              Archive its entry
            </Menu.Item>
          ) : null}
          {mayReport(row) ? (
            <Menu.Item
              leftSection={<IconAlertTriangle size={16} stroke={1.5} aria-hidden />}
              onClick={() => navigate(compromisePath([row]))}
            >
              Report compromise…
            </Menu.Item>
          ) : null}
          <Menu.Item
            leftSection={<IconTrash size={16} stroke={1.5} aria-hidden />}
            onClick={() => navigate(`/keys/${row.keyId}/destroy`)}
          >
            Destroy this key…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {mayRotate(row) ? (
        <Button kind="primary" onClick={() => navigate(rotatePath([row]))}>
          Rotate…
        </Button>
      ) : null}
      {row.isMissing ? (
        <Button kind="primary" onClick={() => navigate('/settings/recovery-kit')}>
          Restore from a kit…
        </Button>
      ) : null}
      {asks === 'suspend' ? <SuspendDialog keys={[row]} onClose={close} /> : null}
      {asks === 'resume' ? <ResumeDialog keys={[row]} onClose={close} /> : null}
    </>
  )
}
