import { useEffect, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { FailureAlert } from '../../components/failure-alert.tsx'
import { useCurrentPlace } from '../../lib/use-place.ts'
import { failureFrom } from '../../lib/use-call.ts'
import { useDebounced } from '../../lib/use-debounced.ts'
import type { NamedSource } from '../../lib/window-requests.ts'
import type { StoreId } from '../../../shared/ids.ts'
import { ReleasedOverlay } from './drop-overlay.tsx'
import { cleanFolder } from './encrypt-choices.ts'
import { EncryptSheet } from './encrypt-sheet.tsx'
import { useProposals } from './use-proposals.ts'

const folderDelayMs = 250
/** Long enough to read what was dropped, short enough not to be waited for. */
const kindsShownMs = 450

/** From the drop to the button: names at once, then what they are, then the sheet. */
export function EncryptFlow({ sources, onClose }: { sources: NamedSource[]; onClose: () => void }) {
  const place = useCurrentPlace()
  const [chosenStore, setChosenStore] = useState<StoreId | null>(null)
  const storeId = chosenStore ?? (place.store ?? place.stores.find((one) => one.isDefault))?.storeId ?? null
  const [folder, setFolder] = useState(place.folder)
  const [splits, setSplits] = useState<number[][]>([])
  const settled = useDebounced(cleanFolder(folder), folderDelayMs)
  const inspected = useProposals(sources, place.isKnown ? { storeId, folder: settled } : null, splits)
  const { proposals, error } = inspected
  const [isReviewing, setIsReviewing] = useState(false)

  const isThere = proposals !== undefined
  useEffect(() => {
    if (!isThere || isReviewing) return undefined
    const timer = setTimeout(() => setIsReviewing(true), kindsShownMs)
    return () => clearTimeout(timer)
  }, [isThere, isReviewing])
  useEffect(() => {
    if (isReviewing) return undefined
    const cancel = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') onClose()
      if (event.key === 'Enter' && isThere) setIsReviewing(true)
    }
    window.addEventListener('keydown', cancel)
    return () => window.removeEventListener('keydown', cancel)
  }, [isReviewing, isThere, onClose])

  if (error !== null && proposals === undefined)
    return (
      <Dialog
        title="This cannot be looked at"
        onClose={onClose}
        actions={
          <>
            <Button kind="ghost" onClick={onClose}>
              Close
            </Button>
            <Button kind="primary" onClick={inspected.retry} data-autofocus>
              Try again
            </Button>
          </>
        }
      >
        <FailureAlert failure={failureFrom(error)} />
      </Dialog>
    )
  if (proposals === undefined || !isReviewing)
    return <ReleasedOverlay sources={sources} proposals={proposals} />
  return (
    <EncryptSheet
      sources={sources}
      proposals={proposals}
      isStale={inspected.isStale || settled !== cleanFolder(folder)}
      destination={{ storeId, folder }}
      onDestination={(next) => {
        setChosenStore(next.storeId)
        setFolder(next.folder)
      }}
      splits={splits}
      onSplit={setSplits}
      onClose={onClose}
    />
  )
}
