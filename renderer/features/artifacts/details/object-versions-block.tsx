import { useState } from 'react'
import type { ObjectVersions } from '../../../../shared/domain/artifact.ts'
import { failureText } from '../../../../shared/failure-text.ts'
import type { ArtifactId } from '../../../../shared/ids.ts'
import { Button } from '../../../components/button.tsx'
import { FailureAlert } from '../../../components/failure-alert.tsx'
import { MiddleEllipsis } from '../../../components/middle-ellipsis.tsx'
import { failureFrom, useCall } from '../../../lib/use-call.ts'
import { useFormat } from '../../../lib/use-format.ts'
import { useKeptCost } from '../../../lib/use-kept-cost.ts'
import { Block } from './block.tsx'
import shared from './details.module.css'
import classes from './object-versions-block.module.css'

/** What the bucket keeps of the objects' names, older and deleted ones too: asked when somebody wants to know. */
export function ObjectVersionsBlock({ artifactId }: { artifactId: ArtifactId }) {
  const [isShown, setIsShown] = useState(false)
  const asked = useCall('artifacts:object-versions', { artifactId }, { enabled: isShown, fresh: true })
  const objects = asked.data?.objects ?? []
  return (
    <Block title="Object versions">
      {isShown ? null : (
        <p className={classes.note}>
          What the bucket keeps after a replace or a delete.{' '}
          <Button kind="link" onClick={() => setIsShown(true)}>
            List them
          </Button>
        </p>
      )}
      {asked.isFetching ? (
        <p className={classes.note} role="status">
          Asking the bucket…
        </p>
      ) : null}
      {asked.isError ? <FailureAlert failure={failureFrom(asked.error)} /> : null}
      {asked.data !== undefined && objects.length === 0 ? (
        <p className={classes.note}>The bucket keeps no versions.</p>
      ) : null}
      {objects.map((one) => (
        <OneObject key={`${one.storeId} ${one.objectName}`} object={one} isNamed={objects.length > 1} />
      ))}
    </Block>
  )
}

function OneObject({ object, isNamed }: { object: ObjectVersions; isNamed: boolean }) {
  const format = useFormat()
  const costOf = useKeptCost()
  const { storeId, objectName, versions, failure } = object
  const keptBytes = versions.reduce(
    (sum, { isLatest, isDeleteMarker, sizeBytes }) => (isLatest || isDeleteMarker ? sum : sum + sizeBytes),
    0,
  )
  return (
    <>
      {isNamed ? (
        <code className={classes.object}>
          <MiddleEllipsis text={objectName} tail={18} />
        </code>
      ) : null}
      {failure === null ? null : (
        <p className={classes.note}>
          {failureText(failure).title}. {failureText(failure).remedy}
        </p>
      )}
      <ul className={classes.versions} aria-label={`Object versions of ${objectName}`}>
        {versions.map((one) => (
          <li key={one.versionId}>
            <code>
              <MiddleEllipsis text={one.versionId} />
            </code>
            <span title={format.exactTime(one.modifiedAt)}>{format.dateTime(one.modifiedAt)}</span>
            <span className={shared.second}>
              {one.isDeleteMarker ? 'deleted' : one.isLatest ? 'latest' : ''}
            </span>
            <span title={format.exactBytes(one.sizeBytes)}>
              {one.isDeleteMarker ? '—' : format.bytes(one.sizeBytes)}
            </span>
          </li>
        ))}
      </ul>
      {keptBytes === 0 ? null : (
        <p className={classes.note}>
          Besides the latest: {format.bytes(keptBytes)}
          {costOf(storeId, keptBytes)}
        </p>
      )}
    </>
  )
}
