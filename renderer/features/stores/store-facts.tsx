import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { StoreInfo } from '../../../shared/domain/store.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { FactRow, FactRows } from '../../components/fact-rows.tsx'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { showFailure } from '../../components/notice.tsx'
import { useJobsNotice } from '../../components/use-jobs-notice.ts'
import { failureFrom, useAction } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import { RemoveStoreDialog } from './remove-store-dialog.tsx'
import classes from './store-facts.module.css'

type StoreFactsProps = {
  store: StoreInfo
  /** Credentials of it lie in the keychain. */
  holdsSecrets: boolean
}

/** Where a store is, and what can be done with it beyond its settings. */
export function StoreFacts({ store, holdsSecrets }: StoreFactsProps) {
  const format = useFormat()
  const queries = useQueryClient()
  const [isRemoving, setIsRemoving] = useState(false)
  const again = () => void queries.invalidateQueries({ queryKey: ['stores:list'] })
  const makeDefault = useAction('stores:make-default', { onDone: again })
  const scan = useAction('stores:scan', { onDone: again })
  const showJobs = useJobsNotice()
  const verify = useAction('artifacts:verify', {
    onDone: ({ jobId }) =>
      showJobs({
        jobIds: [jobId],
        running: `Verifying ${format.counted(store.artifacts, 'artifact')}`,
        done: `${safeText(store.name)} verified`,
        message: 'Every stored byte is read and compared.',
      }),
  })
  const onError = (error: unknown): void => showFailure(failureFrom(error))
  const { storeId } = store
  // A folder is its location.
  const isShownAbove = Object.values(store.settings).includes(store.location)
  return (
    <div className={classes.facts}>
      <FactRows names={80}>
        {isShownAbove ? null : (
          <FactRow name="Location">
            <code>
              <MiddleEllipsis text={store.location} tail={20} />
            </code>
            <CopyButton text={store.location} what="location" />
          </FactRow>
        )}
        {store.exists ? null : (
          <FactRow name="State">
            {store.artifacts === 0 && store.isDefault
              ? 'Made when the first artifact arrives'
              : 'Not there now: is the share mounted?'}
          </FactRow>
        )}
        {store.freeBytes === null ? null : (
          <FactRow name="Free" title={format.exactBytes(store.freeBytes)}>
            {format.bytes(store.freeBytes)}
          </FactRow>
        )}
        <FactRow name="Default">{store.isDefault ? 'Yes, what is dropped goes here' : 'No'}</FactRow>
      </FactRows>
      <div className={classes.actions}>
        {store.isDefault ? null : (
          <Button busy={makeDefault.isPending} onClick={() => makeDefault.mutate({ storeId }, { onError })}>
            Make default
          </Button>
        )}
        <Button
          busy={verify.isPending}
          disabled={store.artifacts === 0}
          onClick={() => verify.mutate({ artifactIds: [], storeId, level: 'full' }, { onError })}
        >
          Verify
        </Button>
        <Button busy={scan.isPending} onClick={() => scan.mutate({ storeId }, { onError })}>
          Look again
        </Button>
        <Button onClick={() => setIsRemoving(true)}>Remove…</Button>
      </div>
      {scan.data === undefined ? null : (
        <p className={classes.found} aria-live="polite">
          {format.counted(scan.data.objects, 'object')}, {format.count(scan.data.foreign)} not by Weightlock
          {scan.data.missing > 0 ? (
            <span className={classes.missing}>, {format.count(scan.data.missing)} missing</span>
          ) : (
            ', none missing'
          )}
        </p>
      )}
      {isRemoving ? (
        <RemoveStoreDialog store={store} holdsSecrets={holdsSecrets} onClose={() => setIsRemoving(false)} />
      ) : null}
    </div>
  )
}
