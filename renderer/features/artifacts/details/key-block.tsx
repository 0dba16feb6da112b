import { Link } from 'wouter'
import { eventWords } from '../../../../shared/event-words.ts'
import type { ArtifactDetails } from '../../../../shared/domain/artifact.ts'
import { safeText } from '../../../../shared/safe-text.ts'
import { KeyStateBadge, KeyStateShape, shownKeyState } from '../../../components/key-state-badge.tsx'
import { MiddleEllipsis } from '../../../components/middle-ellipsis.tsx'
import { useFormat } from '../../../lib/use-format.ts'
import { Block } from './block.tsx'
import shared from './details.module.css'
import classes from './key-block.module.css'

const shownEvents = 6

/** The key that opens it, and what became of its keys, newest first. */
export function KeyBlock({ details: { artifact, keys, keyEvents } }: { details: ArtifactDetails }) {
  const format = useFormat()
  const key = keys.find(({ keyId }) => keyId === artifact.keyId) ?? keys[0]
  const otherKey = (keyId: string): string => {
    if (keyId === artifact.keyId) return ''
    const other = keys.find((one) => one.keyId === keyId)
    return other ? `, key ${other.number}` : ', an older key'
  }
  const events = keyEvents.toSorted((a, b) => b.at - a.at).slice(0, shownEvents)
  return (
    <Block title="Key">
      {key ? (
        <div className={classes.key}>
          <KeyStateBadge
            state={shownKeyState(key)}
            rotationDueAt={key.rotationDueAt}
            copiesElsewhere={key.copiesElsewhere}
          />
          <Link href={`/keys/${key.keyId}`} className={classes.keyName}>
            Key {key.number}
          </Link>
          <span className={shared.small}>{key.algorithm === 'X25519' ? 'X25519' : 'Post-quantum'}</span>
        </div>
      ) : null}
      <ul className={classes.events}>
        {events.map((event) => (
          <li key={`${event.keyId} ${event.at} ${event.event}`} className={classes.event}>
            {event.to === null ? <i /> : <KeyStateShape state={event.to} />}
            <span className={shared.second} title={format.exactTime(event.at)}>
              {format.date(event.at)}
            </span>
            <span className={classes.cut}>
              <MiddleEllipsis text={safeText(eventWords(event)) + otherKey(event.keyId)} />
            </span>
          </li>
        ))}
      </ul>
    </Block>
  )
}
