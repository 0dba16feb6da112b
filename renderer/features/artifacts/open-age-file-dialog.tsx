import { PasswordInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { AgeFileRef } from '../../../shared/contract/decrypt.ts'
import type { Response } from '../../../shared/contract/contract.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { useJobsNotice } from '../../components/use-jobs-notice.ts'
import { CheckOption } from '../../components/options.tsx'
import { usePathPicker } from '../../components/path-picker/use-path-picker.ts'
import { failureFrom, useAction, useCall } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import type { NamedSource } from '../../lib/window-requests.ts'
import classes from './open-dialogs.module.css'

type Asked = { source: AgeFileRef | null; name: string }
type Shown = Response<'age-file:show'>

/** Opens any age file with an identity or passphrase that the user supplies, or with a key that is here. */
export function OpenAgeFileDialog({ source, name, onClose }: Asked & { onClose: () => void }) {
  const picker = usePathPicker()
  const [asked, setAsked] = useState<Asked>({ source, name })
  const hasAsked = useRef(asked.source !== null)
  useEffect(() => {
    if (hasAsked.current) return
    hasAsked.current = true
    void picker.choose('age-file').then(([chosen]) => {
      if (chosen === undefined) onClose()
      else setAsked({ source: { token: chosen.token }, name: chosen.name })
    })
  }, [picker, onClose])
  if (asked.source === null) return null
  return <OpenForm source={asked.source} name={asked.name} onClose={onClose} />
}

type OpenFormProps = { source: AgeFileRef; name: string; onClose: () => void }

function OpenForm({ source, name, onClose }: OpenFormProps) {
  const picker = usePathPicker()
  const showJobs = useJobsNotice()
  const header = useCall('age-file:show', { source })
  const [identity, setIdentity] = useState<NamedSource | null>(null)
  const [passphrase, setPassphrase] = useState('')
  const [unpack, setUnpack] = useState(true)
  const decrypt = useAction('decrypt:age-file')

  const shown = header.data
  const title = name === '' ? (shown?.name ?? 'age file') : name
  const isTar = /\.tar(\.age)?$/i.test(title)
  const suggested =
    title.replace(/\.age$/i, '').replace(isTar && unpack ? /\.tar$/i : /$^/, '') || 'decrypted'
  const isReady =
    shown !== undefined && (shown.keyHere || (shown.needsPassphrase ? passphrase !== '' : identity !== null))
  const start = async (): Promise<void> => {
    const target = await picker.chooseTarget(suggested, isTar && unpack ? 'folder' : 'file')
    if (target === null) return
    decrypt.mutate(
      {
        source,
        identity: identity === null ? null : { token: identity.token },
        passphrase: passphrase === '' ? null : passphrase,
        target: { token: target.token },
        unpack: isTar && unpack,
      },
      {
        onSuccess: ({ jobId }) => {
          const what = safeText(title)
          showJobs({ jobIds: [jobId], running: `Decrypting ${what}`, done: `${what} decrypted and verified` })
          onClose()
        },
      },
    )
  }
  const failure = header.isError
    ? failureFrom(header.error)
    : decrypt.isError
      ? failureFrom(decrypt.error)
      : null
  return (
    <Dialog
      title={`Open ${safeText(title)}`}
      onClose={onClose}
      onSubmit={() => {
        if (isReady) void start()
      }}
      note="The whole of it is verified, or nothing is written."
      alert={failure ? <FailureAlert failure={failure} /> : null}
      actions={
        <>
          <Button kind="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button kind="primary" type="submit" disabled={!isReady} busy={decrypt.isPending}>
            Decrypt to…
          </Button>
        </>
      }
    >
      {shown === undefined ? null : (
        <>
          <Header shown={shown} />
          {shown.keyHere ? null : shown.needsPassphrase ? (
            <PasswordInput
              label="Passphrase"
              value={passphrase}
              onChange={(event) => setPassphrase(event.currentTarget.value)}
              data-autofocus
            />
          ) : (
            <div className={classes.fields}>
              <div>
                <h3>Identity file</h3>
                <div className={classes.file}>
                  <code>{identity === null ? 'None chosen' : safeText(identity.name)}</code>
                  <Button
                    data-autofocus
                    onClick={() =>
                      void picker.choose('identity').then(([chosen]) => {
                        if (chosen !== undefined) setIdentity(chosen)
                      })
                    }
                  >
                    Choose…
                  </Button>
                </div>
              </div>
              <PasswordInput
                label="Passphrase of the identity file"
                description="Only if it is encrypted itself."
                value={passphrase}
                onChange={(event) => setPassphrase(event.currentTarget.value)}
              />
            </div>
          )}
          {isTar ? (
            <CheckOption
              label="Unpack the folder"
              help="Otherwise a .tar file is written."
              checked={unpack}
              onChange={setUnpack}
            />
          ) : null}
        </>
      )}
    </Dialog>
  )
}

function Header({ shown }: { shown: Shown }) {
  const format = useFormat()
  return (
    <dl className={classes.facts}>
      <dt>Size</dt>
      <dd title={format.exactBytes(shown.sizeBytes)}>
        {format.bytes(shown.sizeBytes)}
        {shown.armored ? ', armored' : ''}
      </dd>
      <dt>Encrypted to</dt>
      <dd>{shown.needsPassphrase ? 'A passphrase' : shown.stanzaTypes.map(safeText).join(', ')}</dd>
      <dt>Key</dt>
      <dd>{shown.keyHere ? 'In this keychain' : 'Not in this keychain'}</dd>
    </dl>
  )
}
