import { IconAlertTriangle, IconBan, IconCheck } from '@tabler/icons-react'
import { useState } from 'react'
import type { JobView } from '../../../shared/job.ts'
import { Button } from '../../components/button.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { kindWords, statusOf } from '../../components/job-progress/job-words.ts'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { failureFrom, useCall } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import { useNow } from '../../lib/use-now.ts'
import type { Format } from '../../lib/use-format.ts'
import classes from './history.module.css'

const previewRows = 5
const pageRows = 50

/** What ran before. A few rows at first; all of it, page by page, when asked.
 * @param except ids of jobs that the list above shows already; left out of the preview */
export function History({ except }: { except: ReadonlySet<string> }) {
  const format = useFormat()
  const [offset, setOffset] = useState<number | null>(null)
  const limit = offset === null ? Math.min(200, previewRows + except.size) : pageRows
  const answer = useCall('jobs:history', { offset: offset ?? 0, limit }, { keepPrevious: true, fresh: true })
  if (answer.isError) {
    return (
      <section aria-label="History">
        <div className={classes.head}>
          <h2>History</h2>
        </div>
        <FailureAlert
          failure={failureFrom(answer.error)}
          layout="columns"
          actions={<Button onClick={() => void answer.refetch()}>Try again</Button>}
        />
      </section>
    )
  }
  if (answer.data === undefined) return null
  const { total, jobs } = answer.data
  const ended = jobs.filter(({ endedAt }) => endedAt !== null)
  const shown =
    offset === null ? ended.filter(({ jobId }) => !except.has(jobId)).slice(0, previewRows) : ended
  if (shown.length === 0 && offset === null) return null
  return (
    <section aria-label="History">
      <div className={classes.head}>
        <h2>History</h2>
        {offset === null ? (
          total > shown.length ? (
            <Button kind="link" onClick={() => setOffset(0)}>
              Show all {format.count(total)}
            </Button>
          ) : null
        ) : (
          <Button kind="link" onClick={() => setOffset(null)}>
            Show fewer
          </Button>
        )}
      </div>
      <ul>
        {shown.map((job) => (
          <HistoryRow key={job.jobId} job={job} format={format} />
        ))}
      </ul>
      {offset !== null && total > pageRows ? (
        <div className={classes.foot}>
          <span>
            {format.count(offset + 1)}–{format.count(Math.min(total, offset + pageRows))} of{' '}
            {format.count(total)}
          </span>
          <Button disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - pageRows))}>
            Newer
          </Button>
          <Button disabled={offset + pageRows >= total} onClick={() => setOffset(offset + pageRows)}>
            Older
          </Button>
        </div>
      ) : null}
    </section>
  )
}

const icons = {
  ok: IconCheck,
  quiet: IconBan,
  plain: IconBan,
  warn: IconAlertTriangle,
  danger: IconAlertTriangle,
}

function HistoryRow({ job, format }: { job: JobView; format: Format }) {
  const { word, tone } = statusOf(job)
  const Icon = icons[tone]
  const now = useNow()
  const endedAt = job.endedAt ?? job.startedAt
  const isToday = new Date(endedAt).toDateString() === new Date(now).toDateString()
  return (
    <li className={classes.row}>
      <span className={classes.second} title={format.exactTime(endedAt)}>
        {isToday ? format.time(endedAt) : format.day(endedAt)}
      </span>
      <span className={classes.second}>{kindWords[job.kind]}</span>
      <span className={classes.name}>
        <MiddleEllipsis text={job.title} />
      </span>
      <span className={classes.number} title={format.exactBytes(job.totalBytes)}>
        {job.totalBytes > 0 ? format.bytes(job.totalBytes) : ''}
      </span>
      <span className={`${classes.number} ${classes.second}`}>
        {format.duration((endedAt - job.startedAt) / 1000)}
      </span>
      <span className={classes.outcome} data-tone={tone} title={word}>
        <Icon size={16} stroke={1.5} aria-hidden />
        <span>{word}</span>
      </span>
    </li>
  )
}
