/** One look at what a store holds for a version, without its key. */
import { randomInt } from 'node:crypto'
import { leafCount } from '../../../age/payload-size.ts'
import type { VersionForOpening } from '../../../catalog/artifact-operations.ts'
import { payloadSource } from '../../object-reader.ts'
import { findVersion } from '../../open-version.ts'
import type { JobContext } from '../../job-kind.ts'
import type { Services } from '../../services.ts'
import type { ArtifactId } from '../../../../shared/ids.ts'

export type Level = 'quick' | 'sample' | 'full'

/** Leaves of 16 MiB that a sample reads of each version. */
const sampledLeaves = 4

/** Size, header and pin; then leaf digests of some or of all.
 * @throws WeightlockError `verify/…`, `age/…`, `store/…` */
export async function checkVersion(
  services: Services,
  context: JobContext,
  meant: { artifactId: ArtifactId; version: number },
  level: Level,
  onProgress: (doneBytes: number) => void,
): Promise<{ version: VersionForOpening; wasPinned: boolean }> {
  const { version, store, object, info, file } = await findVersion(services, meant.artifactId, meant.version)
  const { leafDigests } = version
  if (level !== 'quick' && leafDigests !== null) {
    const leaves = level === 'full' ? null : sampleOf(leafCount(file.plaintextBytes))
    await services.payloads.digest({
      source: payloadSource(store.backend, info, file),
      name: version.name,
      signal: context.signal,
      onProgress,
      payloadBytes: file.payload.sizeBytes,
      pinnedLeafDigests: leafDigests,
      ...(leaves === null ? {} : { leaves }),
    })
  }
  await services.catalog.setVersionChecked({
    artifactId: version.artifactId,
    version: version.version,
    at: services.now(),
    how: level,
    object: { storeId: object.storeId, objectName: info.name, revision: info.revision },
  })
  return { version, wasPinned: leafDigests !== null }
}

function sampleOf(count: number): number[] {
  const chosen = new Set<number>([count - 1])
  while (chosen.size < Math.min(sampledLeaves, count)) chosen.add(randomInt(count))
  return [...chosen].toSorted((one, other) => one - other)
}
