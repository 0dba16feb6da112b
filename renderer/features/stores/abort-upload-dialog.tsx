import type { StoreUpload } from '../../../shared/domain/store-upload.ts'
import type { Failure } from '../../../shared/failure.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'

type AbortUploadDialogProps = {
  upload: StoreUpload
  isBusy: boolean
  failure: Failure | null
  onAbort: () => void
  onClose: () => void
}

/** A yes for an upload that was not begun here: somebody may be at it. */
export const AbortUploadDialog = ({ upload, isBusy, failure, onAbort, onClose }: AbortUploadDialogProps) => (
  <Dialog
    title="Abort an upload that was not begun here?"
    onClose={onClose}
    onSubmit={onAbort}
    alert={failure === null ? undefined : <FailureAlert failure={failure} />}
    actions={
      <>
        <Button kind="ghost" onClick={onClose} data-autofocus>
          Keep it
        </Button>
        <Button kind="danger" type="submit" busy={isBusy}>
          Abort 1 upload
        </Button>
      </>
    }
  >
    <p>
      The upload of <b>{safeText(upload.objectName)}</b> may be a colleague’s, or another program’s that is at
      it now. What has arrived is thrown away, and whoever goes on with it has to begin anew. Nothing that is
      stored is touched.
    </p>
  </Dialog>
)
