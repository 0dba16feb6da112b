/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a progress element cannot be drawn to look.md */
import { Link } from 'wouter'
import type { JobView } from '../../shared/job.ts'
import { MiddleEllipsis } from '../components/middle-ellipsis.tsx'
import { useFormat } from '../lib/use-format.ts'
import type { Format } from '../lib/use-format.ts'
import classes from './rail.module.css'

/** The job that moves, or else the one that waits for the user. */
const mostTelling = (jobs: JobView[]): JobView | undefined =>
  jobs.find((job) => job.state === 'running') ??
  jobs.find((job) => job.state === 'failed') ??
  jobs.find((job) => job.state === 'paused') ??
  jobs[0]

const stateLine = (job: JobView, format: Format): string => {
  if (job.state === 'failed') return 'Failed'
  if (job.state === 'paused') return 'Paused'
  if (job.state === 'queued') return 'Queued'
  if (job.state === 'unresolved') return 'To be settled'
  return [
    format.percent(job.doneBytes, job.totalBytes),
    job.bytesPerSecond > 0 ? format.rate(job.bytesPerSecond) : '',
  ]
    .filter(Boolean)
    .join(' · ')
}

/** One job at the rail's foot; it leads to Transfers. */
export function RailJob({ jobs }: { jobs: JobView[] }) {
  const format = useFormat()
  const job = mostTelling(jobs)
  if (job === undefined) return null
  const share = job.totalBytes > 0 ? job.doneBytes / job.totalBytes : 0
  return (
    <Link href="/transfers" className={classes.job} data-state={job.state}>
      <div className={classes.jobName}>
        <MiddleEllipsis text={job.title} />
      </div>
      <div
        className={classes.bar}
        role="progressbar"
        aria-label={`Progress of ${job.title}`}
        aria-valuenow={Math.floor(share * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <div style={{ width: `${share * 100}%` }} />
      </div>
      <div className={classes.jobFacts}>
        <span>{stateLine(job, format)}</span>
        {job.state === 'running' && job.secondsLeft !== null ? (
          <span>{format.duration(job.secondsLeft)} left</span>
        ) : null}
      </div>
    </Link>
  )
}
