import type { ReactNode } from 'react'
import { Crumbs, type Crumb } from '../crumbs.tsx'
import { ScreenHeader } from '../screen-header.tsx'
import classes from './settings-frame.module.css'

const sections = [
  { id: 'stores', label: 'Stores' },
  { id: 'key-policy', label: 'Key policy' },
  { id: 'recovery-kit', label: 'Recovery kit' },
  { id: 'appearance', label: 'Appearance' },
  { id: 'diagnostics', label: 'Diagnostics' },
] as const

export type SettingsSection = (typeof sections)[number]['id']

type SettingsFrameProps = {
  section: SettingsSection
  /** What follows the section in the breadcrumb: a store's name. */
  item?: string | undefined
  /** List beneath the section's own entry. */
  items?: ReactNode
  actions?: ReactNode
  /** A panel at the right: 352, or 264 for a few facts. */
  aside?: ReactNode
  narrowAside?: boolean
  asideLabel?: string
  children: ReactNode
}

/** What every page of Settings stands in: breadcrumb and actions, the sections, the form, a panel beside it. */
export function SettingsFrame({
  section,
  item,
  items,
  actions,
  aside,
  narrowAside = false,
  asideLabel,
  children,
}: SettingsFrameProps) {
  const label = sections.find(({ id }) => id === section)?.label ?? ''
  const crumbs: Crumb[] = [
    { label: 'Settings', href: '#/settings' },
    item === undefined ? { label } : { label, href: `#/settings/${section}` },
    ...(item === undefined ? [] : [{ label: item }]),
  ]
  return (
    <>
      <ScreenHeader title={<Crumbs crumbs={crumbs} />}>{actions}</ScreenHeader>
      <div
        className={classes.frame}
        data-aside={aside === undefined ? undefined : narrowAside ? 'narrow' : 'wide'}
      >
        <nav className={classes.nav} aria-label="Sections">
          <ul>
            {sections.map(({ id, label: name }) => (
              <li key={id}>
                <a
                  href={`#/settings/${id}`}
                  className={classes.section}
                  aria-current={id === section ? (items === undefined ? 'page' : 'true') : undefined}
                >
                  {name}
                </a>
                {id === section && items !== undefined ? <div className={classes.items}>{items}</div> : null}
              </li>
            ))}
          </ul>
        </nav>
        <section className={classes.main} aria-label={item ?? label}>
          <div className={classes.body}>{children}</div>
        </section>
        {aside === undefined ? null : (
          <aside className={classes.aside} aria-label={asideLabel}>
            {aside}
          </aside>
        )}
      </div>
    </>
  )
}
