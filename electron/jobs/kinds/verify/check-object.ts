/** One look at what a store holds of a version, without its key. */
import { randomInt } from 'node:crypto'
import type { VerifyLevel } from '../../../../shared/domain/artifact.ts'
import type { VerifyAspect } from '../../../../shared/domain/verify-report.ts'
import { fail } from '../../../../shared/failure.ts'
import { leafCount } from '../../../age/payload-size.ts'
import type { StoredObject, VersionForOpening } from '../../../catalog/artifact-operations.ts'
import type { ObjectsOfSize } from '../../find-renamed.ts'
import type { JobContext } from '../../job-kind.ts'
import { payloadSource } from '../../object-reader.ts'
import { findObject, openFound } from '../../open-version.ts'
import type { Services } from '../../services.ts'
import { asReadFailure } from '../../store-path-failure.ts'
import { wrappedElsewhere } from '../../objects/wrapped-elsewhere.ts'
import { compareChecksums } from './stored-checksum.ts'

/** Leaves of 16 MiB that a sample reads of each object. */
export const sampledLeaves = 4

export type Look = {
  /** The name under which it lies. Null: it is missing. */
  foundAs: string | null
  wasPinned: boolean
  checked: VerifyAspect[]
  leavesRead: number
  leaves: number
}

type Asked = {
  version: VersionForOpening
  object: StoredObject
  level: VerifyLevel
  ofSize: ObjectsOfSize
  onProgress: (doneBytes: number) => void
  /** Told what was found out so far, also where the look then fails. */
  onLook: (look: Look) => void
}

/** Size, header and what the store attests; then leaf digests of some or of all.
 * @throws WeightlockError `verify/…`, `age/…`, `store/…` */
export async function checkObject(
  services: Services,
  context: JobContext,
  { version, object, level, ofSize, onProgress, onLook }: Asked,
): Promise<Look> {
  const look: Look = { foundAs: null, wasPinned: false, checked: [], leavesRead: 0, leaves: 0 }
  const found = await findObject(services, version, object, ofSize)
  if (found === null) return look
  const { store, info, file, recognised } = found
  const { leafDigests, artifactId } = found.version
  look.foundAs = info.name
  look.wasPinned = leafDigests !== null
  look.leaves = leafCount(file.plaintextBytes)
  look.checked.push('size', 'header')
  onLook(look)
  if (recognised.wrap === null && level !== 'full')
    return fail({ code: 'verify/wrapped-elsewhere', name: version.name })
  const compared = compareChecksums(object.checksum, info.checksum)
  if (compared === 'same') look.checked.push('stored-checksum')
  // Where every byte is read, the bytes decide.
  if (compared === 'differs' && recognised.wrap !== null && (level !== 'full' || leafDigests === null))
    return fail({ code: 'verify/altered', name: version.name })
  if (level !== 'quick' && leafDigests !== null) {
    const leaves = level === 'full' ? null : sampleOf(look.leaves)
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
    look.leavesRead = leaves?.length ?? look.leaves
    look.checked.push(look.leavesRead === look.leaves ? 'payload' : 'leaves')
  }
  // Every digest matched under a header that is not ours: it counts once a key here has opened it.
  const opened = recognised.wrap === null ? await openFound(services, found) : null
  try {
    const isWhole = look.checked.includes('payload')
    await services.catalog.setVersionChecked({
      artifactId,
      version: version.version,
      at: services.now(),
      how: level,
      object: {
        storeId: object.storeId,
        objectName: info.name,
        revision: info.revision,
        ...(isWhole ? { checksum: info.checksum } : {}),
      },
    })
    if (opened) await wrappedElsewhere(services, opened, context.by)
  } finally {
    opened?.close()
  }
  return look
}

function sampleOf(count: number): number[] {
  const chosen = new Set<number>([count - 1])
  while (chosen.size < Math.min(sampledLeaves, count)) chosen.add(randomInt(count))
  return [...chosen].toSorted((one, other) => one - other)
}
