/** One version, copied: there already, or written, read back and made known. */
import { safeText } from '../../../../shared/safe-text.ts'
import type { JobContext } from '../../job-kind.ts'
import { findObject, type FoundVersion } from '../../open-version.ts'
import type { OpenStore, Services } from '../../services.ts'
import type { CopySpec } from './copy-spec.ts'
import { proveNew, proveStored } from './prove-copy.ts'
import { findSource } from './find-source.ts'
import { writeCopy } from './write-copy.ts'

export type Copied = {
  /** For the report. */
  line: string
  isNew: boolean
}

/** @throws WeightlockError `verify/…`, `age/…`, `artifact/…`, `store/…`; the signal's reason */
export async function copyVersion(
  services: Services,
  context: JobContext,
  spec: CopySpec,
  target: OpenStore,
  number: number,
  onProgress: (doneBytes: number) => void,
): Promise<Copied> {
  const { artifactId, storeId } = spec
  const store = safeText(target.row.name)
  const { found: there, listed } = await findInTarget(services, spec, number)
  if (there !== null) {
    if (spec.move) await proveThere(services, context, spec, target, there)
    return { line: `Version ${number}: already in ${store}`, isNew: false }
  }
  const source = await findSource(services, spec, number)
  const stored = await writeCopy(services, context, spec, source, target, onProgress)
  if (spec.move) await proveNew(services, context, source, target, stored)
  const { jobId, by } = context
  const from = source.store.row.name
  await context.checkpoint('verified', () =>
    services.catalog.objectAdded({
      jobId,
      artifactId,
      version: number,
      storeId,
      objectName: stored.info.name,
      sizeBytes: stored.info.sizeBytes,
      revision: stored.info.revision,
      checksum: stored.info.checksum,
      instead: listed,
      from,
      by,
    }),
  )
  return {
    line: `Version ${number}: ${safeText(from)} → ${store}, ${safeText(stored.info.name)}`,
    isNew: true,
  }
}

/** What the catalog lists of a version in the target, and whether it is there.
 * @throws WeightlockError `verify/…`, `age/…` where something else lies in its place; `store/…` */
async function findInTarget(
  services: Services,
  { artifactId, storeId }: CopySpec,
  number: number,
): Promise<{ found: FoundVersion | null; listed: string | null }> {
  const version = await services.catalog.versionForOpening(artifactId, number)
  let listed: string | null = null
  for (const object of version.objects.filter((each) => each.storeId === storeId)) {
    const found = await findObject(services, version, object)
    if (found !== null) return { found, listed: null }
    listed = object.objectName
  }
  return { found: null, listed }
}

/** What lay there before is read in full before its twin goes. Without a twin there is nothing to move. */
async function proveThere(
  services: Services,
  context: JobContext,
  { fromStoreId }: CopySpec,
  target: OpenStore,
  there: FoundVersion,
): Promise<void> {
  const twin = there.version.objects.find(({ storeId }) => storeId === fromStoreId)
  const source = twin === undefined ? null : await findObject(services, there.version, twin)
  if (source !== null) await proveStored(services, context, source, target, there)
}
