import { useState } from 'react'
import type { JobView } from '../../../shared/job.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { CopyTextButton } from '../../components/copy-text-button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { showFailure, showNotice } from '../../components/notice.tsx'
import { usePathPicker } from '../../components/path-picker/use-path-picker.ts'
import { failureFrom, useAction, useCall } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import { countsText, reportText } from './verify-report-words.ts'
import { VerifyResults } from './verify-results.tsx'
import classes from './verify-report.module.css'

const pageRows = 200

/** What a check found, object by object: what was looked at and what was not. Copied and saved from here. */
export function VerifyReportDialog({ job, onClose }: { job: JobView; onClose: () => void }) {
  const format = useFormat()
  const picker = usePathPicker()
  const [offset, setOffset] = useState(0)
  const { jobId } = job
  const asked = { jobId, offset, limit: pageRows }
  const answer = useCall('artifacts:verify-report', asked, { keepPrevious: true, fresh: true })
  const save = useAction('artifacts:save-verify-report', {
    onDone: ({ location }) => showNotice({ title: 'Report saved', message: location }),
  })
  const run = async (): Promise<void> => {
    const day = new Date(job.startedAt).toISOString().slice(0, 10)
    const target = await picker.chooseTarget(`weightlock-check-${day}.txt`, 'file')
    if (target !== null) await save.mutateAsync({ jobId, target: { token: target.token } })
  }
  const report = answer.data
  return (
    <Dialog
      title={`Check: ${safeText(job.title)}`}
      facts={safeText(job.target)}
      widthPx={792}
      onClose={onClose}
      alert={answer.isError ? <FailureAlert failure={failureFrom(answer.error)} /> : null}
      actions={
        <>
          <CopyTextButton
            kind="ghost"
            text={report === undefined ? null : reportText(job, report)}
            what="the report"
          >
            Copy
          </CopyTextButton>
          <Button
            busy={save.isPending}
            disabled={report === undefined}
            onClick={() => void run().catch((error: unknown) => showFailure(failureFrom(error)))}
          >
            Save…
          </Button>
          <Button kind="primary" data-autofocus onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      {report === undefined ? null : (
        <>
          <p className={classes.counts}>{countsText(report, format)}</p>
          {report.stores.map(({ storeId, store, objects, foreign }) => (
            <p key={storeId} className={classes.second}>
              {safeText(store)} holds {format.counted(objects, 'object')}, {format.count(foreign)} of them not
              known here.
            </p>
          ))}
          <VerifyResults results={report.results} />
          {report.total > pageRows ? (
            <div className={classes.foot}>
              <span>
                {format.count(offset + 1)}–{format.count(Math.min(report.total, offset + pageRows))} of{' '}
                {format.count(report.total)}
              </span>
              <Button disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - pageRows))}>
                Back
              </Button>
              <Button
                disabled={offset + pageRows >= report.total}
                onClick={() => setOffset(offset + pageRows)}
              >
                Next
              </Button>
            </div>
          ) : null}
        </>
      )}
    </Dialog>
  )
}
