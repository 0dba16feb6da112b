/** What inspection found leaves the catalog for good. */
import type { Actor } from './catalog.ts'
import { audit } from './audit-log.ts'
import type { Context } from './context.ts'
import type { ArtifactId } from '../../shared/ids.ts'

/** Summary, kind, inner names and plaintext digest of every version. The files are wiped when the operation ends. */
export function forgetInspectionOf(context: Context, artifactNo: number, by: Actor): void {
  const forgotten = context.run(
    `UPDATE versions SET summary = NULL, manifest = NULL, sha256 = NULL, kind = 'binary', kind_label = ''
     WHERE artifact_no = $artifactNo AND (summary IS NOT NULL OR manifest IS NOT NULL OR sha256 IS NOT NULL)`,
    { artifactNo },
  )
  context.wipeAfterwards()
  if (forgotten.changes === 0) return
  const artifact = context.get<{ artifactId: ArtifactId; name: string }>(
    'SELECT artifact_id AS artifactId, name FROM artifacts WHERE artifact_no = $artifactNo',
    { artifactNo },
  )
  if (artifact)
    audit(context, {
      event: 'inspection-forgotten',
      on: artifact.name,
      artifactId: artifact.artifactId,
      facts: { versions: forgotten.changes },
      by,
    })
  context.touchArtifact(artifactNo)
}
