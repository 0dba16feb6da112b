import { PasswordInput } from '@mantine/core'
import { useState } from 'react'
import type { Response } from '../../../shared/contract/contract.ts'
import { KeyId } from '../../../shared/ids.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { TypedName } from '../../components/confirm-destructive/typed-name.tsx'
import { ChosenFile } from '../../components/chosen-file.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { KeyStateBadge } from '../../components/key-state-badge.tsx'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { usePathPicker } from '../../components/path-picker/use-path-picker.ts'
import { failureFrom, useAction, useCall } from '../../lib/use-call.ts'
import type { NamedSource } from '../../lib/window-requests.ts'
import classes from './import-identity-dialog.module.css'

type ImportIdentityDialogProps = {
  /** What was dropped or chosen already; null asks for it. */
  source: NamedSource | null
  onClose: () => void
}

/** Takes identities from a file into the keychain: an identity file as it is, an age file with its passphrase. */
export function ImportIdentityDialog({ source: given, onClose }: ImportIdentityDialogProps) {
  const picker = usePathPicker()
  const [source, setSource] = useState(given)
  const [passphrase, setPassphrase] = useState('')
  const [reversal, setReversal] = useState('')
  const take = useAction('keys:import')
  const header = useCall(
    'age-file:show',
    { source: { token: source?.token ?? '' } },
    { enabled: source !== null, fresh: true },
  )
  const failure = take.isError ? failureFrom(take.error) : null
  const wantsPassphrase =
    header.data?.needsPassphrase === true ||
    failure?.code === 'age/passphrase-needed' ||
    failure?.code === 'age/passphrase-wrong'
  const destroyed = failure?.code === 'key/destroyed' ? KeyId.safeParse(failure.keyId) : null
  const destroyedKey = destroyed?.success === true ? destroyed.data : null
  const choose = async (): Promise<void> => {
    const [chosen] = await picker.choose('identity')
    if (chosen === undefined) return
    setSource(chosen)
    setPassphrase('')
    setReversal('')
    take.reset()
  }
  const submit = (): void => {
    if (source === null || take.isPending || (wantsPassphrase && passphrase === '')) return
    take.mutate({
      source: { token: source.token },
      passphrase: passphrase === '' ? null : passphrase,
      reverseDestroyed: reversal === '' ? null : reversal,
    })
  }
  if (take.isSuccess) return <Imported answer={take.data} onClose={onClose} />
  return (
    <Dialog
      title="Import an identity"
      onClose={onClose}
      onSubmit={submit}
      actions={
        <>
          <Button kind="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button
            kind="primary"
            type="submit"
            disabled={source === null || (wantsPassphrase && passphrase === '')}
            busy={take.isPending}
          >
            Import
          </Button>
        </>
      }
    >
      <div className={classes.stack}>
        <p className={classes.second}>
          A file with one or more lines that begin with <code>AGE-SECRET-KEY-</code>, as{' '}
          <code>age-keygen</code> and Weightlock write it, or such a file encrypted with a passphrase. Its
          keys go to the keychain and are read back; the file stays where it is, and is remembered as a copy.
        </p>
        <ChosenFile label="File" file={source?.name ?? null} onChoose={choose} autofocus={source === null} />
        {wantsPassphrase ? (
          <PasswordInput
            label="Passphrase of this file"
            value={passphrase}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
        ) : null}
        {destroyedKey === null ? null : (
          <Reversal keyId={destroyedKey} value={reversal} onChange={setReversal} />
        )}
        {failure === null || failure.code === 'age/passphrase-needed' || destroyedKey !== null ? null : (
          <FailureAlert failure={failure} />
        )}
      </div>
    </Dialog>
  )
}

type ReversalProps = { keyId: KeyId; value: string; onChange: (typed: string) => void }

/** A key that was destroyed here comes back only by its name, and that is written down. */
function Reversal({ keyId, value, onChange }: ReversalProps) {
  const details = useCall('keys:show', { keyId })
  if (details.data === undefined) return null
  const { key, impact } = details.data
  return (
    <div className={classes.reverse}>
      <p>
        <b>{safeText(key.alias)} was destroyed here.</b> Importing it takes that back: what was erased can be
        opened again. The audit log keeps both.
      </p>
      <TypedName expected={impact.confirmName} value={value} onChange={onChange} />
    </div>
  )
}

type ImportedProps = { answer: Response<'keys:import'>; onClose: () => void }

function Imported({ answer, onClose }: ImportedProps) {
  const { imported, alreadyKnown } = answer
  const title =
    imported.length === 0
      ? 'Nothing new to import'
      : imported.length === 1
        ? '1 key imported'
        : `${imported.length} keys imported`
  return (
    <Dialog
      title={title}
      onClose={onClose}
      onSubmit={onClose}
      actions={
        <Button kind="primary" type="submit" data-autofocus>
          Done
        </Button>
      }
    >
      <div className={classes.stack}>
        {imported.length > 0 ? (
          <ul className={classes.keys}>
            {imported.map((key) => (
              <li key={key.keyId}>
                <a href={`#/keys/${key.keyId}`} onClick={onClose}>
                  <MiddleEllipsis text={key.alias} />
                </a>
                <KeyStateBadge state={key.state} rotationDueAt={key.rotationDueAt} />
              </li>
            ))}
          </ul>
        ) : null}
        <p className={classes.second}>
          {imported.length > 0 ? 'In the keychain, and read back. ' : ''}
          {alreadyKnown > 0
            ? `${alreadyKnown === 1 ? '1 key was' : `${alreadyKnown} keys were`} known already.`
            : ''}
        </p>
      </div>
    </Dialog>
  )
}
