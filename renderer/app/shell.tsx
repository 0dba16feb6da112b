import { Notifications } from '@mantine/notifications'
import { Suspense, useEffect } from 'react'
import { useLocation } from 'wouter'
import { PathPickerHost } from '../components/path-picker/path-picker.tsx'
import { DropTarget } from '../features/encrypt/drop-target.tsx'
import { placeOf, rememberPlace } from '../lib/place.ts'
import { useStatus } from '../lib/use-status.ts'
import { Banners } from './banners.tsx'
import { DataFolderQuestion } from './data-folder-question.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import { LiveRegion } from './live-region.tsx'
import { QuitQuestion } from './quit-question.tsx'
import { Rail } from './rail.tsx'
import { isWizard, Routes } from './routes.tsx'
import { WindowKeys } from './window-keys.tsx'
import { WindowRequests } from './window-requests.tsx'
import classes from './shell.module.css'

/** Below dialogs and their scrim, which are at 200. */
const noticesLevel = 150

/** The window: the rail at the left, one screen at the right, and what may stand over both. */
export function Shell() {
  const [path] = useLocation()
  const { dataFolderIs } = useStatus()
  useEffect(() => {
    const place = placeOf(path)
    if (place !== null) rememberPlace(place)
  }, [path])
  if (dataFolderIs === 'unknown-machine') return <DataFolderQuestion />
  return (
    <div className={classes.window} data-wizard={isWizard(path) || undefined}>
      {isWizard(path) ? null : <Rail path={path} />}
      <main className={classes.screen}>
        <Banners />
        <ErrorBoundary key={path.split('/')[1]}>
          <Suspense fallback={null}>
            <Routes />
          </Suspense>
        </ErrorBoundary>
      </main>
      <DropTarget />
      <WindowRequests />
      <PathPickerHost />
      <QuitQuestion />
      <WindowKeys />
      <Notifications position="bottom-left" zIndex={noticesLevel} />
      <LiveRegion />
    </div>
  )
}
