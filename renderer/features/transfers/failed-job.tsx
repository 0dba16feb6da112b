import type { JobView } from '../../../shared/job.ts'
import type { FailureText } from '../../../shared/failure-text.ts'
import { failureText } from '../../../shared/failure-text.ts'
import { Button } from '../../components/button.tsx'
import { CopyTextButton } from '../../components/copy-text-button.tsx'
import { WithCode } from '../../components/with-code.tsx'
import classes from './job-row.module.css'

const unresolvedText: FailureText = {
  title: 'Outcome unknown',
  message: 'The last write was sent, and its answer never came. The stored file may be there or not.',
  safe: 'The key is kept, and nothing is deleted until the store has been read.',
  remedy: 'Make sure that the store can be reached, then look again: the file there decides.',
}

/** Title and the three parts for a job that stands still by itself. */
const textOf = (job: JobView): FailureText =>
  job.failure === null ? unresolvedText : failureText(job.failure)

/** What “Copy details” copies: everything that the three columns say, and the code to search for. */
export function detailsText(job: JobView): string {
  const text = textOf(job)
  return [
    `${job.title} ${job.target}`.trim(),
    `What happened: ${text.title}. ${text.message}`,
    `What is safe: ${job.safe ?? text.safe}`,
    `What to do: ${text.remedy}`,
    `Job ${job.jobId}${job.failure === null ? '' : `, ${job.failure.code}`}`,
  ].join('\n')
}

const againWords: Partial<Record<JobView['state'], string>> = { unresolved: 'Look again', paused: 'Resume' }

type FailedJobProps = { job: JobView; onRetry: () => void; onGiveUp: () => void }

/** Its rotation goes on neither with nor without what it wrote: see `rotation/object-gone`. */
const canGiveUp = ({ failure }: JobView): boolean => failure?.code === 'rotation/object-gone'

/** What happened, what is safe, what to do: three columns beneath the job's own. */
export function FailedJob({ job, onRetry, onGiveUp }: FailedJobProps) {
  const text = textOf(job)
  return (
    <section className={classes.three} aria-label={`${job.title}: ${text.title}`}>
      <div>
        <h2>What happened</h2>
        <p>
          {text.title}. <WithCode text={text.message} />
        </p>
      </div>
      <div>
        <h2>What is safe</h2>
        <p>
          <WithCode text={job.safe ?? text.safe} />
        </p>
      </div>
      <div>
        <h2>What to do</h2>
        <p>
          <WithCode text={text.remedy} />
        </p>
        <div className={classes.buttons}>
          {job.canRetry || job.canResume ? (
            <Button onClick={onRetry}>{againWords[job.state] ?? 'Try again'}</Button>
          ) : null}
          {canGiveUp(job) ? <Button onClick={onGiveUp}>Give up…</Button> : null}
          <CopyTextButton kind="ghost" text={detailsText(job)} what="details">
            Copy details
          </CopyTextButton>
        </div>
      </div>
    </section>
  )
}
