import type { ArtifactDetails, VersionInfo } from '../../../../shared/domain/artifact.ts'
import { taintedWords } from '../../../../shared/compromise-words.ts'
import { safeText } from '../../../../shared/safe-text.ts'
import { Button } from '../../../components/button.tsx'
import { useFormat } from '../../../lib/use-format.ts'
import { askWindow } from '../../../lib/window-requests.ts'
import { isErased } from '../entry.ts'
import { Block } from './block.tsx'
import shared from './details.module.css'
import classes from './versions-block.module.css'

/** The stores in which it lies, and what is not there any more. */
const places = ({ objects, taintedBy }: VersionInfo): string =>
  [
    ...(taintedBy.length > 0 ? ['tainted'] : []),
    ...new Set(
      objects.map(({ store, state }) => safeText(state === 'present' ? store : `${store}, ${state}`)),
    ),
  ].join(' · ')

/** Every version, newest first, and where it lies. An older one is opened from here. */
export function VersionsBlock({ details: { artifact, versions } }: { details: ArtifactDetails }) {
  const format = useFormat()
  const isGone = isErased({ ...artifact, type: 'artifact' })
  const open = (version: number): void =>
    askWindow({ ask: 'decrypt', artifactIds: [artifact.artifactId], version })
  return (
    <Block title="Versions">
      <ul className={classes.versions}>
        {versions
          .toSorted((a, b) => b.version - a.version)
          .map((one) => (
            <li key={one.version} className={classes.version}>
              {isGone || one.version === artifact.version ? (
                <b>v{one.version}</b>
              ) : (
                <Button
                  kind="link"
                  className={classes.versionLink}
                  aria-label={`v${one.version}, open this version…`}
                  title={`Open version ${one.version}…`}
                  onClick={() => open(one.version)}
                >
                  v{one.version}
                </Button>
              )}
              <span title={format.exactTime(one.encryptedAt)}>{format.dateTime(one.encryptedAt)}</span>
              <span
                className={one.taintedBy.length > 0 ? shared.warn : shared.second}
                title={one.taintedBy.length > 0 ? taintedWords(one.taintedBy) : undefined}
              >
                {places(one)}
              </span>
              <span className={classes.end} title={format.exactBytes(one.plaintextBytes)}>
                {format.bytes(one.plaintextBytes)}
              </span>
            </li>
          ))}
      </ul>
    </Block>
  )
}
