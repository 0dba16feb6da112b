import { safeText } from '../../../shared/safe-text.ts'
import type { KeyDetails } from '../../../shared/domain/key.ts'
import { keyPlaces } from '../../../shared/key-places.ts'
import { useFormat } from '../../lib/use-format.ts'
import { copiesCount, isAlive, isOutOfReach, versionsText } from './key-words.ts'
import classes from './what-dies.module.css'

const sumBytes = (items: { ciphertextBytes: number }[]): number =>
  items.reduce((sum, { ciphertextBytes }) => sum + ciphertextBytes, 0)

/** The first line: what is true now, before what would be. */
function leadOf({ key, impact }: KeyDetails, alive: number): string {
  if (key.state === 'destroyed')
    return impact.copiesElsewhere > 0
      ? `Destroyed here, ${copiesCount(impact.copiesElsewhere)} elsewhere.`
      : 'It is destroyed.'
  if (alive === 0) return 'No copy of it is known here.'
  return alive === 1 ? 'Nothing yet: 1 copy exists.' : `Nothing yet: ${alive} copies exist.`
}

/** Answers the question that one asks before destroying a key. */
export function WhatDies({ details }: { details: KeyDetails }) {
  const format = useFormat()
  const { key, impact } = details
  const alive = impact.copies.filter(isAlive).length
  const outOfReach = impact.copies.filter(isOutOfReach)
  const { goneForGood, stillOpen } = impact
  const isGone = key.state === 'destroyed' && impact.copiesElsewhere === 0
  return (
    <aside className={classes.panel} aria-labelledby="what-dies">
      <h2 id="what-dies">
        {key.state === 'destroyed' ? 'What died with this key?' : 'What dies with this key?'}
      </h2>
      <p className={classes.lead}>{leadOf(details, alive)}</p>
      {isGone ? null : (
        <h3>
          {alive === 1
            ? 'Once it is gone'
            : alive > 1
              ? `Once ${alive === 2 ? 'both' : `all ${alive}`} are gone`
              : 'Once it is destroyed'}
        </h3>
      )}
      <dl className={classes.facts}>
        {goneForGood.length === 0 && stillOpen.length === 0 ? (
          <>
            <dt>Nothing</dt>
            <dd className={classes.why}>It opens no version that is known here.</dd>
          </>
        ) : null}
        {goneForGood.length > 0 ? (
          <>
            <dt>Gone for good</dt>
            <dd className={classes.amount}>
              <b>{safeText(versionsText(goneForGood))}</b>
              <span>{format.bytes(sumBytes(goneForGood))}</span>
            </dd>
            <dd className={classes.why}>
              No other key ever wrapped {goneForGood.length === 1 ? 'it' : 'them'}.
            </dd>
          </>
        ) : null}
        {stillOpen.length > 0 ? (
          <>
            <dt>Not gone</dt>
            <dd className={classes.amount}>
              <b>{safeText(versionsText(stillOpen))}</b>
              <span>{format.bytes(sumBytes(stillOpen))}</span>
            </dd>
            <dd className={classes.why}>
              {stillOpen.length === 1 ? 'Opens' : 'Open'} with another key of the same payload, which stays.
            </dd>
          </>
        ) : null}
      </dl>
      {mayOpenOldCopies(details) ? (
        <>
          <h3>Old copies</h3>
          <p className={classes.why}>
            Object versions and backups from before it was replaced open with this key alone. The catalog does
            not know them; an artifact’s details show what a bucket still keeps.
          </p>
        </>
      ) : null}
      {outOfReach.length > 0 ? (
        <>
          <h3>Cannot be reached from here</h3>
          <ul className={classes.places}>
            {outOfReach.map((copy) => (
              <li key={`${copy.place} ${copy.where}`}>
                {keyPlaces[copy.place].name} of {format.day(copy.at)}: <code>{safeText(copy.where)}</code>
              </li>
            ))}
          </ul>
          <p className={classes.why}>
            {key.state === 'destroyed'
              ? 'Whoever has it and the ciphertext can still open the model.'
              : `Destroying the key here leaves ${outOfReach.length === 1 ? 'it' : 'them'} able to open what it opens now.`}
          </p>
        </>
      ) : null}
      {key.state === 'destroyed' ? null : (
        <>
          {key.artifactId === null ? null : (
            <a href={`#/retire/${key.artifactId}`} className={classes.destroy}>
              Retire the artifact…
            </a>
          )}
          <a href={`#/keys/${key.keyId}/destroy`} className={classes.destroy}>
            Destroy this key…
          </a>
        </>
      )}
    </aside>
  )
}

/** Another key wraps today what this one wrapped before. One that is suspended was not replaced. */
const mayOpenOldCopies = ({ key, impact }: KeyDetails): boolean =>
  (key.state === 'deactivated' || key.state === 'compromised') && impact.stillOpen.length > 0
