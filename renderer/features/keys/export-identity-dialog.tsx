import { IconAlertTriangle } from '@tabler/icons-react'
import { useState } from 'react'
import type { KeyDetails } from '../../../shared/domain/key.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { ChosenFile } from '../../components/chosen-file.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { showNotice } from '../../components/notice.tsx'
import { CheckOption } from '../../components/options.tsx'
import type { ChosenTarget } from '../../components/path-picker/picker-requests.ts'
import { usePathPicker } from '../../components/path-picker/use-path-picker.ts'
import { failureFrom, useAction } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import { versionsCount } from './key-words.ts'
import classes from './export-identity-dialog.module.css'

/** A file name that says whose key it is: the artifact's, without its folders. */
const suggestedName = ({ key }: KeyDetails): string =>
  `${key.artifactName?.split('/').at(-1) ?? 'imported'}.key-${key.number}.txt`

type ExportIdentityDialogProps = { details: KeyDetails; onClose: () => void }

/** Writes the secret half of a key to a file: slow on purpose, and it says what cannot be taken back. */
export function ExportIdentityDialog({ details, onClose }: ExportIdentityDialogProps) {
  const format = useFormat()
  const picker = usePathPicker()
  const [target, setTarget] = useState<ChosenTarget | null>(null)
  const [understood, setUnderstood] = useState(false)
  const write = useAction('keys:export', {
    onDone: ({ location }) => {
      onClose()
      showNotice({ title: 'Identity exported', message: location })
    },
  })
  const { key, protects } = details
  const bytes = protects.reduce((sum, { ciphertextBytes }) => sum + ciphertextBytes, 0)
  const choose = async (): Promise<void> => {
    const chosen = await picker.chooseTarget(suggestedName(details), 'file')
    if (chosen !== null) setTarget(chosen)
  }
  const submit = (): void => {
    if (target === null || !understood || write.isPending) return
    write.mutate({ keyId: key.keyId, target: { token: target.token }, understood: true })
  }
  return (
    <Dialog
      title="Export identity"
      onClose={onClose}
      onSubmit={submit}
      alert={write.isError ? <FailureAlert failure={failureFrom(write.error)} /> : undefined}
      note={target === null ? 'Choose a place first' : understood ? undefined : 'One more yes is needed'}
      actions={
        <>
          <Button kind="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button
            kind="primary"
            type="submit"
            disabled={target === null || !understood}
            busy={write.isPending}
          >
            Export 1 identity
          </Button>
        </>
      }
    >
      <div className={classes.stack}>
        <div className={classes.warning}>
          <p className={classes.title}>
            <IconAlertTriangle size={16} stroke={1.5} aria-hidden />
            {protects.length === 0
              ? 'Whoever has this file has the key'
              : `Whoever has this file can open ${versionsCount(protects.length)}, ${format.bytes(bytes)}`}
          </p>
          <p>
            It is the secret half of {safeText(key.alias)}, in plain text. Weightlock cannot take it back or
            destroy it.
          </p>
        </div>
        <ul className={classes.facts}>
          <li>Only your account may read the file. Where you copy it, that no longer holds.</li>
          <li>The export is recorded with the key and in the audit log.</li>
          <li>If the key is destroyed later, it reads “destroyed here, 1 copy elsewhere”.</li>
        </ul>
        <ChosenFile label="Write to" file={target?.path ?? null} onChoose={choose} autofocus />
        <CheckOption
          label="I understand that this file opens the model for anyone who has it."
          checked={understood}
          onChange={setUnderstood}
        />
      </div>
    </Dialog>
  )
}
