/** The second half of a move: what was copied goes from where it lay, once its copy is there. */
import { fail } from '../../../../shared/failure.ts'
import type { JobContext } from '../../job-kind.ts'
import { findObject, findVersion } from '../../open-version.ts'
import { requireStillOwner } from '../../require-still-owner.ts'
import type { OpenStore, Services } from '../../services.ts'
import { objectVersionsStay } from '../../objects/delete-object-versions.ts'
import { deleteFromStore } from '../../objects/delete-from-store.ts'
import type { CopySpec } from './copy-spec.ts'
import { isOneObject } from './one-object.ts'

/** @returns lines for the report
 * @throws WeightlockError `verify/…`, `age/…` where another object lies in the source's place, `store/…` */
export async function removeSources(
  services: Services,
  context: JobContext,
  spec: CopySpec,
  target: OpenStore,
  versions: readonly number[],
): Promise<string[]> {
  const { fromStoreId, storeId } = spec
  if (fromStoreId === null || fromStoreId === storeId) return []
  const source = await services.openStore(fromStoreId)
  let removed = 0
  for (const version of versions) {
    context.signal.throwIfAborted()
    removed += await removeVersion(services, context, spec, { source, target }, version)
  }
  const keeps = removed > 0 && (await source.backend.capabilities()).objectVersions
  return keeps ? [objectVersionsStay(source.row.name)] : []
}

async function removeVersion(
  services: Services,
  context: JobContext,
  { artifactId, name, storeId, fromStoreId }: CopySpec,
  { source, target }: { source: OpenStore; target: OpenStore },
  version: number,
): Promise<number> {
  const known = await services.catalog.versionForOpening(artifactId, version)
  const sources = known.objects.filter((object) => object.storeId === fromStoreId)
  if (sources.length === 0) return 0
  if (!known.objects.some((object) => object.storeId === storeId))
    fail({ code: 'artifact/not-in-store', name, store: target.row.name })
  const kept = await findVersion(services, artifactId, version, (object) => object.storeId === storeId)
  for (const object of sources) {
    const found = await findObject(services, known, object)
    await requireStillOwner(services, { artifactId, version, name })
    const objectName = found?.info.name ?? object.objectName
    const where = { version, storeId: object.storeId, objectName }
    await context.journal('removing', where)
    if (found !== null && !isOneObject(kept, found)) await deleteFromStore(source, found.info)
    const { jobId, by } = context
    await context.checkpoint('removed', () =>
      services.catalog.objectRemoved({
        ...where,
        jobId,
        artifactId,
        event: 'version-moved',
        facts: { to: target.row.name },
        by,
      }),
    )
  }
  return sources.length
}
