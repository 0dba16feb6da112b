import type { ReactNode } from 'react'
import { useFormat } from '../lib/use-format.ts'
import { Button } from './button.tsx'
import classes from './bulk-bar.module.css'

type BulkBarProps = {
  selected: number
  /** How many of them cannot be seen: scrolled or filtered away. */
  notInView: number
  onClear: () => void
  /** More that match than are selected: chooses them all. */
  onSelectAll?: (() => void) | undefined
  matching?: number
  /** Buttons; the last is the screen's only primary one. */
  children: ReactNode
}

/** Docked below a table while more than one row is chosen. */
export function BulkBar(props: BulkBarProps) {
  const { selected, notInView, onClear, onSelectAll, matching = 0, children } = props
  const format = useFormat()
  return (
    <section className={classes.bar} aria-label="Selection">
      <b>{format.count(selected)} selected</b>
      {notInView > 0 ? <span className={classes.second}>{format.count(notInView)} not in view</span> : null}
      {onSelectAll && matching > selected ? (
        <Button kind="link" onClick={onSelectAll}>
          Select all {format.count(matching)}
        </Button>
      ) : null}
      <Button kind="link" onClick={onClear}>
        Clear
      </Button>
      <span className={classes.space} />
      {children}
    </section>
  )
}
