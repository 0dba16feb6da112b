import { useSyncExternalStore } from 'react'
import { announcements } from '../lib/announce.ts'

/** Says to screen readers what `announce` was told. */
export function LiveRegion() {
  const said = useSyncExternalStore(announcements.subscribe, announcements.get)
  return (
    <output className="visually-hidden" aria-live="polite">
      {said}
    </output>
  )
}
