import { IconAlertTriangle } from '@tabler/icons-react'
import { useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import type { Response } from '../../../shared/contract/contract.ts'
import { confirmNameOf } from '../../../shared/confirm-name.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { TypedName } from '../../components/confirm-destructive/typed-name.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { CheckOption } from '../../components/options.tsx'
import { useJobsNotice } from '../../components/use-jobs-notice.ts'
import { failureFrom, useAction, useInvoke } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import type { ArtifactInStore } from '../../lib/window-requests.ts'
import { lastPart } from './entry.ts'
import classes from './open-dialogs.module.css'

type Deletion = Response<'artifacts:deletion'>
type DeleteDialogProps = { items: ArtifactInStore[]; onClose: () => void }

const shownObjects = 6

/** *Delete ciphertext…*: what goes, and everything that does not: its key, other copies, object versions. */
export function DeleteDialog({ items, onClose }: DeleteDialogProps) {
  const format = useFormat()
  const invoke = useInvoke()
  const showJobs = useJobsNotice()
  const [typed, setTyped] = useState('')
  const [objectVersions, setObjectVersions] = useState(false)
  const asked = useQueries({
    queries: items.slice(0, shownObjects).map(({ artifactId, storeId }) => ({
      queryKey: ['artifacts:deletion', { artifactId, storeId }],
      queryFn: () => invoke('artifacts:deletion', { artifactId, storeId, version: null }),
      // What was so a while ago is nothing to say yes to.
      gcTime: 0,
      staleTime: 0,
    })),
  })
  const shown = asked.flatMap(({ data }) => (data === undefined ? [] : [data]))
  const unasked = asked.find(({ isError }) => isError)
  const [first] = shown
  const isMany = items.length > 1
  const expected = isMany ? confirmNameOf(items.map(() => '')) : (first?.name ?? '…')
  const what = isMany ? format.counted(items.length, 'artifact') : safeText(lastPart(first?.name ?? ''))
  const remove = useAction('artifacts:delete', {
    onDone: ({ jobIds }) => {
      showJobs({
        jobIds,
        running: `Deleting the ciphertext of ${what}`,
        done: `Ciphertext of ${what} deleted`,
        message: isMany ? 'Their keys are not destroyed.' : 'Its key is not destroyed.',
      })
      onClose()
    },
  })
  const mayDelete = first !== undefined && typed === expected
  const start = (): void => {
    if (mayDelete) remove.mutate({ items, version: null, objectVersions, confirmName: typed })
  }
  const problem = remove.isError ? remove.error : unasked?.error
  const keeps = shown.some(({ keepsObjectVersions }) => keepsObjectVersions === true)
  return (
    <Dialog
      title={`Delete the ciphertext of ${what}?`}
      onClose={onClose}
      onSubmit={start}
      widthPx={528}
      alert={
        problem === undefined || problem === null ? null : <FailureAlert failure={failureFrom(problem)} />
      }
      actions={
        <>
          <Button kind="ghost" onClick={onClose}>
            Keep it
          </Button>
          <Button kind="danger" type="submit" disabled={!mayDelete} busy={remove.isPending}>
            Delete {isMany ? what : format.counted(first?.objects.length ?? 1, 'object')}
          </Button>
        </>
      }
    >
      <ul className={classes.names}>
        {rowsOf(shown).map(({ store, version, objectName, sizeBytes }) => (
          <li key={`${store} ${objectName}`}>
            <MiddleEllipsis text={objectName} />
            <span className={classes.second}>
              v{version} · {safeText(store)}
            </span>
            <span>{format.bytes(sizeBytes)}</span>
          </li>
        ))}
        {items.length > shownObjects ? (
          <li className={classes.second}>and {format.count(items.length - shownObjects)} more</li>
        ) : null}
      </ul>
      {isMany ? (
        <p className={classes.text}>
          Their keys are not destroyed: they open every copy that is left, in other stores and in backups.
        </p>
      ) : first === undefined ? null : (
        <WhatStays deletion={first} />
      )}
      {keeps ? (
        <div className={classes.fields}>
          <CheckOption
            label="Delete object versions as well"
            help="Otherwise the bucket keeps the ciphertext as older object versions of the same name."
            checked={objectVersions}
            onChange={setObjectVersions}
          />
        </div>
      ) : shown.some(({ keepsObjectVersions }) => keepsObjectVersions === null) ? (
        <p className={classes.text}>Whether the store keeps object versions could not be asked.</p>
      ) : null}
      <TypedName expected={expected} value={typed} onChange={setTyped} takesFocus />
    </Dialog>
  )
}

const rowsOf = (deletions: readonly Deletion[]) =>
  deletions
    .flatMap(({ store, objects }) => objects.map((object) => ({ store, ...object })))
    .slice(0, shownObjects)

const inARow = new Intl.ListFormat('en', { type: 'conjunction' })

/** The key, and the copies elsewhere. */
function WhatStays({ deletion: { keyState, remaining, objects } }: { deletion: Deletion }) {
  const elsewhere = [...new Set(remaining.map(({ store }) => safeText(store)))]
  const lonely = objects.filter((object) => !remaining.some(({ version }) => version === object.version))
  const isKeyThere = keyState !== 'destroyed'
  return (
    <>
      <p className={classes.text}>
        {isKeyThere
          ? 'Its key is not destroyed: whoever has it can open every copy that is left, also from a backup.'
          : 'Its key is destroyed already.'}
        {elsewhere.length > 0 ? ` Copies stay in ${inARow.format(elsewhere)}.` : ''}
      </p>
      {lonely.length > 0 && isKeyThere ? (
        <p className={classes.danger}>
          <IconAlertTriangle size={16} stroke={1.5} aria-hidden />
          <span>
            {lonely.length === objects.length
              ? 'No other copy is known here'
              : `No other copy of ${inARow.format(lonely.map(({ version }) => `v${version}`))} is known here`}
            . What is deleted cannot be brought back from here.
          </span>
        </p>
      ) : null}
    </>
  )
}
