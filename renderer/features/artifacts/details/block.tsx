import type { ReactNode } from 'react'
import classes from './details.module.css'

/** One part of the panel, under a hairline. */
export function Block({
  title,
  facts,
  children,
}: {
  title?: string
  facts?: ReactNode
  children: ReactNode
}) {
  return (
    <section className={classes.block} aria-label={title}>
      {title ? (
        <h3>
          {title}
          {facts ? <span>{facts}</span> : null}
        </h3>
      ) : null}
      {children}
    </section>
  )
}
