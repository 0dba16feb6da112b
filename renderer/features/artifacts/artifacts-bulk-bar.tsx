import type { StoreEntry } from '../../../shared/domain/store.ts'
import { BulkBar } from '../../components/bulk-bar.tsx'
import { Button } from '../../components/button.tsx'
import { showFailure, showNotice } from '../../components/notice.tsx'
import { failureFrom, useAction } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import { askWindow } from '../../lib/window-requests.ts'
import { entryId, isErased } from './entry.ts'
import type { EntryRows } from './use-entries.ts'

type ArtifactsBulkBarProps = {
  entries: StoreEntry[]
  rows: EntryRows
  inView: { first: number; last: number }
  onClear: () => void
  onSelectAll: () => void
}

/** What can be done to many at once. */
export function ArtifactsBulkBar({ entries, rows, inView, onClear, onSelectAll }: ArtifactsBulkBarProps) {
  const format = useFormat()
  const verify = useAction('artifacts:verify', {
    onDone: () =>
      showNotice({ title: 'Verifying', message: 'Every stored byte is read. Transfers shows how far.' }),
  })
  const artifacts = entries.filter((entry) => entry.type === 'artifact')
  const openable = artifacts.filter((entry) => !isErased(entry))
  const seen = new Set<string>()
  for (let n = inView.first; n <= inView.last; n++) {
    const row = rows.rowAt(n)
    if (row !== undefined) seen.add(entryId(row))
  }
  const notInView = entries.filter((entry) => !seen.has(entryId(entry))).length
  return (
    <BulkBar
      selected={entries.length}
      notInView={notInView}
      matching={rows.total}
      onClear={onClear}
      onSelectAll={onSelectAll}
    >
      <Button
        disabled={artifacts.length === 0}
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
        disabled={openable.length === 0}
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
