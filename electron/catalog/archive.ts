/** Entries that were put out of sight: neither their ciphertext nor their keys are touched. */
import type { ArtifactId } from '../../shared/ids.ts'
import { audit } from './audit-log.ts'
import type { Actor } from './catalog.ts'
import type { Context } from './context.ts'

export type ArchiveOperations = {
  /** Out of the lists, or back. Those that are so already, or unknown, are left as they are.
   * @returns those that changed */
  setArchived: (request: { artifactIds: ArtifactId[]; isArchived: boolean; by: Actor }) => ArtifactId[]
}

export function archiveOperations(context: Context): ArchiveOperations {
  return {
    setArchived: ({ artifactIds, isArchived, by }) => {
      const meant = context.all<{ artifactNo: number; artifactId: ArtifactId; name: string }>(
        `SELECT a.artifact_no AS artifactNo, a.artifact_id AS artifactId, a.name FROM json_each($list) wanted
         CROSS JOIN artifacts a ON a.artifact_id = wanted.value
         WHERE (a.archived_at IS NOT NULL) <> $isArchived`,
        { list: JSON.stringify(artifactIds), isArchived },
      )
      for (const { artifactNo, artifactId, name } of meant) {
        context.run('UPDATE artifacts SET archived_at = $at WHERE artifact_no = $artifactNo', {
          artifactNo,
          at: isArchived ? context.now() : null,
        })
        audit(context, {
          event: isArchived ? 'artifact-archived' : 'artifact-unarchived',
          on: name,
          artifactId,
          by,
        })
      }
      if (meant.length > 0) context.changed('artifacts')
      return meant.map(({ artifactId }) => artifactId)
    },
  }
}
