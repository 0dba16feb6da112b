import { useEffect, useRef, useState } from 'react'
import type { JobId } from '../../../shared/ids.ts'
import { Button } from '../../components/button.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { JobReport } from '../../components/job-progress/job-report.tsx'
import { statusOf } from '../../components/job-progress/job-words.ts'
import { ProgressBar } from '../../components/job-progress/progress-bar.tsx'
import { useJob } from '../../lib/jobs-store.ts'
import { failureFrom, useAction } from '../../lib/use-call.ts'
import classes from './recovery-kit.module.css'

/** What a new machine does after its keys are back: finds in the stores what they open, reads it in full, owns it. */
export function ScanAndAdopt() {
  const [scanId, setScanId] = useState<JobId | null>(null)
  const [adoptId, setAdoptId] = useState<JobId | null>(null)
  const scan = useAction('catalog:rebuild', { onDone: ({ jobId }) => setScanId(jobId) })
  const adopt = useAction('artifacts:adopt', { onDone: ({ jobId }) => setAdoptId(jobId) })
  const scanning = useJob(scanId)
  const adopting = useJob(adoptId)
  const { mutate } = adopt
  const hasBegun = useRef(false)
  const hasScanned = scanning?.state === 'done'
  useEffect(() => {
    if (!hasScanned || hasBegun.current) return
    hasBegun.current = true
    mutate({ artifactIds: [], all: true })
  }, [hasScanned, mutate])
  const failure = scan.isError ? failureFrom(scan.error) : adopt.isError ? failureFrom(adopt.error) : null
  return (
    <section className={classes.next} aria-label="A new machine">
      <h3>If this is a new machine</h3>
      <p className={classes.second}>
        Add the stores that the old one used, under <a href="#/settings/stores">Stores</a>. Then scan them:
        what the keys open is listed here. Adopting reads each artifact in full and makes this installation
        its owner; the old one becomes a reader when it meets that.
      </p>
      {[scanning, adopting].map((job) =>
        job === undefined ? null : (
          <div key={job.jobId}>
            <p aria-live="polite">
              {job.kind === 'adopt' ? 'Adopt' : 'Scan'}: {statusOf(job).word}
            </p>
            {job.state === 'running' ? <ProgressBar job={job} /> : null}
            {job.failure === null ? null : <FailureAlert failure={job.failure} safe={job.safe} />}
            {job.report.length > 0 ? <JobReport label="Report" lines={job.report} /> : null}
          </div>
        ),
      )}
      {failure === null ? null : <FailureAlert failure={failure} />}
      {scanId === null ? (
        <Button busy={scan.isPending} onClick={() => scan.mutate({ becomeOwner: false })}>
          Scan the stores and adopt
        </Button>
      ) : null}
    </section>
  )
}
