import { useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import type { JobView } from '../../../shared/job.ts'
import { Button } from '../../components/button.tsx'
import { showFailure } from '../../components/notice.tsx'
import { EmptyWell } from '../../components/empty-well.tsx'
import { ScreenHeader } from '../../components/screen-header.tsx'
import { isOpen, useJobs } from '../../lib/jobs-store.ts'
import { failureFrom, useInvoke } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import { CancelDialog, needsQuestion } from './cancel-dialog.tsx'
import { GiveUpDialog } from './give-up-dialog.tsx'
import { History } from './history.tsx'
import { inReadingOrder } from './job-groups.ts'
import { JobRow, type JobActions } from './job-row.tsx'
import { useJobAnnouncements } from './use-job-announcements.ts'
import classes from './transfers-page.module.css'

const shownAtFirst = 50

/** Every job that runs or waits, and what ran before. */
export function TransfersPage() {
  const { loaded, jobs } = useJobs()
  const ordered = useMemo(() => inReadingOrder(jobs), [jobs])
  const [shownJobs, setShownJobs] = useState(shownAtFirst)
  const [asking, setAsking] = useState<JobView | null>(null)
  const [givingUp, setGivingUp] = useState<JobView | null>(null)
  const invoke = useInvoke()
  useJobAnnouncements(jobs)
  const shown = ordered.slice(0, shownJobs)
  const shownIds = new Set<string>(shown.map(({ jobId }) => jobId))
  const settle = (call: Promise<unknown>): void => {
    call.catch((error: unknown) => showFailure(failureFrom(error)))
  }
  const cancel = (job: JobView): void => settle(invoke('jobs:cancel', { jobIds: [job.jobId] }))
  const actions: JobActions = {
    pause: ({ jobId }) => settle(invoke('jobs:pause', { jobIds: [jobId] })),
    resume: ({ jobId }) => settle(invoke('jobs:resume', { jobIds: [jobId] })),
    dismiss: ({ jobId }) => settle(invoke('jobs:dismiss', { jobIds: [jobId] })),
    reveal: ({ jobId }) => settle(invoke('jobs:reveal', { jobId })),
    giveUp: setGivingUp,
    cancel: (job) => (needsQuestion(job, Date.now()) ? setAsking(job) : cancel(job)),
  }
  return (
    <>
      <ScreenHeader title="Transfers">
        <AllJobsButtons jobs={jobs} onCall={settle} />
      </ScreenHeader>
      <div className={classes.page}>
        {shown.length > 0 ? (
          <>
            <div className={classes.head} aria-hidden>
              <span>Job</span>
              <span>Progress</span>
              <span className={classes.number}>Rate</span>
              <span className={classes.number}>Left</span>
            </div>
            <ul aria-label="Jobs">
              {shown.map((job) => (
                <JobRow key={job.jobId} job={job} actions={actions} />
              ))}
            </ul>
          </>
        ) : null}
        <MoreJobs left={ordered.length - shown.length} onMore={() => setShownJobs(shownJobs + 100)} />
        {loaded && jobs.length === 0 ? <NothingRuns /> : null}
        <History except={shownIds} />
      </div>
      {givingUp === null ? null : <GiveUpDialog job={givingUp} onClose={() => setGivingUp(null)} />}
      {asking === null ? null : (
        <CancelDialog
          job={asking}
          onClose={() => setAsking(null)}
          onCancel={() => {
            setAsking(null)
            cancel(asking)
          }}
        />
      )}
    </>
  )
}

type AllJobsProps = { jobs: JobView[]; onCall: (call: Promise<unknown>) => void }

function AllJobsButtons({ jobs, onCall }: AllJobsProps) {
  const invoke = useInvoke()
  const open = jobs.filter(isOpen)
  const canPause = open.some((job) => job.canPause && (job.state === 'running' || job.state === 'queued'))
  const paused = open.filter((job) => job.state === 'paused' && job.canResume)
  return (
    <>
      {paused.length > 0 ? (
        <Button onClick={() => onCall(invoke('jobs:resume', { jobIds: paused.map(({ jobId }) => jobId) }))}>
          Resume all
        </Button>
      ) : null}
      {canPause ? (
        <Button onClick={() => onCall(invoke('jobs:pause', { jobIds: null }))}>Pause all</Button>
      ) : null}
    </>
  )
}

function MoreJobs({ left, onMore }: { left: number; onMore: () => void }) {
  const format = useFormat()
  if (left <= 0) return null
  return (
    <div className={classes.more}>
      <span>{format.counted(left, 'more job')}</span>
      <Button kind="link" onClick={onMore}>
        Show more
      </Button>
    </div>
  )
}

function NothingRuns() {
  const [, navigate] = useLocation()
  return (
    <EmptyWell
      title="Nothing is running"
      action={<Button onClick={() => navigate('/artifacts')}>Go to Artifacts</Button>}
    >
      What you encrypt, open or verify shows up here with its rate and the time left. Drop a file anywhere on
      the window to begin.
    </EmptyWell>
  )
}
