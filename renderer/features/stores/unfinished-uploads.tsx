import { useState } from 'react'
import type { StoreUpload } from '../../../shared/domain/store-upload.ts'
import type { StoreId } from '../../../shared/ids.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { showFailure, showNotice } from '../../components/notice.tsx'
import { failureFrom, useAction, useCall } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import { AbortUploadDialog } from './abort-upload-dialog.tsx'
import classes from './unfinished-uploads.module.css'

/** Uploads in parts that nobody completed: the store bills them. Looked for when asked, aborted when asked. */
export function UnfinishedUploads({ storeId }: { storeId: StoreId }) {
  const format = useFormat()
  const found = useCall('stores:uploads', { storeId }, { enabled: false })
  const [named, setNamed] = useState<StoreUpload | null>(null)
  const abort = useAction('stores:abort-uploads', {
    onDone: ({ aborted, kept }) => {
      const [first] = kept
      if (first !== undefined) showFailure(first.failure)
      else showNotice({ title: `${format.counted(aborted.length, 'upload')} aborted`, isShort: true })
      setNamed(null)
      void found.refetch()
    },
  })
  const { uploads = [], complete = true } = found.data ?? {}
  const ours = uploads.filter(({ whose }) => whose === 'ours')
  return (
    <section className={classes.section} aria-label="Unfinished uploads">
      <div className={classes.head}>
        <h3>Unfinished uploads</h3>
        <Button busy={found.isFetching} onClick={() => void found.refetch()}>
          {found.data === undefined ? 'Find' : 'Find again'}
        </Button>
      </div>
      <p className={classes.note} aria-live="polite">
        {found.data === undefined
          ? 'What was begun and never completed stays in the bucket unseen, and is billed.'
          : uploads.length === 0
            ? 'None: everything that was begun was completed or aborted.'
            : `${format.counted(uploads.length, 'upload')}, ${ours.length === 0 ? 'none' : format.count(ours.length)} of them left by a job here that is over.`}
        {complete ? null : ' This server tells of uploads by name only: there may be others.'}
      </p>
      {found.isError ? <FailureAlert failure={failureFrom(found.error)} /> : null}
      {uploads.length === 0 ? null : (
        <ul className={classes.list}>
          {uploads.map((upload) => (
            <li key={upload.uploadId}>
              <div>
                <code>
                  <MiddleEllipsis text={upload.objectName} />
                </code>
                <p title={upload.begunAt === null ? undefined : format.exactTime(upload.begunAt)}>
                  {factsOf(upload, format)}
                </p>
              </div>
              {upload.whose === 'other' ? (
                <Button
                  aria-label={`Abort the upload of ${safeText(upload.objectName)}`}
                  onClick={() => setNamed(upload)}
                >
                  Abort…
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {ours.length === 0 ? null : (
        <Button
          busy={abort.isPending && named === null}
          onClick={() =>
            abort.mutate(
              { storeId, uploadIds: ours.map(({ uploadId }) => uploadId), ofOthers: false },
              { onError: (error) => showFailure(failureFrom(error)) },
            )
          }
        >
          Abort {format.counted(ours.length, 'upload')}
        </Button>
      )}
      {named === null ? null : (
        <AbortUploadDialog
          upload={named}
          isBusy={abort.isPending}
          failure={abort.isError ? failureFrom(abort.error) : null}
          onAbort={() => abort.mutate({ storeId, uploadIds: [named.uploadId], ofOthers: true })}
          onClose={() => setNamed(null)}
        />
      )}
    </section>
  )
}

function factsOf(
  { begunAt, parts, sizeBytes, whose, job }: StoreUpload,
  format: ReturnType<typeof useFormat>,
): string {
  const owner = {
    ours: 'ours, its job is over',
    job: `a job here is ${job?.state ?? 'open'}`,
    other: 'not begun here',
  }[whose]
  return [
    owner,
    begunAt === null ? null : format.ago(begunAt),
    parts === null ? null : format.counted(parts, 'part'),
    sizeBytes === null ? null : format.bytes(sizeBytes).replace(' ', '\u00a0'),
  ]
    .filter((fact) => fact !== null)
    .join(' · ')
}
