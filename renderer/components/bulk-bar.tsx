import type { ReactNode } from 'react'
import { useFormat } from '../lib/use-format.ts'
import { Button } from './button.tsx'
import classes from './bulk-bar.module.css'

type BulkBarProps = {
  selected: number
  /** How many of them cannot be seen: scrolled or filtered away. */
  notInView: number
  onClear: () => void
  /** Chooses all that match; undefined where they are chosen. */
  onSelectAll: (() => void) | undefined
  /** Buttons; the last is the screen's only primary one. */
  children: ReactNode
}

/** Docked below a table while more than one row is chosen. */
export function BulkBar(props: BulkBarProps) {
  const { selected, notInView, onClear, onSelectAll, children } = props
  const format = useFormat()
  return (
    <section className={classes.bar} aria-label="Selection">
      <b>{format.count(selected)} selected</b>
      {notInView > 0 ? <span className={classes.second}>{format.count(notInView)} not in view</span> : null}
      {onSelectAll === undefined ? null : (
        <Button kind="link" onClick={onSelectAll}>
          Select all
        </Button>
      )}
      <Button kind="link" onClick={onClear}>
        Clear
      </Button>
      <span className={classes.space} />
      {children}
    </section>
  )
}

/** In its place while everything that matches is fetched. */
export function SelectingBar({ fetched, of, onStop }: { fetched: number; of: number; onStop: () => void }) {
  const format = useFormat()
  return (
    <section className={classes.bar} aria-label="Selection">
      <span>
        Selecting: {format.count(fetched)} of {format.count(of)}
      </span>
      <Button kind="link" onClick={onStop}>
        Stop
      </Button>
    </section>
  )
}
