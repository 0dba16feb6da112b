import type { ReactNode } from 'react'
import classes from './empty-well.module.css'

type EmptyWellProps = {
  title: string
  /** The one thing to do. */
  action?: ReactNode
  /** What would stand here, and how it comes. */
  children: ReactNode
}

/** In place of what is not there yet, or was not found. It teaches one action. */
export const EmptyWell = ({ title, action, children }: EmptyWellProps) => (
  <div className={classes.well}>
    <h2>{title}</h2>
    <p>{children}</p>
    {action}
  </div>
)
