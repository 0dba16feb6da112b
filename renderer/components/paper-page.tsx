import type { ReactNode } from 'react'
import classes from './paper-page.module.css'

type PaperPageProps = {
  header: ReactNode
  /** What stands between header and paper: a failure. */
  notice?: ReactNode
  /** Of the region that scrolls. */
  label: string
  /** Null while there is nothing to show. */
  children: ReactNode
}

/** A page that is a sheet of paper: printing leaves the window out. */
export const PaperPage = ({ header, notice, label, children }: PaperPageProps) => (
  <div className={classes.page}>
    {header}
    {notice}
    {children === null ? null : (
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrollable by keyboard
      <div className={classes.desk} tabIndex={0} role="region" aria-label={label}>
        {children}
      </div>
    )}
  </div>
)

type PaperProps = { className: string | undefined; label?: string; children: ReactNode }

/** A4, white in both themes. */
export const Paper = ({ className, label, children }: PaperProps) => (
  <article className={`${classes.sheet} ${className ?? ''}`} aria-label={label}>
    {children}
  </article>
)
