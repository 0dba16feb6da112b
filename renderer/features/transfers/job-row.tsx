import { IconBan, IconCheck, IconPlayerPause, IconPlayerPlay, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { JobView } from '../../../shared/job.ts'
import { Button } from '../../components/button.tsx'
import { IconButton } from '../../components/icon-button.tsx'
import { JobReport } from '../../components/job-progress/job-report.tsx'
import { statusOf } from '../../components/job-progress/job-words.ts'
import { ProgressBar } from '../../components/job-progress/progress-bar.tsx'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { useFormat } from '../../lib/use-format.ts'
import type { Format } from '../../lib/use-format.ts'
import { FailedJob } from './failed-job.tsx'
import { VerifyReportDialog } from './verify-report-dialog.tsx'
import classes from './job-row.module.css'

export type JobActions = {
  pause: (job: JobView) => void
  resume: (job: JobView) => void
  cancel: (job: JobView) => void
  dismiss: (job: JobView) => void
  reveal: (job: JobView) => void
  giveUp: (job: JobView) => void
}

/** Less says more about the machine’s start than about its speed. */
const measurableMs = 500
const measurableBytes = 1e6

/** Averages over the whole job once it is done; null when nothing was measured. */
const averageRate = (job: JobView): number | null =>
  job.endedAt === null || job.endedAt - job.startedAt < measurableMs || job.totalBytes < measurableBytes
    ? null
    : job.totalBytes / ((job.endedAt - job.startedAt) / 1000)

/** Paused by itself: for a reason that somebody must put right. */
const waitsForSomebody = (job: JobView): boolean => job.state === 'paused' && job.failure !== null
const standsStill = (job: JobView): boolean => job.state === 'failed' || job.state === 'unresolved'
const hasEnded = (job: JobView): boolean => job.state === 'done' || job.state === 'cancelled'

/** Its place, and where it went on after it had stood still. */
const whereTo = ({ target, parts, state }: JobView, format: Format): string =>
  state === 'running' && parts !== null && parts.before > 0
    ? `${target} · from part ${format.count(parts.before + 1)}`
    : target

/** One job: name and place, how far it is, rate, time left, what can be done; beneath, what went wrong. */
export function JobRow({ job, actions }: { job: JobView; actions: JobActions }) {
  const format = useFormat()
  const [showsReport, setShowsReport] = useState(false)
  const rate = job.state === 'done' ? averageRate(job) : job.bytesPerSecond > 0 ? job.bytesPerSecond : null
  return (
    <li className={classes.row} aria-label={job.title}>
      <div className={classes.line}>
        <div className={classes.name}>
          <div className={classes.title}>
            <MiddleEllipsis text={job.title} />
          </div>
          <div className={classes.target}>
            <MiddleEllipsis text={whereTo(job, format)} />
          </div>
        </div>
        <div>
          <Status job={job} format={format} />
          {hasEnded(job) || job.state === 'queued' ? null : (
            <div className={classes.bar}>
              <ProgressBar job={job} />
            </div>
          )}
        </div>
        <span
          className={rate === null ? `${classes.number} ${classes.none}` : classes.number}
          title={job.state === 'done' && rate !== null ? 'On average, pauses included' : undefined}
        >
          {rate === null ? '—' : format.rate(rate)}
        </span>
        <span className={job.secondsLeft === null ? `${classes.number} ${classes.none}` : classes.number}>
          {job.state === 'running' && job.secondsLeft !== null ? format.duration(job.secondsLeft) : '—'}
        </span>
        <span className={classes.actions}>
          {job.report.length > 0 || (job.kind === 'verify' && job.endedAt !== null) ? (
            <Button kind="ghost" aria-expanded={showsReport} onClick={() => setShowsReport(!showsReport)}>
              Report
            </Button>
          ) : null}
          <Actions job={job} actions={actions} />
        </span>
      </div>
      {standsStill(job) || waitsForSomebody(job) ? (
        <FailedJob job={job} onRetry={() => actions.resume(job)} onGiveUp={() => actions.giveUp(job)} />
      ) : null}
      {showsReport && job.kind === 'verify' ? (
        <VerifyReportDialog job={job} onClose={() => setShowsReport(false)} />
      ) : null}
      {showsReport && job.kind !== 'verify' ? (
        <div className={classes.report}>
          <JobReport label={`Report of ${job.title}`} lines={job.report} />
        </div>
      ) : null}
    </li>
  )
}

function Status({ job, format }: { job: JobView; format: Format }) {
  const { word, tone } = statusOf(job)
  const restedAt = job.pausedAt ?? (job.state === 'running' ? null : job.endedAt)
  const at = restedAt === null ? '' : `, ${format.time(restedAt)}`
  const amount =
    hasEnded(job) || job.state === 'queued'
      ? format.bytes(job.totalBytes)
      : job.parts !== null
        ? `${format.count(job.parts.sent)} of ${format.counted(job.parts.of, 'part')}`
        : job.totalBytes > 0
          ? format.bytesOf(job.doneBytes, job.totalBytes)
          : ''
  return (
    <div className={classes.status}>
      <span className={classes.word} data-tone={tone}>
        {job.state === 'done' ? <IconCheck size={16} stroke={1.5} aria-hidden /> : null}
        {job.state === 'cancelled' ? <IconBan size={16} stroke={1.5} aria-hidden /> : null}
        {word}
        {at}
      </span>
      {job.totalBytes > 0 ? (
        <span
          className={classes.amount}
          title={
            job.parts === null
              ? format.exactBytes(job.totalBytes)
              : format.bytesOf(job.doneBytes, job.totalBytes)
          }
        >
          {amount}
        </span>
      ) : null}
    </div>
  )
}

function Actions({ job, actions }: { job: JobView; actions: JobActions }) {
  if (standsStill(job)) {
    const remove = (): void => actions.dismiss(job)
    return job.state === 'failed' ? (
      <IconButton icon={IconX} label={`Remove ${job.title} from the list`} onClick={remove} />
    ) : null
  }
  return (
    <>
      {job.state === 'running' && job.canPause ? (
        <IconButton icon={IconPlayerPause} label={`Pause ${job.title}`} onClick={() => actions.pause(job)} />
      ) : null}
      {job.state === 'paused' && job.canResume && !waitsForSomebody(job) ? (
        <IconButton icon={IconPlayerPlay} label={`Resume ${job.title}`} onClick={() => actions.resume(job)} />
      ) : null}
      {!hasEnded(job) && job.canCancel ? (
        <IconButton icon={IconX} label={`Cancel ${job.title}`} onClick={() => actions.cancel(job)} />
      ) : null}
      {hasEnded(job) && job.canReveal ? (
        <Button onClick={() => actions.reveal(job)} aria-label={`Reveal ${job.title}`}>
          Reveal
        </Button>
      ) : null}
    </>
  )
}
