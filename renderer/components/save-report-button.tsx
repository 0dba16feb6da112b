import type { JobId } from '../../shared/ids.ts'
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
  const picker = usePathPicker()
  const save = useAction('jobs:save-report', {
    onDone: ({ location }) => showNotice({ title: 'Report saved', message: location }),
  })
  const run = async (): Promise<void> => {
    const day = new Date().toISOString().slice(0, 10)
    const target = await picker.chooseTarget(`weightlock-${name}-${day}.txt`, 'file')
    if (target !== null) await save.mutateAsync({ jobIds, target: { token: target.token }, notes })
  }
  return (
    <Button
      busy={save.isPending}
      onClick={() => void run().catch((error: unknown) => showFailure(failureFrom(error)))}
    >
      Save report…
    </Button>
  )
}
