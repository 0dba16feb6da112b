import { useState } from 'react'
import { auditEventTitle } from '../../../shared/audit-events.ts'
import type { KeyEvent } from '../../../shared/domain/key.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { useFormat } from '../../lib/use-format.ts'
import classes from './key-history.module.css'

const shownAtFirst = 8

/** What an event was, and why. */
const wordsOf = ({ event, reason }: KeyEvent): string => {
  const title = auditEventTitle(event)
  const words = title.charAt(0).toUpperCase() + title.slice(1)
  return reason === '' ? words : `${words}: ${reason}`
}

/** A key's events, oldest first; a day or time that repeats is left blank. */
export function KeyHistory({ events }: { events: KeyEvent[] }) {
  const format = useFormat()
  const [all, setAll] = useState(false)
  const ordered = events.toSorted((a, b) => a.at - b.at)
  const hidden = all ? 0 : Math.max(0, ordered.length - shownAtFirst)
  const shown = ordered.slice(hidden)
  return (
    <>
      {hidden > 0 ? (
        <Button kind="link" className={classes.more} onClick={() => setAll(true)}>
          {hidden} earlier
        </Button>
      ) : null}
      <ol className={classes.history} aria-label="History">
        {shown.map((event, index) => {
          const before = shown[index - 1]
          const day = format.day(event.at)
          return (
            // oxlint-disable-next-line react/no-array-index-key -- events have no id, and are only appended
            <li key={hidden + index}>
              <span className={classes.when} title={format.exactTime(event.at)}>
                {before !== undefined && format.day(before.at) === day ? '' : day}
              </span>
              <span className={classes.when}>{format.time(event.at)}</span>
              <span className={classes.what}>{safeText(wordsOf(event))}</span>
              <span className={classes.who} title={event.who}>
                {event.who}
              </span>
            </li>
          )
        })}
      </ol>
    </>
  )
}
