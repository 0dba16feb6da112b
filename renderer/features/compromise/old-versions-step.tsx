import type { UseQueryResult } from '@tanstack/react-query'
import { useState } from 'react'
import type { OldObjectVersion, OldObjectVersions } from '../../../shared/domain/compromise.ts'
import type { IncidentId } from '../../../shared/ids.ts'
import { Button } from '../../components/button.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { failureFrom } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import { useKeptCost } from '../../lib/use-kept-cost.ts'
import { DecideDialog, type Deciding } from './decide-dialog.tsx'
import classes from './compromise.module.css'

type OldVersionsStepProps = {
  incidentId: IncidentId
  old: Pick<UseQueryResult<OldObjectVersions>, 'data' | 'isError' | 'error' | 'refetch'>
}

/** What buckets kept and a leaked key opens: each is deleted, or given up by name. */
export function OldVersionsStep({ incidentId, old }: OldVersionsStepProps) {
  const [deciding, setDeciding] = useState<Deciding | null>(null)
  const again = (): void => void old.refetch()
  if (old.isError)
    return (
      <div className={classes.alert}>
        <FailureAlert
          failure={failureFrom(old.error)}
          bare
          actions={<Button onClick={again}>Try again</Button>}
        />
      </div>
    )
  if (old.data === undefined)
    return <p className={classes.note}>Each store that keeps object versions is asked.</p>
  const { versions, unasked } = old.data
  const groups = [...Map.groupBy(versions, ({ artifactId, store }) => `${artifactId} ${store}`).values()]
  const decide = (kind: Deciding['kind'], group: OldObjectVersion[]): void => {
    const [first] = group
    if (first === undefined) return
    const objectVersions = group
      .filter(({ isGivenUp }) => !isGivenUp || kind === 'delete')
      .map(({ storeId, objectName, versionId }) => ({ storeId, objectName, versionId }))
    setDeciding({ kind, artifactId: first.artifactId, name: first.name, versions: [], objectVersions })
  }
  return (
    <>
      {groups.length === 0 ? (
        <p className={classes.note}>
          {unasked.length === 0
            ? 'The stores keep no old object version that a leaked key opens. Backups of a store were not looked for.'
            : 'The stores that answered keep none.'}
        </p>
      ) : (
        <ul className={classes.list} aria-label="Old versions">
          {groups.map((group) => (
            <OldOfArtifact
              key={`${group[0]?.artifactId} ${group[0]?.storeId}`}
              group={group}
              onDecide={(kind) => decide(kind, group)}
            />
          ))}
        </ul>
      )}
      {unasked.map(({ storeId, failure }) => (
        <div key={storeId} className={classes.alert}>
          <FailureAlert failure={failure} bare actions={<Button onClick={again}>Ask again</Button>} />
        </div>
      ))}
      {deciding === null ? null : (
        <DecideDialog
          incidentId={incidentId}
          deciding={deciding}
          onClose={() => setDeciding(null)}
          onSettled={again}
        />
      )}
    </>
  )
}

function OldOfArtifact({
  group,
  onDecide,
}: {
  group: OldObjectVersion[]
  onDecide: (kind: Deciding['kind']) => void
}) {
  const format = useFormat()
  const costOf = useKeptCost()
  const name = group[0]?.name ?? ''
  const open = group.filter(({ isGivenUp }) => !isGivenUp)
  const bytes = group.reduce((total, { sizeBytes }) => total + sizeBytes, 0)
  const oldest = Math.min(...group.map(({ modifiedAt }) => modifiedAt))
  return (
    <li>
      <span>
        <MiddleEllipsis text={name} />
      </span>
      <span className={classes.acts}>
        {open.length === 0 ? 'given up' : null}
        <Button
          aria-label={`Delete ${format.counted(group.length, 'old version')} of ${name}…`}
          onClick={() => onDecide('delete')}
        >
          Delete {format.count(group.length)}…
        </Button>
        {open.length === 0 ? null : (
          <Button
            kind="ghost"
            aria-label={`Give up old versions of ${name}…`}
            onClick={() => onDecide('give-up')}
          >
            Give up…
          </Button>
        )}
      </span>
      <p>
        {format.counted(group.length, 'old version')}, {format.bytes(bytes)}
        {group[0] === undefined ? '' : costOf(group[0].storeId, bytes)} in {group[0]?.store}, since{' '}
        {format.day(oldest)}
      </p>
    </li>
  )
}
