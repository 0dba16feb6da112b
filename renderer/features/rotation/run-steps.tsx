import { IconCheck } from '@tabler/icons-react'
import { useState } from 'react'
import type { JobView } from '../../../shared/job.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { statusOf } from '../../components/job-progress/job-words.ts'
import { Bar, ProgressBar } from '../../components/job-progress/progress-bar.tsx'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { useFormat } from '../../lib/use-format.ts'
import { RefusedKeys } from './choose-steps.tsx'
import { kitsReminder, keptReminder } from './report-words.ts'
import type { RotationRun } from './rotation-steps.ts'
import { keysCount } from './rotation-words.ts'
import type { RunProgress } from './run-progress.ts'
import classes from './rotation.module.css'

const shownAtFirst = 50

/** Fourth step: how far it is, what is worked on, and what stopped. */
export function RunningStep({ progress }: { progress: RunProgress }) {
  const format = useFormat()
  const { done, total, atWork, waiting, stopped, percent } = progress
  const moves = atWork.some(({ state }) => state === 'running') || (waiting > 0 && atWork.length === 0)
  return (
    <>
      <div className={classes.bar}>
        <Bar label="Progress of the rotation" percent={percent} tone={moves ? 'moves' : 'quiet'} />
        <p className={classes.counts} aria-live="polite">
          <span>
            {format.count(done.length)} of {keysCount(total)} rotated and verified
          </span>
          <span>
            {[
              waiting > 0 ? `${format.count(waiting)} waiting` : '',
              stopped.length > 0 ? `${format.count(stopped.length)} stopped` : '',
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </p>
      </div>
      {atWork.length === 0 ? null : (
        <section className={classes.section}>
          <h2>Now</h2>
          <ul className={classes.list} aria-label="At work">
            {atWork.slice(0, shownAtFirst).map((job) => (
              <li key={job.jobId}>
                <span>
                  <MiddleEllipsis text={job.title} />
                </span>
                <span className={classes.value}>{statusOf(job).word}</span>
                <span className={classes.wide}>
                  <ProgressBar job={job} />
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <StoppedJobs jobs={stopped} />
    </>
  )
}

/** Jobs that did not end well, each with its three parts. */
function StoppedJobs({ jobs }: { jobs: JobView[] }) {
  const [all, setAll] = useState(false)
  const shown = all ? jobs : jobs.slice(0, 10)
  if (jobs.length === 0) return null
  return (
    <section className={classes.section}>
      <h2>
        {keysCount(jobs.length)} {jobs.length === 1 ? 'was' : 'were'} not rotated
      </h2>
      <ul className={classes.list} aria-label="Not rotated">
        {shown.map((job) => (
          <li key={job.jobId}>
            <span>
              <MiddleEllipsis text={job.title} />
            </span>
            <span className={job.state === 'cancelled' ? classes.value : classes.failed}>
              {statusOf(job).word}
            </span>
            {job.failure === null ? (
              <p>{job.safe ?? 'It keeps its old key, which opens it.'}</p>
            ) : (
              <div className={classes.wide}>
                <FailureAlert failure={job.failure} safe={job.safe} layout="columns" bare />
              </div>
            )}
          </li>
        ))}
      </ul>
      {shown.length < jobs.length ? (
        <Button kind="link" className={classes.more} onClick={() => setAll(true)}>
          {jobs.length - shown.length} more
        </Button>
      ) : null}
    </section>
  )
}

/** Last step: what became of each key, and what is left to do. */
export function ReportStep({ run, progress }: { run: RotationRun; progress: RunProgress }) {
  const format = useFormat()
  const [all, setAll] = useState(false)
  const { done, total, stopped } = progress
  const shown = all ? done : done.slice(0, shownAtFirst)
  const kits = kitsReminder(run.plan, done.length, format)
  const kept = keptReminder(run, done.length, format)
  return (
    <>
      {stopped.length === 0 && total > 0 ? (
        <p className={classes.ok}>
          <IconCheck size={16} stroke={1.5} aria-hidden />
          Each opens with its new key; what is stored now does not open with the old one
        </p>
      ) : null}
      <StoppedJobs jobs={stopped} />
      <RefusedKeys refused={run.refused} />
      {done.length > 0 && (kits !== null || kept !== null) ? (
        <section className={classes.section}>
          <h2>Left to do</h2>
          <ul className={classes.list} aria-label="Left to do">
            {kits === null ? null : (
              <li>
                <span>{kits}</span>
                <a href="#/settings/recovery-kit" className={classes.link}>
                  Make a new kit…
                </a>
              </li>
            )}
            {kept === null ? null : (
              <li>
                <span className={classes.wide}>{kept}</span>
              </li>
            )}
          </ul>
        </section>
      ) : null}
      {done.length === 0 ? null : (
        <section className={classes.section}>
          <h2>What was done</h2>
          <ul className={classes.list} aria-label="What was done">
            {shown.map((job) => (
              <li key={job.jobId}>
                <span>
                  <MiddleEllipsis text={job.title} />
                </span>
                <span className={classes.value}>{safeText(statusOf(job).word)}</span>
              </li>
            ))}
          </ul>
          {shown.length < done.length ? (
            <Button kind="link" className={classes.more} onClick={() => setAll(true)}>
              {format.count(done.length - shown.length)} more
            </Button>
          ) : null}
        </section>
      )}
    </>
  )
}
