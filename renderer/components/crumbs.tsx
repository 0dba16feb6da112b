import { safeText } from '../../shared/safe-text.ts'
import classes from './crumbs.module.css'

export type Crumb = { label: string; href?: string }

type CrumbsProps = {
  crumbs: Crumb[]
  /** The last one is the page's heading, unless the page has another. */
  isHeading?: boolean
}

/** Where this page lies; the last one is the page itself. */
export function Crumbs({ crumbs, isHeading = true }: CrumbsProps) {
  const Last = isHeading ? 'h1' : 'span'
  return (
    <nav aria-label="Breadcrumb" className={classes.crumbs}>
      <ol className={classes.crumbs}>
        {crumbs.map(({ label, href }, index) => (
          <li key={`${index} ${label}`} className={classes.crumb}>
            {href === undefined ? (
              <Last className={classes.last} aria-current={index === crumbs.length - 1 ? 'page' : undefined}>
                {safeText(label)}
              </Last>
            ) : (
              <a href={href}>{safeText(label)}</a>
            )}
            {index < crumbs.length - 1 ? <span aria-hidden>/</span> : null}
          </li>
        ))}
      </ol>
    </nav>
  )
}
