import { PasswordInput } from '@mantine/core'
import { useState } from 'react'
import type { KitDrill, KitRow } from '../../../shared/domain/kit.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { ChosenFile } from '../../components/chosen-file.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { FactRow, FactRows } from '../../components/fact-rows.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { usePathPicker } from '../../components/path-picker/use-path-picker.ts'
import { failureFrom, useAction } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import type { NamedSource } from '../../lib/window-requests.ts'
import classes from './recovery-kit.module.css'

type DrillDialogProps = {
  /** One that is known; null asks for a file. */
  kit: KitRow | null
  onClose: () => void
}

/** Tries a kit as if everything else were gone: opened with the passphrase, and a piece of something real with it. */
export function DrillDialog({ kit, onClose }: DrillDialogProps) {
  const picker = usePathPicker()
  const [source, setSource] = useState<NamedSource | null>(null)
  const [passphrase, setPassphrase] = useState('')
  const drill = useAction('kits:drill', { onDone: () => setPassphrase('') })
  const isReady = (source !== null || kit !== null) && passphrase !== ''
  const choose = async (): Promise<void> => {
    const [chosen] = await picker.choose('age-file')
    if (chosen !== undefined) setSource(chosen)
    drill.reset()
  }
  const submit = (): void => {
    if (!isReady || drill.isPending) return
    if (source !== null) drill.mutate({ source: { token: source.token }, passphrase })
    else if (kit !== null) drill.mutate({ source: { kitId: kit.kitId }, passphrase })
  }
  if (drill.isSuccess) return <Passed drill={drill.data} onClose={onClose} />
  return (
    <Dialog
      title="Drill"
      onClose={onClose}
      onSubmit={submit}
      alert={drill.isError ? <FailureAlert failure={failureFrom(drill.error)} /> : undefined}
      note="Reads only"
      actions={
        <>
          <Button kind="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button kind="primary" type="submit" disabled={!isReady} busy={drill.isPending}>
            Try the kit
          </Button>
        </>
      }
    >
      <div className={classes.stack}>
        <p className={classes.second}>
          Opens the kit with the passphrase that you wrote down, and with a key of it a piece of something
          that is stored. The keychain is not asked.
        </p>
        <ChosenFile label="Kit" file={source?.name ?? kit?.where ?? null} onChoose={choose} />
        <PasswordInput
          label="Passphrase of the kit"
          value={passphrase}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
          autoComplete="off"
          data-autofocus
        />
      </div>
    </Dialog>
  )
}

function Passed({ drill: { kit, opened }, onClose }: { drill: KitDrill; onClose: () => void }) {
  const format = useFormat()
  return (
    <Dialog
      title="The drill passed"
      onClose={onClose}
      onSubmit={onClose}
      actions={
        <Button kind="primary" type="submit" data-autofocus>
          Done
        </Button>
      }
    >
      <FactRows names={96}>
        <FactRow name="Opened">
          {safeText(opened.name)}, version {opened.version}
        </FactRow>
        <FactRow name="From">{safeText(opened.store)}</FactRow>
        <FactRow name="Verified" title={format.exactBytes(opened.bytes)}>
          {format.bytes(opened.bytes)} of plaintext, and the end of the file
        </FactRow>
        <FactRow name="Holds">{format.counted(kit.holds, 'key')} of this installation</FactRow>
        <FactRow name="Lacks">{kit.lacks === 0 ? 'none' : format.counted(kit.lacks, 'key')}</FactRow>
      </FactRows>
    </Dialog>
  )
}
