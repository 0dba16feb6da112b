/** Uploads that were begun in a store and never completed: whose they are, and how they go. Those whose ids this journal
 * has are ours; others are known by name only, and never aborted by themselves. */
import { createHash } from 'node:crypto'
import type { StoreUpload, StoreUploads } from '../../shared/domain/store-upload.ts'
import { failureOf, type Failure } from '../../shared/failure.ts'
import type { JobId } from '../../shared/ids.ts'
import type { Actor } from '../catalog/catalog.ts'
import type { JournaledWrite } from '../catalog/job-operations.ts'
import type { OpenWrite, StorageBackend, WriteId } from '../storage/backend.ts'
import { withAtMost } from './at-most.ts'
import { isOrphanOf, isSameWrite } from './orphan-uploads.ts'
import type { OpenStore, Services } from './services.ts'

type Found = { upload: StoreUpload; writeId: WriteId }

/** Names that a server is asked for one by one, where it lists uploads by name only. */
const namesAsked = 1000
const asksAtOnce = 8

/** @throws WeightlockError `store/…` */
export async function listUploads(services: Services, store: OpenStore): Promise<StoreUploads> {
  const { found, complete } = await findUploads(services, store)
  return { uploads: found.map(({ upload }) => upload), complete }
}

/** @param uploadIds null: all of ours whose job is over
 * @param ofOthers what this journal does not have may go too, where it is named
 * @throws WeightlockError `store/…` where the store cannot be asked */
export async function abortUploads(
  services: Services,
  store: OpenStore,
  { uploadIds, ofOthers, by }: { uploadIds: readonly string[] | null; ofOthers: boolean; by: Actor },
): Promise<{ aborted: StoreUpload[]; kept: { uploadId: string; failure: Failure }[] }> {
  const { found } = await findUploads(services, store)
  const known = new Map(found.map((each) => [each.upload.uploadId, each]))
  const named = uploadIds ?? found.flatMap(({ upload }) => (upload.whose === 'ours' ? upload.uploadId : []))
  const aborted: StoreUpload[] = []
  const kept: { uploadId: string; failure: Failure }[] = []
  await withAtMost(asksAtOnce, [...new Set(named)], async (uploadId) => {
    const each = known.get(uploadId)
    const refusal = refusalOf(store.row.name, each?.upload, uploadId, ofOthers)
    if (refusal !== null) return void kept.push({ uploadId, failure: refusal })
    if (each === undefined) return
    try {
      await store.backend.abortWrite(each.writeId)
      aborted.push(each.upload)
    } catch (error) {
      const failure = failureOf(error)
      if (failure === null) throw error
      kept.push({ uploadId, failure })
    }
  })
  if (aborted.length > 0)
    await services.catalog.recordEvent({
      event: 'uploads-aborted',
      on: store.row.name,
      artifactId: null,
      keyId: null,
      jobId: null,
      facts: {
        uploads: aborted.length,
        ofOthers: aborted.filter(({ whose }) => whose === 'other').length,
        names: aborted
          .slice(0, namesAudited)
          .map(({ objectName }) => objectName)
          .join(', '),
      },
      by,
    })
  return { aborted, kept }
}

const namesAudited = 20

function refusalOf(
  store: string,
  upload: StoreUpload | undefined,
  uploadId: string,
  ofOthers: boolean,
): Failure | null {
  if (upload === undefined) return { code: 'store/upload-unknown', store, uploadId }
  const { objectName, whose, job } = upload
  if (whose === 'job') return { code: 'store/upload-in-use', store, objectName, title: job?.title ?? '' }
  return whose === 'other' && !ofOthers ? { code: 'store/upload-not-ours', store, objectName } : null
}

