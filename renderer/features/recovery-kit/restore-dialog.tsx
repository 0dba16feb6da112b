import { PasswordInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { JobId } from '../../../shared/ids.ts'
import { Button } from '../../components/button.tsx'
import { ChosenFile } from '../../components/chosen-file.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { JobReport } from '../../components/job-progress/job-report.tsx'
import { statusOf } from '../../components/job-progress/job-words.ts'
import { ProgressBar } from '../../components/job-progress/progress-bar.tsx'
import { usePathPicker } from '../../components/path-picker/use-path-picker.ts'
import { useJob } from '../../lib/jobs-store.ts'
import { failureFrom, useAction } from '../../lib/use-call.ts'
import type { NamedSource } from '../../lib/window-requests.ts'
import { ScanAndAdopt } from './scan-and-adopt.tsx'
import classes from './recovery-kit.module.css'

/** Brings the keys of a kit into this keychain; on a new machine it leads on to the stores. */
export function RestoreDialog({ onClose }: { onClose: () => void }) {
  const picker = usePathPicker()
  const [source, setSource] = useState<NamedSource | null>(null)
  const [passphrase, setPassphrase] = useState('')
  const [reversal, setReversal] = useState('')
  const [jobId, setJobId] = useState<JobId | null>(null)
  const restore = useAction('kits:restore', {
    onDone: (started) => {
      setPassphrase('')
      setJobId(started.jobId)
    },
  })
  const isReady = source !== null && passphrase !== ''
  const choose = async (): Promise<void> => {
    const [chosen] = await picker.choose('age-file')
    if (chosen !== undefined) setSource(chosen)
    restore.reset()
  }
  const submit = (): void => {
    if (!isReady || restore.isPending) return
    const reverseDestroyed = reversal === '' ? [] : [reversal]
    restore.mutate({ source: { token: source.token }, passphrase, reverseDestroyed })
  }
  if (jobId !== null) return <Restoring jobId={jobId} onClose={onClose} />
  return (
    <Dialog
      title="Restore from a recovery kit"
      onClose={onClose}
      onSubmit={submit}
      alert={restore.isError ? <FailureAlert failure={failureFrom(restore.error)} /> : undefined}
      note="The kit is only read"
      actions={
        <>
          <Button kind="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button kind="primary" type="submit" disabled={!isReady} busy={restore.isPending}>
            Restore its keys
          </Button>
        </>
      }
    >
      <div className={classes.stack}>
        <p className={classes.second}>
          Keys that are missing here come into the keychain and are read back. Keys that are here already are
          left as they are.
        </p>
        <ChosenFile label="Kit" file={source?.name ?? null} onChoose={choose} autofocus />
        <PasswordInput
          label="Passphrase of the kit"
          value={passphrase}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
          autoComplete="off"
        />
        <TextInput
          label="Take a destroyed key back (optional)"
          description="By the name of its artifact. Left empty, keys that were destroyed here stay destroyed."
          value={reversal}
          onChange={(event) => setReversal(event.currentTarget.value)}
          autoComplete="off"
        />
      </div>
    </Dialog>
  )
}

function Restoring({ jobId, onClose }: { jobId: JobId; onClose: () => void }) {
  const job = useJob(jobId)
  const isDone = job?.state === 'done'
  return (
    <Dialog
      title={isDone ? 'The keys are back' : job?.state === 'failed' ? 'Restore failed' : 'Restoring keys'}
      onClose={onClose}
      onSubmit={onClose}
      widthPx={560}
      actions={
        <Button kind="primary" type="submit">
          {isDone || job?.state === 'failed' ? 'Done' : 'Go on in the background'}
        </Button>
      }
    >
      <div className={classes.stack}>
        <p aria-live="polite">{job === undefined ? 'Waiting' : statusOf(job).word}</p>
        {job === undefined || job.state !== 'running' ? null : <ProgressBar job={job} />}
        {job?.failure ? <FailureAlert failure={job.failure} safe={job.safe} /> : null}
        {job !== undefined && job.report.length > 0 ? (
          <JobReport label="Keys that did not come back" lines={job.report} />
        ) : null}
        {isDone ? <ScanAndAdopt /> : null}
      </div>
    </Dialog>
  )
}
