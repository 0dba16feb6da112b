import { useState } from 'react'
import { useLocation } from 'wouter'
import type { KeyRow } from '../../../shared/domain/key.ts'
import { BulkBar } from '../../components/bulk-bar.tsx'
import { Button } from '../../components/button.tsx'
import type { WindowedRows } from '../../lib/use-windowed-rows.ts'
import { askWindow } from '../../lib/window-requests.ts'
import {
  compromisePath,
  keysCount,
  mayPutInKit,
  mayReport,
  mayRotate,
  maySuspend,
  rotatePath,
} from './key-words.ts'
import { SuspendDialog } from './suspend-dialog.tsx'

type KeysBulkBarProps = {
  /** By id. */
  selected: ReadonlyMap<string, KeyRow>
  rows: WindowedRows<KeyRow>
  inView: { first: number; last: number }
  onClear: () => void
  /** Undefined where all that matches is selected. */
  onSelectAll: (() => void) | undefined
}

/** What can be done to the keys that are chosen. */
export function KeysBulkBar({ selected, rows, inView, onClear, onSelectAll }: KeysBulkBarProps) {
  const [, navigate] = useLocation()
  const [isSuspending, setIsSuspending] = useState(false)
  const all = [...selected.values()]
  const rotatable = all.filter(mayRotate)
  const active = all.filter(maySuspend)
  const leakable = all.filter(mayReport)
  const kept = all.filter(mayPutInKit).map(({ keyId }) => keyId)
  let seen = 0
  for (let n = inView.first; n <= inView.last; n++) {
    const row = rows.rowAt(n)
    if (row !== undefined && selected.has(row.keyId)) seen++
  }
  return (
    <BulkBar
      selected={selected.size}
      notInView={selected.size - seen}
      onClear={onClear}
      onSelectAll={onSelectAll}
    >
      <Button disabled={leakable.length === 0} onClick={() => navigate(compromisePath(leakable))}>
        Report compromise…
      </Button>
      <Button disabled={kept.length === 0} onClick={() => askWindow({ ask: 'make-kit', keyIds: kept })}>
        Put in a kit…
      </Button>
      <Button disabled={active.length === 0} onClick={() => setIsSuspending(true)}>
        Suspend {keysCount(active.length)}…
      </Button>
      <Button
        kind="primary"
        disabled={rotatable.length === 0}
        onClick={() => navigate(rotatePath(rotatable))}
      >
        Rotate {keysCount(rotatable.length)}…
      </Button>
      {isSuspending ? <SuspendDialog keys={active} onClose={() => setIsSuspending(false)} /> : null}
    </BulkBar>
  )
}
