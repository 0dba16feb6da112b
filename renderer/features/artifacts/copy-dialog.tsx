import { useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { ArtifactRow } from '../../../shared/domain/artifact.ts'
import type { StoreInfo } from '../../../shared/domain/store.ts'
import type { StoreId } from '../../../shared/ids.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { OptionGroup } from '../../components/options.tsx'
import { useJobsNotice } from '../../components/use-jobs-notice.ts'
import { failureFrom, useAction, useCall, useInvoke } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import type { ArtifactInStore } from '../../lib/window-requests.ts'
import { lastPart } from './entry.ts'
import classes from './open-dialogs.module.css'

type CopyDialogProps = { items: ArtifactInStore[]; move: boolean; onClose: () => void }

const shownNames = 6

/** *Copy to store…* and *Move to store…*: the ciphertext as it is, compared with its pin on the way. */
export function CopyDialog({ items, move, onClose }: CopyDialogProps) {
  const format = useFormat()
  const invoke = useInvoke()
  const showJobs = useJobsNotice()
  const stores = useCall('stores:list', {})
  const [chosen, setChosen] = useState<StoreId | null>(null)
  const shown = useQueries({
    queries: items.slice(0, shownNames).map(({ artifactId }) => ({
      queryKey: ['artifacts:show', { artifactId }],
      queryFn: () => invoke('artifacts:show', { artifactId }),
    })),
  })
  const details = shown.flatMap(({ data }) => (data === undefined ? [] : [data]))
  const [first] = details
  const isMany = items.length > 1
  const what = isMany
    ? format.counted(items.length, 'artifact')
    : safeText(lastPart(first?.artifact.name ?? ''))
  const targets = targetsOf(stores.data?.stores ?? [], items)
  const target = targets.find(({ storeId }) => storeId === chosen) ?? targets[0]
  const verb = move ? 'Move' : 'Copy'
  const sourceOf = ({ artifactId, store }: ArtifactRow): string => {
    const item = items.find((each) => each.artifactId === artifactId)
    return stores.data?.stores.find(({ storeId }) => storeId === item?.storeId)?.name ?? store
  }
  const copy = useAction('artifacts:copy', {
    onDone: ({ jobIds }) => {
      const to = safeText(target?.name ?? '')
      showJobs({
        jobIds,
        running: `${move ? 'Moving' : 'Copying'} ${what} to ${to}`,
        done: `${what} ${move ? 'moved' : 'copied'} to ${to}`,
        message: 'Every byte is compared with what was encrypted.',
      })
      onClose()
    },
  })
  const start = (): void => {
    if (target === undefined) return
    copy.mutate({
      items: items.map(({ artifactId, storeId }) => ({ artifactId, fromStoreId: move ? storeId : null })),
      storeId: target.storeId,
      version: null,
      move,
    })
  }
  if (stores.data !== undefined && target === undefined) return <NowhereElse verb={verb} onClose={onClose} />
  return (
    <Dialog
      title={`${verb} ${what} to a store`}
      onClose={onClose}
      onSubmit={start}
      note="Not decrypted, and no key is needed."
      alert={copy.isError ? <FailureAlert failure={failureFrom(copy.error)} /> : null}
      actions={
        <>
          <Button kind="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button
            kind="primary"
            type="submit"
            busy={copy.isPending}
            disabled={target === undefined || first === undefined}
            data-autofocus
          >
            {verb} {format.counted(items.length, 'artifact')}
          </Button>
        </>
      }
    >
      <ul className={classes.names}>
        {details.map(({ artifact }) => (
          <li key={artifact.artifactId}>
            <MiddleEllipsis text={artifact.name} />
            <span className={classes.second}>
              {artifact.versions > 1 ? `${format.counted(artifact.versions, 'version')} · ` : ''}
              {safeText(sourceOf(artifact))}
            </span>
            <span>{format.bytes(artifact.ciphertextBytes)}</span>
          </li>
        ))}
        {items.length > shownNames ? (
          <li className={classes.second}>and {format.count(items.length - shownNames)} more</li>
        ) : null}
      </ul>
      <div className={classes.fields}>
        <OptionGroup
          label="To"
          options={targets.map(({ storeId, name, location }) => ({
            value: storeId,
            label: safeText(name),
            help: <MiddleEllipsis text={location} />,
          }))}
          value={target?.storeId ?? ('' as StoreId)}
          onChange={setChosen}
        />
      </div>
      <p className={classes.text}>
        {move
          ? 'Each source is deleted once its copy is there and verified. A bucket that keeps object versions keeps them.'
          : 'The source stays where it is. The same key opens both.'}
      </p>
    </Dialog>
  )
}

/** Where all of it lies already is no target. */
function targetsOf(stores: readonly StoreInfo[], items: readonly ArtifactInStore[]): StoreInfo[] {
  const sources = new Set(items.map(({ storeId }) => storeId))
  return stores.filter(({ storeId }) => sources.size > 1 || !sources.has(storeId))
}

function NowhereElse({ verb, onClose }: { verb: string; onClose: () => void }) {
  const [, navigate] = useLocation()
  return (
    <Dialog
      title="There is no other store"
      onClose={onClose}
      actions={
        <>
          <Button kind="ghost" onClick={onClose}>
            Close
          </Button>
          <Button
            kind="primary"
            data-autofocus
            onClick={() => {
              onClose()
              navigate('/settings/stores')
            }}
          >
            Go to Stores
          </Button>
        </>
      }
    >
      <p className={classes.text}>
        {verb === 'Move' ? 'To move' : 'To copy'} ciphertext, add a folder, a network share or a bucket as a
        second store first.
      </p>
    </Dialog>
  )
}
