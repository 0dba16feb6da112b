import { IconX } from '@tabler/icons-react'
import { Button } from '../../../components/button.tsx'
import { FailureAlert } from '../../../components/failure-alert.tsx'
import { IconButton } from '../../../components/icon-button.tsx'
import { MiddleEllipsis } from '../../../components/middle-ellipsis.tsx'
import { failureFrom, useCall } from '../../../lib/use-call.ts'
import { useFormat } from '../../../lib/use-format.ts'
import { entryName, isInBucket } from '../entry.ts'
import type { ArtifactEntry, ForeignEntry } from '../entry.ts'
import { DetailsActions } from './details-actions.tsx'
import { ForeignDetails } from './foreign-details.tsx'
import { InsideBlock } from './inside-block.tsx'
import { KeyBlock } from './key-block.tsx'
import { ObjectVersionsBlock } from './object-versions-block.tsx'
import { OverviewBlock } from './overview-block.tsx'
import { VersionsBlock } from './versions-block.tsx'
import classes from './details.module.css'

type DetailsPanelProps = { entry: ArtifactEntry | ForeignEntry; onClose: () => void }

/** Beside the table: what is known about the one chosen row. */
export function DetailsPanel({ entry, onClose }: DetailsPanelProps) {
  return (
    <aside className={classes.panel} aria-label={`Details of ${entryName(entry)}`}>
      <div className={classes.head}>
        <h2>
          <MiddleEllipsis text={entryName(entry)} />
          <IconButton icon={IconX} label="Close details" onClick={onClose} />
        </h2>
        {entry.type === 'artifact' ? <Summary entry={entry} /> : null}
      </div>
      {entry.type === 'artifact' ? <ArtifactDetails entry={entry} /> : <ForeignDetails entry={entry} />}
    </aside>
  )
}

function Summary({ entry }: { entry: ArtifactEntry }) {
  const format = useFormat()
  return (
    <>
      <p className={classes.summary}>
        {entry.kindLabel === '' ? null : `${entry.kindLabel} · `}
        <span title={format.exactBytes(entry.plaintextBytes)}>{format.bytes(entry.plaintextBytes)}</span>
        {' · encrypted '}
        <span title={format.exactTime(entry.encryptedAt)}>{format.dateTime(entry.encryptedAt)}</span>
      </p>
      <DetailsActions artifact={entry} />
    </>
  )
}

function ArtifactDetails({ entry }: { entry: ArtifactEntry }) {
  const details = useCall('artifacts:show', { artifactId: entry.artifactId }, { keepPrevious: true })
  if (details.isError)
    return (
      <FailureAlert
        failure={failureFrom(details.error)}
        actions={<Button onClick={() => void details.refetch()}>Try again</Button>}
      />
    )
  if (details.data === undefined) return null
  return (
    <>
      <OverviewBlock details={details.data} />
      <VersionsBlock details={details.data} />
      {isInBucket(entry) ? (
        <ObjectVersionsBlock key={entry.artifactId} artifactId={entry.artifactId} />
      ) : null}
      <KeyBlock details={details.data} />
      <InsideBlock details={details.data} />
    </>
  )
}
