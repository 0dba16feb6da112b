import type { JobView } from '../../../shared/job.ts'
import { percentDone } from './job-words.ts'
import classes from './progress-bar.module.css'

/** A job's progress, 4 high: petrol while it moves, third text while it stands still, red once it failed. */
export function ProgressBar({ job }: { job: JobView }) {
  const percent = percentDone(job)
  const moves = job.state === 'running'
  const tone = job.state === 'failed' ? 'danger' : moves ? 'moves' : 'quiet'
  const shown = percent ?? (moves ? null : 0)
  return (
    <div
      className={classes.bar}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- <progress> cannot be drawn as look.md wants it
      role="progressbar"
      aria-label={`Progress of ${job.title}`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={shown === null ? undefined : Math.floor(shown)}
      data-tone={tone}
      data-unmeasured={shown === null || undefined}
    >
      <div className={classes.fill} style={shown === null ? undefined : { width: `${shown}%` }} />
    </div>
  )
}
