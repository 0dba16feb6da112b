import { assertNever } from '../../../lib/assert-never.ts'
import { Button } from '../../../components/button.tsx'
import { FailureAlert } from '../../../components/failure-alert.tsx'
import type { ArtifactDetails } from '../../../../shared/domain/artifact.ts'
import type { Inside } from '../../../../shared/model-inspection.ts'
import { failureFrom, useCall } from '../../../lib/use-call.ts'
import { useFormat } from '../../../lib/use-format.ts'
import type { Format } from '../../../lib/use-format.ts'
import { isErased } from '../entry.ts'
import { Block } from './block.tsx'
import { FactsList } from './facts-list.tsx'
import { PickleInside } from './pickle-inside.tsx'
import { TensorsInside } from './tensors-inside.tsx'
import shared from './details.module.css'
import classes from './inside.module.css'

/** What the model holds, from a few ranged reads of the stored ciphertext: so many bytes were verified, not all. */
export function InsideBlock({ details: { artifact } }: { details: ArtifactDetails }) {
  const format = useFormat()
  const isGone = artifact.status === 'missing' || artifact.status === 'deleted'
  const canRead = !isErased({ ...artifact, type: 'artifact' }) && !isGone
  const inside = useCall(
    'artifacts:inside',
    { artifactId: artifact.artifactId, version: null },
    { enabled: canRead },
  )
  if (!canRead)
    return (
      <Block title="Inside">
        <p className={shared.small}>
          {isGone
            ? `Nothing to read: the object is ${artifact.status}.`
            : 'Its key is destroyed here: nothing is read any more.'}
        </p>
      </Block>
    )
  if (inside.isError)
    return (
      <Block title="Inside">
        <FailureAlert
          bare
          failure={failureFrom(inside.error)}
          actions={<Button onClick={() => void inside.refetch()}>Try again</Button>}
        />
      </Block>
    )
  if (inside.data === undefined)
    return (
      <Block title="Inside">
        <p className={shared.small} aria-busy>
          Reading what is inside…
        </p>
      </Block>
    )
  if (inside.data.inside.kind === 'none') return null
  return (
    <Block title="Inside" facts={headline(inside.data.inside, format)}>
      <Content inside={inside.data.inside} />
      {inside.data.inside.kind === 'folder' ? null : (
        <p className={classes.partly}>
          {inside.data.bytesRead >= artifact.plaintextBytes
            ? 'All of it was read and authenticated for this.'
            : `Partly verified: only the ${format.bytes(inside.data.bytesRead)} read for this were authenticated. Verify checks the rest.`}
        </p>
      )}
    </Block>
  )
}

function Content({ inside }: { inside: Inside }) {
  switch (inside.kind) {
    case 'pickle':
      return <PickleInside findings={inside} />
    case 'tensors':
      return (
        <>
          {inside.pickle ? <PickleInside findings={inside.pickle} /> : null}
          <TensorsInside inside={inside} />
        </>
      )
    case 'onnx':
      return (
        <>
          {inside.hasExternalData ? (
            <p className={shared.warn}>Its weights lie in other files, which must travel along.</p>
          ) : null}
          <FactsList
            facts={[
              {
                key: 'Operator sets',
                value: inside.opsets
                  .map(({ domain, version }) => `${domain || 'ai.onnx'} ${version}`)
                  .join(', '),
              },
              { key: 'Producer', value: inside.producer ?? '' },
              { key: 'Graph', value: inside.graphName ?? '' },
              { key: 'IR version', value: inside.irVersion === null ? '' : String(inside.irVersion) },
              ...inside.metadata,
            ]}
          />
        </>
      )
    case 'facts':
      return <FactsList facts={inside.facts} />
    case 'folder':
      return <FolderInside inside={inside} />
    case 'none':
      return null
    default:
      return assertNever(inside)
  }
}

function FolderInside({ inside }: { inside: Extract<Inside, { kind: 'folder' }> }) {
  const format = useFormat()
  const left = inside.truncatedAt === null ? 0 : inside.fileCount - inside.truncatedAt
  return (
    <>
      <FactsList
        facts={inside.entries.map(({ path, sizeBytes }) => ({ key: path, value: format.bytes(sizeBytes) }))}
      />
      {left > 0 ? <p className={shared.small}>and {format.count(left)} more</p> : null}
    </>
  )
}

function headline(inside: Inside, format: Format): string {
  switch (inside.kind) {
    case 'pickle':
      return format.counted(inside.importCount, 'import')
    case 'tensors':
      return `${format.counted(inside.tensorCount, inside.format === 'npz' || inside.format === 'npy' ? 'array' : 'tensor')} · ${format.parameters(inside.parameterCount)} parameters`
    case 'onnx': {
      const least = inside.incomplete ? 'at least ' : ''
      return `${least}${format.counted(inside.nodeCount, 'node')} · ${format.counted(inside.initializerCount, 'weight')}`
    }
    case 'folder':
      return format.counted(inside.fileCount, 'file')
    default:
      return ''
  }
}
