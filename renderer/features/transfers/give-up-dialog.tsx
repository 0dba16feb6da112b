import { useState } from 'react'
import { formatCounted } from '../../../shared/format.ts'
import type { JobView } from '../../../shared/job.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { TypedName } from '../../components/confirm-destructive/typed-name.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { failureFrom, useAction, useCall } from '../../lib/use-call.ts'
import classes from './give-up-dialog.module.css'

/** Ends a rotation whose files are gone: which they are, as their stores say now, and the artifact’s name to type. */
export function GiveUpDialog({ job, onClose }: { job: JobView; onClose: () => void }) {
  const { jobId } = job
  const looked = useCall('jobs:gone', { jobId }, { fresh: true })
  const [typed, setTyped] = useState('')
  const giveUp = useAction('jobs:give-up', { onDone: onClose })
  const gone = looked.data
  const what = gone === undefined ? 'it' : formatCounted(gone.objects.length, 'file')
  const matches = gone !== undefined && typed === gone.name
  const failed = giveUp.isError ? giveUp.error : looked.isError ? looked.error : null
  const confirm = (): void => {
    if (!matches) return
    const objects = gone.objects.map(({ store: _store, ...place }) => place)
    giveUp.mutate({ jobId, confirmName: typed, objects })
  }
  return (
    <Dialog
      title={`Give up ${what} of ${safeText(job.title)}?`}
      onClose={onClose}
      onSubmit={confirm}
      alert={failed === null ? undefined : <FailureAlert failure={failureFrom(failed)} bare />}
      actions={
        <>
          <Button kind="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button kind="danger" type="submit" busy={giveUp.isPending} disabled={!matches}>
            Give up {what}
          </Button>
        </>
      }
    >
      {gone === undefined ? (
        looked.isError ? null : (
          <p>Looking in the stores…</p>
        )
      ) : (
        <>
          <p>
            The rotation ends, and nothing was rotated. The old key stays as it is, and the new key is kept:
            what turns up again opens with one of them.
          </p>
          <ul className={classes.gone} aria-label="Gone from their stores">
            {gone.objects.map(({ version, store, objectName }) => (
              <li key={`${version} ${store} ${objectName}`}>
                <code>{safeText(objectName)}</code> · version {version}, gone from {safeText(store)}
              </li>
            ))}
          </ul>
          <TypedName expected={gone.name} value={typed} onChange={setTyped} takesFocus />
        </>
      )}
    </Dialog>
  )
}
