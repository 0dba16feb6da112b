import type { ArtifactDetails } from '../../../../shared/domain.ts'
import { Button } from '../../../components/button.tsx'
import { useFormat } from '../../../lib/use-format.ts'
import { askWindow } from '../../../lib/window-requests.ts'
import { isErased } from '../entry.ts'
import { Block } from './block.tsx'
import classes from './details.module.css'

/** Every version, newest first, and where it lies. An older one is opened from here. */
export function VersionsBlock({ details: { artifact, versions } }: { details: ArtifactDetails }) {
  const format = useFormat()
  const isGone = isErased({ ...artifact, type: 'artifact' })
  return (
    <Block title="Versions">
      <ul>
        {versions
          .toSorted((a, b) => b.version - a.version)
          .map((one) => (
            <li key={one.version} className={classes.version}>
              <b>v{one.version}</b>
              <span title={format.exactTime(one.encryptedAt)}>{format.dateTime(one.encryptedAt)}</span>
              <span className={classes.second}>
                {[...new Set(one.objects.map(({ store }) => store))].join(', ')}
              </span>
              <span className={classes.end} title={format.exactBytes(one.plaintextBytes)}>
                {versions.length > 1 && !isGone && one.version !== artifact.version ? (
                  <Button
                    kind="link"
                    aria-label={`Open version ${one.version}`}
                    onClick={() =>
                      askWindow({ ask: 'decrypt', artifactIds: [artifact.artifactId], version: one.version })
                    }
                  >
                    {format.bytes(one.plaintextBytes)}
                  </Button>
                ) : (
                  format.bytes(one.plaintextBytes)
                )}
              </span>
            </li>
          ))}
      </ul>
    </Block>
  )
}
