/** The steps of a retirement in which something happens, or has. */
import { IconCheck } from '@tabler/icons-react'
import type { ScheduledRetirement } from '../../../shared/domain/retirement.ts'
import { isNotProvedLine, whatIsNotProved } from '../../../shared/destroy-report.ts'
import type { JobView } from '../../../shared/job.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { JobReport } from '../../components/job-progress/job-report.tsx'
import { statusOf } from '../../components/job-progress/job-words.ts'
import { ProgressBar } from '../../components/job-progress/progress-bar.tsx'
import { useFormat } from '../../lib/use-format.ts'
import classes from './retirement.module.css'

export function DestroyingStep({ jobs }: { jobs: JobView[] }) {
  const running = jobs.find(({ state }) => state === 'running') ?? jobs[0]
  return (
    <div className={classes.progress}>
      <p aria-live="polite">
        {running === undefined ? 'Starting' : `${safeText(running.title)}: ${statusOf(running).word}`}…
      </p>
      {running === undefined ? null : <ProgressBar job={running} />}
      <p className={classes.note}>
        Each step is written down before it is taken. You may close this page: it goes on, and survives a
        crash. Once a key is being destroyed, it finishes.
      </p>
    </div>
  )
}

export function ScheduledStep({ scheduled }: { scheduled: ScheduledRetirement[] }) {
  const format = useFormat()
  return (
    <section className={classes.section}>
      <h2>To be destroyed</h2>
      <table className={classes.table} aria-label="To be destroyed">
        <tbody>
          {scheduled.map(({ artifactId, name, keys, destroyAt }) => (
            <tr key={artifactId}>
              <td className={classes.strong}>{safeText(name)}</td>
              <td className={classes.second}>{format.counted(keys, 'key')}</td>
              <td className={`${classes.end} ${classes.second}`}>{format.dateTime(destroyAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={classes.note}>
        It happens by itself while Weightlock runs. Where Weightlock was closed on that day, or the clock
        jumped, it asks first.
      </p>
    </section>
  )
}

/** What was done and what reading back showed, or why it stopped. */
export function CertificateStep({ jobs }: { jobs: JobView[] }) {
  return jobs.map((job) => (
    <section key={job.jobId} className={classes.section} aria-label={job.title}>
      {jobs.length > 1 ? <h2>{safeText(job.title)}</h2> : null}
      {job.state === 'done' ? (
        <Done job={job} isOne={jobs.length === 1} />
      ) : (
        <div className={classes.alert}>
          {job.failure === null ? (
            <p className={classes.note}>{statusOf(job).word}. No key of it was destroyed.</p>
          ) : (
            <FailureAlert failure={job.failure} safe={job.safe} />
          )}
        </div>
      )}
    </section>
  ))
}

function Done({ job, isOne }: { job: JobView; isOne: boolean }) {
  const done = job.report.filter((line) => !isNotProvedLine(line))
  const open = job.report.filter(isNotProvedLine).map(whatIsNotProved)
  return (
    <>
      <p className={classes.ok}>
        <IconCheck size={16} stroke={1.5} aria-hidden />
        {safeText(job.outcome ?? statusOf(job).word)}
      </p>
      <div className={classes.section}>
        <h2>Copies checked</h2>
        <JobReport label="Copies checked" lines={done} />
      </div>
      {open.length > 0 ? (
        <div className={classes.section}>
          <h2>Not proved</h2>
          <JobReport label="Not proved" lines={open} />
        </div>
      ) : null}
      {isOne ? null : (
        <p className={classes.note}>
          <a href={`#/certificates/${job.jobId}`}>Show the certificate</a>
        </p>
      )}
    </>
  )
}
