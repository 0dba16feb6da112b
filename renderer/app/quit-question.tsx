import { useEffect, useState } from 'react'
import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
import { MiddleEllipsis } from '../components/middle-ellipsis.tsx'
import { isOpen, useJobs } from '../lib/jobs-store.ts'
import { useProgram } from '../lib/program-context.ts'
import { useInvoke } from '../lib/use-call.ts'
import { useFormat } from '../lib/use-format.ts'
import classes from './banners.module.css'

const shownJobs = 4

/** Closing while jobs run asks first; the next start goes on with them. */
export function QuitQuestion() {
  const { bridge } = useProgram()
  const invoke = useInvoke()
  const format = useFormat()
  const [openJobs, setOpenJobs] = useState<number | null>(null)
  const jobs = useJobs().jobs.filter((job) => isOpen(job) && job.state !== 'failed')
  useEffect(() => bridge.on('program:quit-requested', (asked) => setOpenJobs(asked.openJobs)), [bridge])
  if (openJobs === null) return null
  const close = (): void => setOpenJobs(null)
  return (
    <Dialog
      title={`Quit with ${format.counted(openJobs, 'job')} running?`}
      onClose={close}
      actions={
        <>
          <Button kind="ghost" onClick={() => void invoke('program:quit', { evenWithJobs: true })}>
            Quit
          </Button>
          <Button kind="primary" onClick={close} data-autofocus>
            Keep working
          </Button>
        </>
      }
    >
      <p className={classes.text}>
        {openJobs === 1 ? 'It stops now and goes on' : 'They stop now and go on'} at the next start. Nothing
        that is stored is affected and no key is lost; a file that is being written to a local store begins
        anew.
      </p>
      <ul className={classes.jobs}>
        {jobs.slice(0, shownJobs).map((job) => (
          <li key={job.jobId}>
            <MiddleEllipsis text={job.title} />
            <span>{format.percent(job.doneBytes, job.totalBytes)}</span>
          </li>
        ))}
        {jobs.length > shownJobs ? <li>and {format.count(jobs.length - shownJobs)} more</li> : null}
      </ul>
    </Dialog>
  )
}
