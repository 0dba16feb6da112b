import { useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import type { StoreInfo } from '../../../shared/domain/store.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { failureFrom, useAction } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'

type RemoveStoreDialogProps = {
  store: StoreInfo
  /** Credentials of it lie in the keychain, and go with it. */
  holdsSecrets: boolean
  onClose: () => void
}

/** Forgets a store after a yes. Files stay where they are; a store that holds artifacts is kept by main. */
export function RemoveStoreDialog({ store, holdsSecrets, onClose }: RemoveStoreDialogProps) {
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const remove = useAction('stores:remove', {
    onDone: () => {
      onClose()
      void queries.invalidateQueries({ queryKey: ['stores:list'] })
      navigate('/settings/stores')
    },
  })
  if (store.artifacts > 0) return <KeptStore store={store} onClose={onClose} />
  return (
    <Dialog
      title={`Remove ${safeText(store.name)}?`}
      onClose={onClose}
      onSubmit={() => remove.mutate({ storeId: store.storeId })}
      alert={remove.isError ? <FailureAlert failure={failureFrom(remove.error)} /> : undefined}
      actions={
        <>
          <Button kind="ghost" onClick={onClose}>
            Keep it
          </Button>
          <Button kind="primary" type="submit" busy={remove.isPending} data-autofocus>
            Remove 1 store
          </Button>
        </>
      }
    >
      <p>
        Weightlock forgets this store. No file in it is deleted, and no key is destroyed: add it again, and
        what it holds is found again.
        {holdsSecrets ? ' The credentials that were typed in leave the keychain.' : null}
      </p>
    </Dialog>
  )
}

/** What holds artifacts cannot be forgotten: there is nothing to say yes to. */
function KeptStore({ store, onClose }: Omit<RemoveStoreDialogProps, 'holdsSecrets'>) {
  const format = useFormat()
  return (
    <Dialog
      title={`${safeText(store.name)} holds ${format.counted(store.artifacts, 'artifact')}`}
      onClose={onClose}
      actions={
        <Button kind="primary" onClick={onClose} data-autofocus>
          Keep it
        </Button>
      }
    >
      <p>A store with artifacts can only be removed once none is left in it.</p>
    </Dialog>
  )
}
