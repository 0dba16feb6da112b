import { useState } from 'react'
import type { ReactNode } from 'react'
import { Button } from '../button.tsx'
import { MiddleEllipsis } from '../middle-ellipsis.tsx'
import classes from './affected.module.css'

/** One line on what is affected, beneath the panel's heading. */
export const AffectedSummary = ({ children }: { children: ReactNode }) => (
  <p className={classes.summary}>{children}</p>
)

export type AffectedRow = { key: string; name: string; value?: string }

type AffectedGroupProps = { title: string; rows: AffectedRow[]; note?: ReactNode }

const shownAtFirst = 8

/** Names under a heading, the rest behind one button that says how many. */
export function AffectedGroup({ title, rows, note }: AffectedGroupProps) {
  const [all, setAll] = useState(false)
  const shown = all || rows.length <= shownAtFirst + 1 ? rows : rows.slice(0, shownAtFirst)
  const left = rows.length - shown.length
  return (
    <section className={classes.group} aria-label={title}>
      <h3>{title}</h3>
      {rows.length === 0 ? null : (
        <ul>
          {shown.map((row) => (
            <li key={row.key} className={classes.row}>
              <span>
                <MiddleEllipsis text={row.name} />
              </span>
              {row.value === undefined ? null : <span className={classes.value}>{row.value}</span>}
            </li>
          ))}
        </ul>
      )}
      {left > 0 ? (
        <Button kind="link" className={classes.more} onClick={() => setAll(true)}>
          {left} more
        </Button>
      ) : null}
      {note === undefined ? null : <p className={classes.note}>{note}</p>}
    </section>
  )
}
