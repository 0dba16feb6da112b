/** Writes the owner's id beside an artifact's objects, where their stores keep metadata. */
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { ObjectChecksum } from '../../shared/domain/object-checksum.ts'
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
  /** It is the one that was read; its copies were only found. */
  isRead: boolean
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
      isRead: each === object,
      before: { storeId: each.storeId, info: found.info, metadata: { ...found.info.metadata, ...metadata } },
      after: null,
    })
  }
  return marked
}

/** What a store attested of what was read, where it attests the same once the owner stands there.
 * @returns null where nothing is known of it */
export const keptChecksum = ({ isRead, before, after }: Marked): ObjectChecksum | null => {
  const now = after?.info.checksum ?? null
  return isRead && isDeepStrictEqual(before.info.checksum, now) ? now : null
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
    // The ids of what was begun for it, where they were journaled, come next.
    const next = parsed.slice(n + 1)
    const end = next.findIndex((each) => each.step === 'mark')
    const owns = (end === -1 ? next : next.slice(0, end)).flatMap(({ writeId }) => writeId ?? [])
    if (owns.length === 0 && uploadsBefore === null) continue
    const attempts = (owns.length === 0 ? [null] : owns).map((own) => ({
      objectName,
      at,
      uploadsBefore,
      own,
    }))
    await abortWrites(services, await services.openStore(storeId), jobId, attempts)
  }
}
