import type { JobView } from '../../../shared/job.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { useFormat } from '../../lib/use-format.ts'

const worthAskingSeconds = 30

/** A short job is cancelled at once; one that has run for a while is asked about. */
export const needsQuestion = (job: JobView, nowMs: number): boolean =>
  job.doneBytes > 0 && (nowMs - job.startedAt) / 1000 > worthAskingSeconds

type CancelDialogProps = { job: JobView; onClose: () => void; onCancel: () => void }

/** Asks before the work of a long job is thrown away. */
export function CancelDialog({ job, onClose, onCancel }: CancelDialogProps) {
  const format = useFormat()
  return (
    <Dialog
      title={`Cancel ${job.title}?`}
      onClose={onClose}
      onSubmit={onCancel}
      actions={
        <>
          <Button kind="ghost" onClick={onClose}>
            Keep it running
          </Button>
          <Button kind="primary" type="submit" data-autofocus>
            Cancel the job
          </Button>
        </>
      }
    >
      <p>
        The {format.bytes(job.doneBytes)} done so far are thrown away. Nothing half-written is left behind,
        and the original is not touched.
      </p>
    </Dialog>
  )
}
