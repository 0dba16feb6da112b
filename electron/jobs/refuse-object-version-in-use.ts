/** Whether an old object version may go: a leaked key opens it, and it is not what an artifact is left with. */
import type { ObjectVersionRef } from '../../shared/domain/compromise.ts'
import { fail } from '../../shared/failure.ts'
import type { ArtifactId, KeyId } from '../../shared/ids.ts'
import type { ObjectVersion } from '../storage/backend.ts'
import { headerOf } from './old-object-versions.ts'
import type { OpenStore, Services } from './services.ts'

/** Somebody who wrote over an object, or took its name away, leaves its ciphertext in an older object version alone.
 * @param keyIds those that leaked
 * @throws WeightlockError `incident/version-in-use`, `store/object-not-found` where no leaked key opens it, `store/…` */
export async function refuseObjectVersionInUse(
  { catalog }: Pick<Services, 'catalog'>,
  { row, backend }: OpenStore,
  { objectName, versionId }: ObjectVersionRef,
  { artifactId, keyIds }: { artifactId: ArtifactId; keyIds: readonly KeyId[] },
): Promise<void> {
  const listed = (await backend.versions?.(objectName)) ?? []
  const wanted = listed.find((each) => each.versionId === versionId)
  if (wanted === undefined) return
  const fingerprintOf = async (version: ObjectVersion | undefined) =>
    version === undefined || version.isDeleteMarker ? null : headerOf(backend, objectName, version)
  const header = await fingerprintOf(wanted)
  const keyId = header && ((await catalog.keyOfFingerprint(header.fingerprint)) ?? header.hint)
  if (header === null || keyId === null || !keyIds.includes(keyId))
    return fail({ code: 'store/object-not-found', store: row.name, objectName })
  const accepted = await acceptedAt(catalog, artifactId, row.storeId, objectName)
  if (!accepted.has(header.fingerprint)) return
  const latest = await fingerprintOf(listed.find(({ isLatest }) => isLatest))
  if (latest === null || !accepted.has(latest.fingerprint))
    fail({ code: 'incident/version-in-use', store: row.name, objectName })
}

/** Of what the catalog believes to lie under the name. */
async function acceptedAt(
  catalog: Services['catalog'],
  artifactId: ArtifactId,
  storeId: string,
  objectName: string,
): Promise<Set<string>> {
  const { versions } = await catalog.artifactDetails(artifactId)
  const accepted = new Set<string>()
  for (const { version, objects } of versions) {
    const isHere = objects.some(
      (each) => each.storeId === storeId && each.objectName === objectName && each.state !== 'deleted',
    )
    if (!isHere) continue
    const { wraps } = await catalog.versionForOpening(artifactId, version)
    for (const { isAccepted, fingerprint } of wraps) if (isAccepted) accepted.add(fingerprint)
  }
  return accepted
}
