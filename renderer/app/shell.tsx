import { Notifications } from '@mantine/notifications'
import { Suspense, useEffect } from 'react'
import { useLocation } from 'wouter'
import { placeOf, rememberPlace } from '../lib/place.ts'
import { useStatus } from '../lib/use-status.ts'
import { ErrorBoundary } from './error-boundary.tsx'
import { LiveRegion } from './live-region.tsx'
import { Rail } from './rail.tsx'
import { isWizard, Routes } from './routes.tsx'
import classes from './shell.module.css'

/** The window: the rail at the left, one screen at the right, and what may stand over both. */
export function Shell() {
  const [path] = useLocation()
  const { settings } = useStatus()
  useEffect(() => {
    const place = placeOf(path)
    if (place !== null) rememberPlace(place)
  }, [path])
  return (
    <div className={classes.window} data-density={settings.density} data-wizard={isWizard(path) || undefined}>
      {isWizard(path) ? null : <Rail path={path} />}
      <main className={classes.screen}>
        <ErrorBoundary key={path.split('/')[1]}>
          <Suspense fallback={null}>
            <Routes />
          </Suspense>
        </ErrorBoundary>
      </main>
      <Notifications position="bottom-right" />
      <LiveRegion />
    </div>
  )
}
