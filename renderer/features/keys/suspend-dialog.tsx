import { useId, useState } from 'react'
import type { KeyRow } from '../../../shared/domain/key.ts'
import type { Failure } from '../../../shared/failure.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { showNotice } from '../../components/notice.tsx'
import { failureFrom, useInvoke } from '../../lib/use-call.ts'
import { keysCount } from './key-words.ts'
import classes from './suspend-dialog.module.css'

type RestDialogProps = { keys: KeyRow[]; onClose: () => void }

/** Keys that encrypt nothing more until they are resumed: what that means, and why, for the audit log. */
export const SuspendDialog = (props: RestDialogProps) => <RestDialog {...props} to="suspended" />
/** Back to active. */
export const ResumeDialog = (props: RestDialogProps) => <RestDialog {...props} to="active" />

function RestDialog({ keys, onClose, to }: RestDialogProps & { to: 'suspended' | 'active' }) {
  const invoke = useInvoke()
  const fieldId = useId()
  const [reason, setReason] = useState('')
  const [isBusy, setIsBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [done, setDone] = useState<ReadonlySet<string>>(new Set())
  const suspends = to === 'suspended'
  const verb = suspends ? 'Suspend' : 'Resume'
  const [only] = keys
  const what = keys.length === 1 && only !== undefined ? safeText(only.alias) : keysCount(keys.length)
  const left = keys.filter(({ keyId }) => !done.has(keyId))
  const run = async (): Promise<void> => {
    if (isBusy || reason.trim() === '') return
    setIsBusy(true)
    setFailure(null)
    const changed = new Set(done)
    try {
      for (const { keyId } of left) {
        await invoke(suspends ? 'keys:suspend' : 'keys:resume', { keyId, reason: reason.trim() })
        changed.add(keyId)
      }
      onClose()
      showNotice({ title: suspends ? `${what} suspended` : `${what} active again`, isShort: true })
    } catch (error) {
      setDone(changed)
      setFailure(failureFrom(error))
      setIsBusy(false)
    }
  }
  return (
    <Dialog
      title={`${verb} ${what}`}
      onClose={onClose}
      onSubmit={() => void run()}
      note={done.size > 0 ? `${keysCount(done.size)} done, ${keysCount(left.length)} left` : undefined}
      alert={failure === null ? undefined : <FailureAlert failure={failure} />}
      actions={
        <>
          <Button kind="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button kind="primary" type="submit" disabled={reason.trim() === ''} busy={isBusy}>
            {verb} {keysCount(left.length)}
          </Button>
        </>
      }
    >
      <p className={classes.text}>
        {suspends
          ? `${keys.length === 1 ? 'It encrypts' : 'They encrypt'} nothing more until ${keys.length === 1 ? 'it is' : 'they are'} resumed. What ${keys.length === 1 ? 'it' : 'they'} encrypted stays and still opens.`
          : `${keys.length === 1 ? 'It encrypts' : 'They encrypt'} new versions again. Nothing that is stored changes.`}
      </p>
      <div className={classes.field}>
        <label htmlFor={fieldId}>Reason, for the audit log</label>
        <input
          id={fieldId}
          maxLength={500}
          value={reason}
          data-autofocus
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </div>
    </Dialog>
  )
}
