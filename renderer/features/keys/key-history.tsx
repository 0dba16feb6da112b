import { useState } from 'react'
import type { KeyEvent } from '../../../shared/domain/key.ts'
import { eventWords } from '../../../shared/event-words.ts'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import { useFormat } from '../../lib/use-format.ts'
import classes from './key-history.module.css'

const shownAtFirst = 8

/** A key's events, oldest first; a day or time that repeats is left blank. */
export function KeyHistory({ events }: { events: KeyEvent[] }) {
  const format = useFormat()
  const [all, setAll] = useState(false)
  const ordered = events.toSorted((a, b) => a.at - b.at)
  const hidden = all ? 0 : Math.max(0, ordered.length - shownAtFirst)
  const shown = ordered.slice(hidden)
  return (
    <ol className={classes.history} aria-label="History">
      {hidden > 0 ? (
        <li>
          <Button kind="link" className={classes.more} onClick={() => setAll(true)}>
            {hidden} earlier
          </Button>
        </li>
      ) : null}
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
            <span className={classes.what}>{safeText(eventWords(event))}</span>
            <span className={classes.who} title={event.who}>
              {event.who}
            </span>
          </li>
        )
      })}
    </ol>
  )
}
