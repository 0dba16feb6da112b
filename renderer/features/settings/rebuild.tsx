import { useState } from 'react'
import type { JobId } from '../../../shared/ids.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { JobReport } from '../../components/job-progress/job-report.tsx'
import { statusOf } from '../../components/job-progress/job-words.ts'
import { ProgressBar } from '../../components/job-progress/progress-bar.tsx'
import { OptionGroup } from '../../components/options.tsx'
import { useJob } from '../../lib/jobs-store.ts'
import { failureFrom, useAction } from '../../lib/use-call.ts'
import classes from './settings.module.css'

/** Makes the catalog anew from stores and keychain, as a job with a report. */
export function Rebuild() {
  const [isAsking, setIsAsking] = useState(false)
  const [jobId, setJobId] = useState<JobId | null>(null)
  const job = useJob(jobId)
  const runs = job !== undefined && (job.state === 'running' || job.state === 'queued')
  return (
    <section className={classes.part} aria-label="Rebuild the catalog">
      <h3>Rebuild the catalog</h3>
      <p>
        Reads every store and asks the keychain for each key that it finds named there. What opens comes back;
        its keys come back suspended, its fingerprints trusted on first use. No file and no key is changed.
      </p>
      {job === undefined ? null : (
        <div className={classes.progress}>
          <p aria-live="polite">{statusOf(job).word}</p>
          {runs ? <ProgressBar job={job} /> : null}
          {job.failure === null ? null : <FailureAlert failure={job.failure} safe={job.safe} />}
          {job.report.length > 0 ? <JobReport label="Report of the rebuild" lines={job.report} /> : null}
        </div>
      )}
      <Button disabled={runs} onClick={() => setIsAsking(true)}>
        {job === undefined ? 'Rebuild…' : 'Rebuild again…'}
      </Button>
      {isAsking ? (
        <RebuildDialog
          onClose={() => setIsAsking(false)}
          onStarted={(started) => {
            setIsAsking(false)
            setJobId(started)
          }}
        />
      ) : null}
    </section>
  )
}

type RebuildDialogProps = { onClose: () => void; onStarted: (jobId: JobId) => void }

function RebuildDialog({ onClose, onStarted }: RebuildDialogProps) {
  const [owner, setOwner] = useState<'owner' | 'reader'>('reader')
  const rebuild = useAction('catalog:rebuild', { onDone: ({ jobId }) => onStarted(jobId) })
  return (
    <Dialog
      title="Rebuild the catalog"
      onClose={onClose}
      onSubmit={() => rebuild.mutate({ becomeOwner: owner === 'owner' })}
      alert={rebuild.isError ? <FailureAlert failure={failureFrom(rebuild.error)} /> : undefined}
      note="Can be paused; survives a crash"
      actions={
        <>
          <Button kind="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button kind="primary" type="submit" busy={rebuild.isPending} data-autofocus>
            Rebuild the catalog
          </Button>
        </>
      }
    >
      <div className={classes.stack}>
        <p>What is known already stays. What is found in the stores and opens with a key here is added.</p>
        <OptionGroup
          label="What this installation may do with the artifacts that are found"
          value={owner}
          onChange={setOwner}
          options={[
            {
              value: 'reader',
              label: 'Read them only',
              help: 'Another installation rotates and retires them. Right when in doubt.',
            },
            {
              value: 'owner',
              label: 'Own them here',
              help: 'The installation that made them is gone. Each is read in full before it changes hands.',
            },
          ]}
        />
      </div>
    </Dialog>
  )
}
