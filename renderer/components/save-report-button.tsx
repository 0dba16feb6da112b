import type { JobId, PathToken } from '../../shared/ids.ts'
import { failureFrom, useAction } from '../lib/use-call.ts'
import { Button } from './button.tsx'
import { showFailure, showNotice } from './notice.tsx'
import { usePathPicker } from './path-picker/use-path-picker.ts'

type SaveReportButtonProps = {
  jobIds: JobId[]
  /** Of the file: `weightlock-rotation-2026-11-24.txt`. */
  name: string
  /** What the page says beside the jobs, one line each. */
  notes: string[]
}

/** Writes what became of jobs to a file that is asked for. */
export function SaveReportButton({ jobIds, name, notes }: SaveReportButtonProps) {
  const save = useAction('jobs:save-report', { onDone: showSaved })
  const write = (target: Target) => save.mutateAsync({ jobIds, target, notes })
  return <ReportFileButton name={name} busy={save.isPending} write={write} />
}

type Target = { token: PathToken }

/** Where a report was written. */
export const showSaved = ({ location }: { location: string }): void => {
  showNotice({ title: 'Report saved', message: location })
}

type ReportFileButtonProps = {
  /** Of the file, without program and date. */
  name: string
  busy: boolean
  write: (target: Target) => Promise<unknown>
}

/** Asks where a report is to go, and has it written there. */
export function ReportFileButton({ name, busy, write }: ReportFileButtonProps) {
  const picker = usePathPicker()
  const run = async (): Promise<void> => {
    const day = new Date().toISOString().slice(0, 10)
    const target = await picker.chooseTarget(`weightlock-${name}-${day}.txt`, 'file')
    if (target !== null) await write({ token: target.token })
  }
  return (
    <Button busy={busy} onClick={() => void run().catch((error: unknown) => showFailure(failureFrom(error)))}>
      Save report…
    </Button>
  )
}
