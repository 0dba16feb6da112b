import type { ReactNode } from 'react'
import classes from './screen-header.module.css'

/** The 48 px line at the top of every screen: a title or breadcrumb at the left, actions at the right. */
export function ScreenHeader({ title, children }: { title: ReactNode; children?: ReactNode }) {
  return (
    <header className={classes.header}>
      {typeof title === 'string' ? <h1 className={classes.title}>{title}</h1> : title}
      <span className={classes.space} />
      {children}
    </header>
  )
}
