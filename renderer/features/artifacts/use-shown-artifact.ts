import { useMemo } from 'react'
import { shownArtifact } from '../../lib/place.ts'
import { useCall } from '../../lib/use-call.ts'
import type { ArtifactEntry } from './entry.ts'

/** The artifact that the address asks to show, once it is known: `#/artifacts/show/<id>`. */
export function useShownArtifact(path: string): ArtifactEntry | null {
  const artifactId = shownArtifact(path)
  const details = useCall(
    'artifacts:show',
    { artifactId: artifactId ?? '' },
    { enabled: artifactId !== null },
  )
  const found = artifactId === null ? undefined : details.data?.artifact
  return useMemo(() => (found === undefined ? null : { ...found, type: 'artifact' }), [found])
}
