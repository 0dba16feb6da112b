import { Menu } from '@mantine/core'
import { IconArchive, IconArrowRight, IconCopyPlus, IconDots, IconTrash } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useLocation } from 'wouter'
import type { StoreEntry } from '../../../shared/domain/store.ts'
import { BulkBar } from '../../components/bulk-bar.tsx'
import { Button } from '../../components/button.tsx'
import { IconButton } from '../../components/icon-button.tsx'
import { showFailure } from '../../components/notice.tsx'
import { useJobsNotice } from '../../components/use-jobs-notice.ts'
import { failureFrom, useAction } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import { askWindow } from '../../lib/window-requests.ts'
import { entryId, isDeleted, isErased, mayLeaveStore } from './entry.ts'
import type { ArtifactEntry } from './entry.ts'
import type { EntryRows } from './use-entries.ts'

/** That one job takes. */
const mostAtOnce = 100_000

/** That one page shows by name. */
const mostRetired = 1000

/** Jobs that are begun at once, one for each. */
const mostJobs = 10_000
const fits = (entries: readonly ArtifactEntry[]): boolean => entries.length > 0 && entries.length <= mostJobs
const placesOf = (entries: readonly ArtifactEntry[]) =>
  entries.map(({ artifactId, storeId }) => ({ artifactId, storeId }))

type ArtifactsBulkBarProps = {
  /** By id. */
  selected: ReadonlyMap<string, StoreEntry>
  rows: EntryRows
  inView: { first: number; last: number }
  onClear: () => void
  /** Undefined where all that matches is selected. */
  onSelectAll: (() => void) | undefined
}

/** What can be done to many at once. */
export function ArtifactsBulkBar({ selected, rows, inView, onClear, onSelectAll }: ArtifactsBulkBarProps) {
  const format = useFormat()
  const showJobs = useJobsNotice()
  const [, navigate] = useLocation()
  const verify = useAction('artifacts:verify', {
    onDone: ({ jobId }) => {
      const what = format.counted(artifacts.length, 'artifact')
      showJobs({
        jobIds: [jobId],
        running: `Verifying ${what}`,
        done: `${what} verified`,
        message: 'Every stored byte is read and compared.',
      })
    },
  })
  const { artifacts, openable, copyable, movable, retirable } = useMemo(() => {
    const all = [...selected.values()].filter((entry) => entry.type === 'artifact')
    return {
      artifacts: all,
      openable: all.filter((entry) => !isErased(entry) && !isDeleted(entry)),
      copyable: all.filter((entry) => !isDeleted(entry)),
      movable: all.filter(mayLeaveStore),
      retirable: [
        ...new Set(
          all
            .filter((entry) => !isErased(entry) && entry.ownership === 'owner')
            .map(({ artifactId }) => artifactId),
        ),
      ],
    }
  }, [selected])
  let seen = 0
  for (let n = inView.first; n <= inView.last; n++) {
    const row = rows.rowAt(n)
    if (row !== undefined && selected.has(entryId(row))) seen++
  }
  return (
    <BulkBar
      selected={selected.size}
      notInView={selected.size - seen}
      onClear={onClear}
      onSelectAll={onSelectAll}
    >
      <Button
        disabled={artifacts.length === 0 || artifacts.length > mostAtOnce}
        busy={verify.isPending}
        onClick={() =>
          verify.mutate(
            { artifactIds: artifacts.map(({ artifactId }) => artifactId), storeId: null, level: 'full' },
            { onError: (error) => showFailure(failureFrom(error)) },
          )
        }
      >
        Verify {format.count(artifacts.length)}
      </Button>
      <Menu position="top-end" width={232}>
        <Menu.Target>
          <IconButton icon={IconDots} label="More actions" disabled={artifacts.length === 0} />
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconCopyPlus size={16} stroke={1.5} aria-hidden />}
            disabled={!fits(copyable)}
            onClick={() => askWindow({ ask: 'copy', items: placesOf(copyable), move: false })}
          >
            Copy {format.count(copyable.length)} to store…
          </Menu.Item>
          <Menu.Item
            leftSection={<IconArrowRight size={16} stroke={1.5} aria-hidden />}
            disabled={!fits(movable)}
            onClick={() => askWindow({ ask: 'copy', items: placesOf(movable), move: true })}
          >
            Move {format.count(movable.length)} to store…
          </Menu.Item>
          <Menu.Item
            leftSection={<IconTrash size={16} stroke={1.5} aria-hidden />}
            disabled={!fits(movable)}
            onClick={() => askWindow({ ask: 'delete-ciphertext', items: placesOf(movable) })}
          >
            Delete ciphertext of {format.count(movable.length)}…
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconArchive size={16} stroke={1.5} aria-hidden />}
            disabled={retirable.length === 0 || retirable.length > mostRetired}
            onClick={() => navigate(`/retire/${retirable.join(',')}`)}
          >
            Retire {format.count(retirable.length)}…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Button
        kind="primary"
        disabled={openable.length === 0 || openable.length > mostAtOnce}
        onClick={() =>
          askWindow({
            ask: 'decrypt',
            artifactIds: openable.map(({ artifactId }) => artifactId),
            version: null,
          })
        }
      >
        Decrypt {format.count(openable.length)}…
      </Button>
    </BulkBar>
  )
}