async function findUploads(
  services: Services,
  { row, backend }: OpenStore,
): Promise<{ found: Found[]; complete: boolean }> {
  const journaled = (await services.catalog.journaledWrites(row.storeId)).filter(
    ({ machine }) => machine === null || machine === services.machineId,
  )
  const complete = (await backend.capabilities()).listsWrites === 'all'
  const writes = [...(await backend.listWrites())]
  if (!complete) writes.push(...(await byName(backend, journaled, writes)))
  const jobs = new Map(journaled.map((each) => [each.jobId, each]))
  const found = await withAtMost(asksAtOnce, writes, async (write) => {
    const arrived = await arrivedOf(backend, write.id)
    if (arrived === 'gone' || (write.begunAt === null && arrived.parts === 0)) return null
    const own =
      journaled.find(({ writeId }) => writeId !== null && isSameWrite(backend, writeId, write.id)) ??
      journaled.find((step) => isOrphan(step, write, arrived.parts)) ??
      (write.jobId === null ? null : jobs.get(write.jobId as JobId))
    return { writeId: write.id, upload: { ...describe(write, own ?? null), ...arrived } }
  })
  const oldestFirst = (one: Found, other: Found) => (one.upload.begunAt ?? 0) - (other.upload.begunAt ?? 0)
  return { found: found.filter((each) => each !== null).toSorted(oldestFirst), complete }
}

const isOrphan = ({ objectName, ...step }: JournaledWrite, write: OpenWrite, parts: number | null): boolean =>
  objectName !== null && isOrphanOf({ ...step, objectName }, write, parts)

/** Where a server does not list all: what it has under names of ours, and what the journal knows by its id. */
async function byName(
  backend: StorageBackend,
  journaled: readonly JournaledWrite[],
  listed: readonly OpenWrite[],
): Promise<OpenWrite[]> {
  const unfinished = journaled.filter(({ state }) => state !== 'done')
  const names = [...new Set(unfinished.flatMap(({ objectName }) => objectName ?? []))].slice(0, namesAsked)
  const [first] = unfinished
  if (first === undefined) return []
  const underNames = await withAtMost(asksAtOnce, names, (name) =>
    backend.listWrites({ of: { name, jobId: first.jobId } }).catch((error: unknown) => {
      if (failureOf(error)?.code === 'store/refused') return []
      throw error
    }),
  )
  const found: OpenWrite[] = []
  const isKnown = (id: WriteId) => [...listed, ...found].some((each) => isSameWrite(backend, each.id, id))
  for (const write of underNames.flat()) if (!isKnown(write.id)) found.push(write)
  const byJob = new Map(
    unfinished.flatMap(({ jobId, objectName }) => (objectName === null ? [] : [[jobId, objectName]])),
  )
  for (const { writeId, jobId } of unfinished.slice(0, namesAsked)) {
    if (writeId === null || isKnown(writeId)) continue
    found.push({ id: writeId, name: byJob.get(jobId) ?? '', jobId, begunAt: null })
  }
  return found
}

type Arrived = Pick<StoreUpload, 'parts' | 'sizeBytes'>

async function arrivedOf(backend: StorageBackend, id: WriteId): Promise<Arrived | 'gone'> {
  const { resumesWrites } = await backend.capabilities()
  if (!resumesWrites) return { parts: null, sizeBytes: null }
  try {
    const parts = await backend.listParts(id)
    return { parts: parts.length, sizeBytes: parts.reduce((total, { sizeBytes }) => total + sizeBytes, 0) }
  } catch (error) {
    const code = failureOf(error)?.code
    if (code === 'store/upload-not-found') return 'gone'
    if (code === 'store/permission-missing' || code === 'store/refused')
      return { parts: null, sizeBytes: null }
    throw error
  }
}

function describe(
  { id, name, begunAt }: OpenWrite,
  own: JournaledWrite | null,
): Omit<StoreUpload, 'parts' | 'sizeBytes'> {
  return {
    uploadId: createHash('sha256').update(id).digest('hex').slice(0, 16),
    objectName: name,
    begunAt,
    whose: own === null ? 'other' : own.isOpen ? 'job' : 'ours',
    job: own === null ? null : { jobId: own.jobId, title: own.title, state: own.state },
  }
}
