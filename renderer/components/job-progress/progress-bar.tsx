import type { JobView } from '../../../shared/job.ts'
import { percentDone } from './job-words.ts'
import classes from './progress-bar.module.css'

type BarProps = {
  label: string
  /** 0 to 100; null: nothing to measure. */
  percent: number | null
  tone: 'moves' | 'quiet' | 'danger'
}

/** Progress, 4 high: petrol while it moves, third text while it stands still, red once it failed. */
export function Bar({ label, percent, tone }: BarProps) {
  return (
    <div
      className={classes.bar}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- <progress> cannot be drawn as look.md wants it
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent === null ? undefined : Math.floor(percent)}
      data-tone={tone}
      data-unmeasured={percent === null || undefined}
    >
      <div className={classes.fill} style={percent === null ? undefined : { width: `${percent}%` }} />
    </div>
  )
}

/** A job's progress. */
export function ProgressBar({ job }: { job: JobView }) {
  const percent = percentDone(job)
  const moves = job.state === 'running'
  return (
    <Bar
      label={`Progress of ${job.title}`}
      percent={percent ?? (moves ? null : 0)}
      tone={job.state === 'failed' ? 'danger' : moves ? 'moves' : 'quiet'}
    />
  )
}
