/** Writes the owner's id beside an artifact's objects, where their stores keep metadata. */
import { z } from 'zod'
import { StoreId } from '../../shared/ids.ts'
import { safeText } from '../../shared/safe-text.ts'
import type { ObjectInfo, WriteId } from '../storage/backend.ts'
import { heldBytes } from '../storage/part-size.ts'
import { abortWrites } from './abort-writes.ts'
import type { JobContext } from './job-kind.ts'
import { objectMetadata, ownerIn } from './object-metadata.ts'
import { findObject, type OpenedVersion } from './open-version.ts'
import { uploadsOfName } from './orphan-uploads.ts'
import type { Services } from './services.ts'

export type Marked = {
  version: number
  before: { storeId: StoreId; info: ObjectInfo; metadata: Record<string, string> }
  /** Once the owner stands there. */
  after: { storeId: StoreId; info: ObjectInfo } | null
}

/** Every object of a version, as it was found now: the one that was read, and its copies.
 * @throws WeightlockError `store/…`, `verify/…` */
export async function objectsOf(services: Services, opened: OpenedVersion): Promise<Marked[]> {
  const { version, object, keyId } = opened
  const { artifactId } = version
  const marked: Marked[] = []
  for (const each of version.objects) {
    const found = each === object ? opened : await findObject(services, version, each)
    if (found === null || found.store.backend.replaceMetadata === undefined) continue
    const { installationId: owner } = await services.catalog.installation()
    const metadata = objectMetadata({ artifactId, keyId, owner })
    marked.push({
      version: version.version,
      before: { storeId: each.storeId, info: found.info, metadata: { ...found.info.metadata, ...metadata } },
      after: null,
    })
  }
  return marked
}

/** Each only as it was read: whoever wrote in between is not overwritten.
 * @returns what there is to be said
 * @throws WeightlockError `store/precondition-failed`, `store/permission-missing`, … */
export async function markOwned(
  services: Services,
  context: JobContext,
  marked: Marked[],
): Promise<string[]> {
  const { jobId, signal } = context
  const said = new Set<string>()
  for (const each of marked) {
    const { storeId, info, metadata } = each.before
    const { row, backend } = await services.openStore(storeId)
    if (ownerIn(info.metadata) === metadata['owner']) continue
    const { conditionalWrites } = await backend.capabilities()
    const { revision } = info
    const objectName = info.name
    const uploadsBefore = isLarge(info) ? await uploadsOfName(backend, objectName, jobId) : null
    await context.journal('mark', { storeId, objectName, uploadsBefore })
    const now = await backend.replaceMetadata?.(objectName, metadata, {
      revision,
      jobId,
      signal,
      onBegun: (writeId) =>
        context.journal('upload', { storeId, objectName, writeId, machine: services.machineId }),
    })
    if (now !== undefined) each.after = { storeId, info: now }
    if (!conditionalWrites)
      said.add(
        `${safeText(row.name)} compares no conditions: the owner was written after a look, and another’s word of the same moment may be lost`,
      )
  }
  return [...said]
}

/** What is not put at once may be copied in parts. */
const isLarge = ({ sizeBytes }: ObjectInfo): boolean => sizeBytes > heldBytes

const Step = z.object({
  storeId: StoreId,
  objectName: z.string(),
  writeId: z.custom<WriteId>((value) => typeof value === 'string').optional(),
  uploadsBefore: z.array(z.string()).nullish(),
})

/** Takes back what an earlier run of the job left open in a store.
 * @throws WeightlockError `store/…` */
export async function abortMarking(services: Services, { jobId, ...context }: JobContext): Promise<void> {
  const steps = await context.steps()
  const ours = steps.filter(({ step }) => step === 'mark' || step === 'upload')
  const parsed = ours.map(({ step, facts, at }) => ({ ...Step.parse(facts), step, at }))
  for (const [n, { step, storeId, objectName, uploadsBefore = null, at }] of parsed.entries()) {
    if (step !== 'mark') continue
    // The id of what was begun, where that was journaled, comes next.
    const next = parsed[n + 1]
    const own = next?.step === 'upload' ? (next.writeId ?? null) : null
    if (own === null && uploadsBefore === null) continue
    await abortWrites(services, await services.openStore(storeId), jobId, [
      { objectName, at, uploadsBefore, own },
    ])
  }
}
