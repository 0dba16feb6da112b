import { useEffect, useState } from 'react'
import type { StoreEntry } from '../../../shared/domain.ts'
import { shownArtifact } from '../../lib/place.ts'
import { useCall } from '../../lib/use-call.ts'

/** The artifact that the address asks to show, once it is known: `#/artifacts/show/<id>`. */
export function useShownArtifact(path: string): StoreEntry | null {
  const artifactId = shownArtifact(path)
  const details = useCall(
    'artifacts:show',
    { artifactId: artifactId ?? '' },
    { enabled: artifactId !== null },
  )
  const found = details.data?.artifact
  const [entry, setEntry] = useState<StoreEntry | null>(null)
  useEffect(() => setEntry(found ? { ...found, type: 'artifact' } : null), [found])
  return artifactId === null ? null : entry
}
