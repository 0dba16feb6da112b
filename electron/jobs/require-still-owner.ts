/** Another installation's word may be met beside the very object that a job is about to delete (cryptography.md,
 * section 4, "Whose artifact"). */
import { fail } from '../../shared/failure.ts'
import type { ArtifactId } from '../../shared/ids.ts'
import type { Services } from './services.ts'

/** Call once the object was found, which is when its owner is met.
 * @throws WeightlockError `artifact/not-owner` */
export async function requireStillOwner(
  { catalog }: Services,
  { artifactId, version, name }: { artifactId: ArtifactId; version: number; name: string },
): Promise<void> {
  const { ownership } = await catalog.versionForOpening(artifactId, version)
  if (ownership === 'reader') fail({ code: 'artifact/not-owner', name })
}
