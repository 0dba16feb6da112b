import type { ArtifactRow } from '../../../shared/domain/artifact.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { useJobsNotice } from '../../components/use-jobs-notice.ts'
import { failureFrom, useAction } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import classes from './open-dialogs.module.css'

/** Moves ownership of an artifact to this installation: a full read, then a yes. */
export function AdoptDialog({ artifact, onClose }: { artifact: ArtifactRow; onClose: () => void }) {
  const format = useFormat()
  const showJobs = useJobsNotice()
  const adopt = useAction('artifacts:adopt', {
    onDone: ({ jobId }) => {
      showJobs({
        jobIds: [jobId],
        running: 'Taking ownership',
        done: 'Ownership taken',
        message: 'All of it is read first.',
      })
      onClose()
    },
  })
  return (
    <Dialog
      title="Take ownership of this artifact?"
      onClose={onClose}
      alert={adopt.isError ? <FailureAlert failure={failureFrom(adopt.error)} /> : null}
      actions={
        <>
          <Button kind="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button
            kind="primary"
            data-autofocus
            busy={adopt.isPending}
            onClick={() => adopt.mutate({ artifactIds: [artifact.artifactId], all: false })}
          >
            Take ownership
          </Button>
        </>
      }
    >
      <p className={classes.text}>
        <b>{safeText(artifact.name)}</b> was encrypted by another installation, or restored without proof of
        its history. Afterwards this one rotates its key and retires it, and the other becomes a reader.
      </p>
      <p className={classes.text}>
        {format.bytes(artifact.ciphertextBytes)} are read and pinned as they are now. What happened to it
        before is not proved.
      </p>
    </Dialog>
  )
}
