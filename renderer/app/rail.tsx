import { Link } from 'wouter'
import { isOpen, useJobs } from '../lib/jobs-store.ts'
import { useFormat } from '../lib/use-format.ts'
import { useStatus } from '../lib/use-status.ts'
import { RailJob } from './rail-job.tsx'
import classes from './rail.module.css'

/** The screens, and how much lies behind each. */
export function Rail({ path }: { path: string }) {
  const { counts } = useStatus()
  const { jobs } = useJobs()
  const format = useFormat()
  const open = jobs.filter(isOpen)
  const items = [
    { to: '/artifacts', name: 'Artifacts', count: counts.artifacts },
    { to: '/keys', name: 'Keys', count: counts.keys, due: counts.rotationDue },
    { to: '/transfers', name: 'Transfers', count: open.length },
    { to: '/audit', name: 'Audit log', count: 0 },
    { to: '/settings', name: 'Settings', count: 0 },
  ]
  const isAt = (to: string): boolean =>
    path === to || path.startsWith(`${to}/`) || (path === '/' && to === '/artifacts')
  return (
    <nav className={classes.rail} aria-label="Screens">
      <div className={classes.logo}>
        <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden>
          <path d="M10 1 18 5.5v9L10 19 2 14.5v-9z" fill="none" strokeWidth="1.6" />
          <path d="M10 6v8M7 9v5M13 9v5" strokeWidth="1.6" />
        </svg>
        <b>Weightlock</b>
      </div>
      {items.map(({ to, name, count, due = 0 }) => (
        <Link key={to} href={to} className={classes.link} aria-current={isAt(to) ? 'page' : undefined}>
          <span>{name}</span>
          {due > 0 ? (
            <span className={classes.due} title={`${format.counted(due, 'key')} due for rotation`}>
              {format.count(due)} due
            </span>
          ) : null}
          {count > 0 ? <span className={classes.count}>{format.count(count)}</span> : null}
        </Link>
      ))}
      {isAt('/transfers') ? null : <RailJob jobs={open} />}
    </nav>
  )
}
