import type { ReactNode } from 'react'
import classes from './fact-rows.module.css'

type FactRowsProps = {
  /** Width of the names in CSS pixels; `small` puts the value at the row's end instead, in small type. */
  names: number | 'small'
  /** Each a `FactRow`. */
  children: ReactNode
}

/** Names and what they stand for, a hairline between the rows. */
export const FactRows = ({ names, children }: FactRowsProps) => (
  <dl
    className={classes.rows}
    data-small={names === 'small' || undefined}
    style={{ '--names': names === 'small' ? undefined : `${names}px` }}
  >
    {children}
  </dl>
)

type FactRowProps = {
  name: string
  /** The exact value, on hover. */
  title?: string
  children: ReactNode
}

export const FactRow = ({ name, title, children }: FactRowProps) => (
  <div>
    <dt>{name}</dt>
    <dd title={title}>{children}</dd>
  </div>
)
