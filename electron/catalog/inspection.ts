/** What inspection found leaves the catalog for good. */
import type { Actor } from './catalog.ts'
import { audit } from './audit-log.ts'
import type { Context } from './context.ts'
import type { ArtifactId } from '../../shared/ids.ts'

/** Summary, kind and inner names of every version, in the journals of its jobs too. The files are wiped when the operation ends. */
export const forgetInspectionOf = (context: Context, artifactNo: number, by: Actor): void => {
  const versions = context.all<{ number: number }>(
    'SELECT number FROM versions WHERE artifact_no = $artifactNo',
    { artifactNo },
  )
  const numbers = versions.map(({ number }) => number)
  forgetInspectionOfVersions(context, artifactNo, numbers, by)
  forgetEndedAttempts(context, artifactNo)
}

/** The same for some versions: those that no key opens any more. */
export function forgetInspectionOfVersions(
  context: Context,
  artifactNo: number,
  numbers: readonly number[],
  by: Actor,
): void {
  const list = JSON.stringify(numbers)
  const forgotten = context.run(
    `UPDATE versions SET summary = NULL, manifest = NULL, kind = 'binary', kind_label = ''
     WHERE artifact_no = $artifactNo AND number IN (SELECT value FROM json_each($list)) AND (summary IS NOT NULL OR manifest IS NOT NULL)`,
    { artifactNo, list },
  )
  // The journal of an encryption holds the same facts (`described`), with the digests of ciphertext.
  context.run(
    `UPDATE job_steps SET facts = 'null' WHERE step = 'payload' AND job_no IN (
       SELECT j.job_no FROM jobs j JOIN versions v ON v.job_id = j.job_id
       WHERE v.artifact_no = $artifactNo AND j.is_open = 0
         AND v.number IN (SELECT value FROM json_each($list)))`,
    { artifactNo, list },
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

/** Of jobs that stored no version. */
function forgetEndedAttempts(context: Context, artifactNo: number): void {
  context.run(
    `UPDATE job_steps SET facts = 'null' WHERE step = 'payload' AND job_no IN (
       SELECT j.job_no FROM jobs j JOIN artifacts a ON a.artifact_id = j.artifact_id
       WHERE a.artifact_no = $artifactNo AND j.is_open = 0)`,
    { artifactNo },
  )
}
