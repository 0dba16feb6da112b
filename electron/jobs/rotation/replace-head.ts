/** A new header in place of the old one, in a folder: the rest of the file stays where it is. */
import { fail } from '../../../shared/failure.ts'
import type { ObjectInfo } from '../../storage/backend.ts'
import type { JobContext } from '../job-kind.ts'
import type { FoundVersion } from '../open-version.ts'
import type { OpenStore } from '../services.ts'
import { isSamePlace, type RotationJournal } from './rotation-journal.ts'

/** Journals the old header, compares the old bytes, writes in place, durably.
 * @throws WeightlockError `store/precondition-failed` where other bytes stand there, `store/…` */
export async function replaceHead(
  context: JobContext,
  { store, info, file, version, object }: FoundVersion,
  header: Uint8Array,
): Promise<void> {
  const { backend } = store
  const { storeId } = object
  const old = Buffer.from(file.header.bytes)
  await context.journal('switching', {
    version: version.version,
    storeId,
    objectName: info.name,
    oldHeader: old.toString('base64'),
  })
  await requireBytes(store, info, old)
  await backend.replaceHead?.(info.name, header, { revision: info.revision })
}

async function requireBytes({ backend, row }: OpenStore, info: ObjectInfo, expected: Buffer): Promise<void> {
  const range = { offset: 0, lengthBytes: expected.length }
  const found = await backend.read(info.name, range, { revision: info.revision })
  if (!expected.equals(found))
    fail({ code: 'store/precondition-failed', store: row.name, objectName: info.name })
}

/** Heads that a power cut left half written are written whole. Each of their bytes is the old one's or the new one's;
 * anything else is not ours to touch.
 * @throws WeightlockError `store/…` */
export async function healHeads(
  openStore: (storeId: FoundVersion['object']['storeId']) => Promise<OpenStore>,
  journal: RotationJournal,
): Promise<void> {
  for (const each of journal.switching) {
    if (journal.switched.some((switched) => isSamePlace(switched, each))) continue
    const planned = journal.headers.findLast(({ version }) => version === each.version)
    if (planned === undefined) continue
    const [before, after] = [Buffer.from(each.oldHeader, 'base64'), Buffer.from(planned.header, 'base64')]
    const { backend } = await openStore(each.storeId)
    const info = await backend.head(each.objectName)
    if (info === null || info.sizeBytes < after.length || before.length !== after.length) continue
    const range = { offset: 0, lengthBytes: after.length }
    const found = Buffer.from(await backend.read(info.name, range, { revision: info.revision }))
    if (found.equals(before) || found.equals(after) || !isMixed(found, before, after)) continue
    await backend.replaceHead?.(info.name, after, { revision: info.revision })
  }
}

const isMixed = (found: Buffer, before: Buffer, after: Buffer): boolean =>
  found.every((byte, at) => byte === before[at] || byte === after[at])
