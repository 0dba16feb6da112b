import { useState } from 'react'
import type { IncidentDecision, ObjectVersionRef } from '../../../shared/domain/compromise.ts'
import type { ArtifactId, IncidentId } from '../../../shared/ids.ts'
import { formatCounted } from '../../../shared/format.ts'
import { Button } from '../../components/button.tsx'
import { TypedName } from '../../components/confirm-destructive/typed-name.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { showNotice } from '../../components/notice.tsx'
import { failureFrom, useAction } from '../../lib/use-call.ts'
import classes from './compromise.module.css'

export type Deciding = {
  kind: 'delete' | 'give-up'
  artifactId: ArtifactId
  name: string
  versions: number[]
  objectVersions: ObjectVersionRef[]
}

type DecideDialogProps = {
  incidentId: IncidentId
  deciding: Deciding
  onClose: () => void
  /** Once the store, too, holds something else. */
  onSettled?: () => void
}

/** Asks for the artifact's name before what a leaked key opens is deleted, or left to whoever has the key. */
export function DecideDialog({ incidentId, deciding, onClose, onSettled }: DecideDialogProps) {
  const { kind, name } = deciding
  const [typed, setTyped] = useState('')
  const [left, setLeft] = useState<Parameters<typeof FailureAlert>[0]['failure'] | null>(null)
  const settle = useAction('incidents:settle', {
    onDone: ({ settled, failures: [first] }) => {
      onSettled?.()
      if (first) return setLeft(first.failure)
      showNotice({
        title: kind === 'delete' ? `${formatCounted(settled, 'old version')} deleted` : `${name} given up`,
      })
      onClose()
    },
  })
  const failure = settle.isError ? failureFrom(settle.error) : left
  const matches = typed === name
  const confirm = (): void => {
    if (matches) settle.mutate({ incidentId, decisions: decisionsOf(deciding, typed) })
  }
  const what = whatIsMeant(deciding)
  return (
    <Dialog
      title={kind === 'delete' ? `Delete ${what}?` : `Give up ${what}?`}
      onClose={onClose}
      onSubmit={confirm}
      alert={failure === null ? undefined : <FailureAlert failure={failure} bare />}
      actions={
        <>
          <Button kind="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button kind="danger" type="submit" busy={settle.isPending} disabled={!matches}>
            {kind === 'delete' ? `Delete ${what}` : `Give up ${what}`}
          </Button>
        </>
      }
    >
      <p className={classes.explains}>{explanation(deciding)}</p>
      <TypedName expected={name} value={typed} onChange={setTyped} takesFocus />
    </Dialog>
  )
}

const whatIsMeant = ({ versions, objectVersions }: Deciding): string =>
  versions.length > 0
    ? formatCounted(versions.length, 'version')
    : formatCounted(objectVersions.length, 'old version')

function explanation({ kind, versions, objectVersions }: Deciding): string {
  const isOne = versions.length + objectVersions.length === 1
  const stay = isOne ? 'It stays' : 'They stay'
  const them = isOne ? 'it' : 'them'
  if (kind === 'delete')
    return `The store deletes ${them} for good, and is asked afterwards. The artifact stays as it is now.`
  return objectVersions.length > 0
    ? `${stay} in the store. Whoever has the leaked key can read ${them}; once that key is destroyed, nothing here can.`
    : `${stay} as now. Whoever has the leaked key can read ${them}. Once that key is destroyed, nothing here opens what only it opens.`
}

function decisionsOf(
  { kind, artifactId, versions, objectVersions }: Deciding,
  confirmName: string,
): IncidentDecision[] {
  if (kind === 'delete') return objectVersions.map((each) => ({ kind: 'delete', ...each }))
  return [{ kind: 'give-up', artifactId, confirmName, versions, objectVersions }]
}
