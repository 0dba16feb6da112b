/** Whether the last write of a rotation took effect: the stores are read, a journal does not tell. */
import { openAgeFile } from '../../age/age-file.ts'
import { failureOf } from '../../../shared/failure.ts'
import type { ArtifactId } from '../../../shared/ids.ts'
import type { JobContext } from '../job-kind.ts'
import { objectReader } from '../object-reader.ts'
import type { OpenStore, Services } from '../services.ts'
import { findOwnAnywhere } from '../objects/settle-object.ts'
import { readRotationJournal } from './rotation-journal.ts'

/** True also where it is unclear: the new key is kept then (cryptography.md, section 5, "When the outcome is unknown").
 * A file that was renamed or moved away may have the new header already.
 * @throws WeightlockError `store/…` where that cannot be known */
export async function isAnythingSwitched(
  services: Services,
  { artifactId }: { artifactId: ArtifactId },
  context: JobContext,
): Promise<boolean> {
  const { switched, switching, replacing } = await readRotationJournal(context)
  if (switched.length > 0) return true
  const planned = await plannedFingerprints(context)
  const attempted = [...switching, ...replacing.filter(({ completeAttempted }) => completeAttempted)]
  for (const { version, storeId, objectName } of attempted) {
    const store = await services.openStore(storeId)
    const { wraps, objects } = await services.catalog.versionForOpening(artifactId, version)
    const objectBytes = objects.find((each) => each.storeId === storeId)?.sizeBytes ?? 0
    const news = planned.get(version) ?? new Set()
    const there = await fingerprintAt(store, objectName)
    if (there !== null && !news.has(there) && wraps.some(({ fingerprint }) => fingerprint === there)) continue
    for (const fingerprint of news)
      if ((await findOwnAnywhere(services, store, { objectName, objectBytes, fingerprint })) !== null)
        return true
    // A bucket has replaced what lies there; a folder's file may have been moved before something took its name.
    if (there === null || store.backend.writeTarget !== undefined) return true
  }
  return false
}

async function plannedFingerprints(context: JobContext): Promise<Map<number, Set<string>>> {
  const planned = new Map<number, Set<string>>()
  for (const { step, facts } of await context.steps()) {
    const { version, fingerprint } = facts
    if (step !== 'header' && step !== 'payload') continue
    if (typeof version !== 'number' || typeof fingerprint !== 'string') continue
    planned.set(version, (planned.get(version) ?? new Set()).add(fingerprint))
  }
  return planned
}

/** @returns null where nothing lies there; the empty text where it is no age file */
async function fingerprintAt(store: OpenStore, objectName: string): Promise<string | null> {
  const info = await store.backend.head(objectName)
  if (info === null) return null
  try {
    return (await openAgeFile(objectReader(store.backend, info))).fingerprint
  } catch (error) {
    if (failureOf(error)?.code.startsWith('age/')) return ''
    throw error
  }
}
