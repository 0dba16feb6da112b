import { useMemo } from 'react'
import type { StoreEntry } from '../../../shared/domain/store.ts'
import { BulkBar } from '../../components/bulk-bar.tsx'
import { Button } from '../../components/button.tsx'
import { showFailure } from '../../components/notice.tsx'
import { useJobsNotice } from '../../components/use-jobs-notice.ts'
import { failureFrom, useAction } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import { askWindow } from '../../lib/window-requests.ts'
import { entryId, isErased } from './entry.ts'
import type { EntryRows } from './use-entries.ts'

/** That one job takes. */
const mostAtOnce = 100_000

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
  const { artifacts, openable } = useMemo(() => {
    const all = [...selected.values()].filter((entry) => entry.type === 'artifact')
    return { artifacts: all, openable: all.filter((entry) => !isErased(entry)) }
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
