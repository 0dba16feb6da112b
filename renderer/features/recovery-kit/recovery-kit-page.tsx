import { useState } from 'react'
import type { KitRow } from '../../../shared/domain/kit.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { EmptyWell } from '../../components/empty-well.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { showFailure, showNotice } from '../../components/notice.tsx'
import { SettingsFrame } from '../../components/settings-frame/settings-frame.tsx'
import { failureFrom, useAction, useCall } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import { CreateKitDialog } from './create-kit-dialog.tsx'
import { DrillDialog } from './drill-dialog.tsx'
import { KitEntry } from './kit-entry.tsx'
import { RestoreDialog } from './restore-dialog.tsx'
import classes from './recovery-kit.module.css'

type Asking =
  | { what: 'create' }
  | { what: 'restore' }
  | { what: 'drill'; kit: KitRow | null }
  | { what: 'forget'; kit: KitRow }

/** Recovery kits: what is backed up, each kit with its drill, and the ways to make, try and restore one. */
export function RecoveryKitPage() {
  const format = useFormat()
  const [asking, setAsking] = useState<Asking | null>(null)
  const answer = useCall('kits:list', {})
  const close = (): void => setAsking(null)
  const { kits = [], coverage } = answer.data ?? {}
  const create = (
    <Button kind="primary" onClick={() => setAsking({ what: 'create' })}>
      Make a recovery kit…
    </Button>
  )
  return (
    <SettingsFrame
      section="recovery-kit"
      actions={
        <>
          <Button onClick={() => setAsking({ what: 'restore' })}>Restore from a kit…</Button>
          {kits.length > 0 ? create : null}
        </>
      }
    >
      <h2>Recovery kit</h2>
      <p className={classes.lead}>
        A recovery kit is one age file with the identities of your keys under a passphrase. With it and the
        stored ciphertext another machine opens everything again, with Weightlock or with age alone.
      </p>
      {answer.isError ? <FailureAlert failure={failureFrom(answer.error)} /> : null}
      {coverage === undefined || kits.length === 0 ? null : (
        <p className={classes.coverage} data-whole={coverage.inKits === coverage.keys || undefined}>
          <b>
            {coverage.inKits === coverage.keys
              ? coverage.keys === 1
                ? 'The only key is in a kit whose drill passed.'
                : `All ${format.count(coverage.keys)} keys are in a kit whose drill passed.`
              : `${format.count(coverage.inKits)} of ${format.counted(coverage.keys, 'key')} in a kit whose drill passed.`}
          </b>
          {coverage.inKits < coverage.keys ? ' The others are lost if this machine is.' : ''}
        </p>
      )}
      {answer.data !== undefined && kits.length === 0 ? (
        <div className={classes.empty}>
          <EmptyWell title="Nothing is backed up" action={create}>
            No recovery kit holds a key of this machine. Lose the machine, and what only its keychain opens
            stays closed.
          </EmptyWell>
        </div>
      ) : (
        <ul className={classes.kits} aria-label="Recovery kits">
          {kits.map((kit) => (
            <KitEntry
              key={kit.kitId}
              kit={kit}
              onDrill={() => setAsking({ what: 'drill', kit })}
              onForget={() => setAsking({ what: 'forget', kit })}
            />
          ))}
        </ul>
      )}
      {asking?.what === 'create' ? (
        <CreateKitDialog
          keyIds={null}
          keys={coverage?.keys ?? null}
          onClose={close}
          onDrill={(kit) => setAsking({ what: 'drill', kit })}
        />
      ) : null}
      {asking?.what === 'drill' ? <DrillDialog kit={asking.kit} onClose={close} /> : null}
      {asking?.what === 'restore' ? <RestoreDialog onClose={close} /> : null}
      {asking?.what === 'forget' ? <ForgetDialog kit={asking.kit} onClose={close} /> : null}
    </SettingsFrame>
  )
}

/** Takes a kit out of the list, and nothing else. */
function ForgetDialog({ kit, onClose }: { kit: KitRow; onClose: () => void }) {
  const format = useFormat()
  const forget = useAction('kits:forget', {
    onDone: () => {
      onClose()
      showNotice({ title: 'Kit forgotten', message: 'Its file was not touched.', isShort: true })
    },
  })
  const submit = (): void =>
    forget.mutate({ kitId: kit.kitId }, { onError: (error) => showFailure(failureFrom(error)) })
  return (
    <Dialog
      title="Forget this recovery kit"
      onClose={onClose}
      onSubmit={submit}
      actions={
        <>
          <Button kind="ghost" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button kind="primary" type="submit" busy={forget.isPending}>
            Forget 1 kit
          </Button>
        </>
      }
    >
      <p className={classes.second}>
        The kit of {format.date(kit.madeAt)} leaves this list. Its file is not deleted, and nobody can check
        whether it still exists: {format.counted(kit.identities, 'key')} will go on naming it as a copy that
        cannot be reached.
      </p>
    </Dialog>
  )
}
