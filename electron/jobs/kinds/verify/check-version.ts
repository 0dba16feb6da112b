/** One look at what a store holds for a version, without its key. */
import { randomInt } from 'node:crypto'
import { leafCount } from '../../../age/payload-size.ts'
import type { VersionForOpening } from '../../../catalog/artifact-operations.ts'
import { payloadSource } from '../../object-reader.ts'
import { findVersion, openFound } from '../../open-version.ts'
import type { JobContext } from '../../job-kind.ts'
import { wrappedElsewhere } from '../decrypt/wrapped-elsewhere.ts'
import type { Services } from '../../services.ts'
import { asReadFailure } from '../../store-path-failure.ts'
import type { VerifyLevel } from '../../../../shared/domain/artifact.ts'
import { fail } from '../../../../shared/failure.ts'
import type { ArtifactId } from '../../../../shared/ids.ts'

/** Leaves of 16 MiB that a sample reads of each version. */
const sampledLeaves = 4

/** Size, header and pin; then leaf digests of some or of all.
 * @throws WeightlockError `verify/…`, `age/…`, `store/…` */
export async function checkVersion(
  services: Services,
  context: JobContext,
  meant: { artifactId: ArtifactId; version: number },
  level: VerifyLevel,
  onProgress: (doneBytes: number) => void,
): Promise<{ version: VersionForOpening; wasPinned: boolean }> {
  const found = await findVersion(services, meant.artifactId, meant.version)
  const { version, store, object, info, file, recognised } = found
  const { leafDigests } = version
  if (recognised.wrap === null && level !== 'full')
    return fail({ code: 'verify/wrapped-elsewhere', name: version.name })
  if (level !== 'quick' && leafDigests !== null) {
    const leaves = level === 'full' ? null : sampleOf(leafCount(file.plaintextBytes))
    await asReadFailure(store, info.name, () =>
      services.payloads.digest({
        source: payloadSource(store.backend, info, file),
        name: version.name,
        signal: context.signal,
        onProgress,
        payloadBytes: file.payload.sizeBytes,
        pinnedLeafDigests: leafDigests,
        ...(leaves === null ? {} : { leaves }),
      }),
    )
  }
  // Every digest matched under a header that is not ours: it counts once a key here has opened it.
  const opened = recognised.wrap === null ? await openFound(services, found) : null
  try {
    await services.catalog.setVersionChecked({
      artifactId: version.artifactId,
      version: version.version,
      at: services.now(),
      how: level,
      object: { storeId: object.storeId, objectName: info.name, revision: info.revision },
    })
    if (opened) await wrappedElsewhere(services, opened, context.by)
  } finally {
    opened?.close()
  }
  return { version, wasPinned: leafDigests !== null }
}

function sampleOf(count: number): number[] {
  const chosen = new Set<number>([count - 1])
  while (chosen.size < Math.min(sampledLeaves, count)) chosen.add(randomInt(count))
  return [...chosen].toSorted((one, other) => one - other)
}
