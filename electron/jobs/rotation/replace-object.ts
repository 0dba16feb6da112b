/** Other ciphertext in the place of an object, compared with what was there as it appears: a temporary and a rename in a
 * folder, an upload onto the same name in a bucket. */
import { failureOf } from '../../../shared/failure.ts'
import type { KeyId, StoreId } from '../../../shared/ids.ts'
import type { PartInfo, WriteId } from '../../storage/backend.ts'
import { heldBytes, partSizeBytes } from '../../storage/part-size.ts'
import { abortWrites } from '../abort-writes.ts'
import type { JobContext } from '../job-kind.ts'
import { sendCiphertext } from '../objects/send-ciphertext.ts'
import type { Ciphertext } from '../objects/verified-leaves.ts'
import { findOwnObject } from '../objects/settle-object.ts'
import { objectMetadata } from '../object-metadata.ts'
import type { FoundVersion } from '../open-version.ts'
import { uploadsOfName } from '../orphan-uploads.ts'
import type { Services } from '../services.ts'
import { asReadFailure } from '../store-path-failure.ts'
import { planUpload } from '../upload/upload-plan.ts'
import { copyRest } from './copy-rest.ts'
import {
  isSamePlace,
  readRotationJournal,
  type ReplaceAttempt,
  type RotationJournal,
} from './rotation-journal.ts'

export type Replacement = {
  found: FoundVersion
  keyId: KeyId
  /** What it becomes: header and nonce, and the payload behind them. */
  ciphertext: Ciphertext
  fingerprint: string
  /** Where the payload is read: the object itself, whose parts the store can copy, or another one. */
  from: Pick<FoundVersion, 'store' | 'info'>
}

export type BegunReplace = {
  writeId: WriteId
  partBytes: number
  stored: PartInfo[]
  acknowledged: ReadonlyMap<number, string | null>
}

/** Goes on with what an earlier attempt of this job sent. The caller reads back what is there afterwards.
 * @throws WeightlockError `store/precondition-failed` where another wrote there, `verify/altered`, `store/…`; the
 * signal's reason */
export async function replaceObject(
  services: Services,
  context: JobContext,
  replacement: Replacement,
  onProgress: (doneBytes: number) => void,
): Promise<void> {
  const { found, ciphertext, from } = replacement
  const { backend } = found.store
  const isItself = from.info.name === found.info.name && from.store === found.store
  const copiesParts = isItself && backend.copyPart !== undefined && (await backend.capabilities()).copyParts
  const begun =
    (await openReplace(context, found, replacement.fingerprint)) ??
    (await beginReplace(services, context, {
      found,
      keyId: replacement.keyId,
      fingerprint: replacement.fingerprint,
      objectBytes: ciphertext.start.length + found.file.payload.sizeBytes,
      copiesParts,
    }))
  const plan = planUpload(ciphertext.start.length, ciphertext.plaintextBytes, begun.partBytes)
  const { signal } = context
  const copied = copiesParts ? await copyRest(context, found, begun, plan, onProgress) : new Map()
  const stored = await backend.listParts(begun.writeId)
  await asReadFailure(from.store, from.info.name, () =>
    sendCiphertext({
      backend,
      writeId: begun.writeId,
      plan,
      ciphertext,
      stored: new Map(stored.map((info) => [info.part, info])),
      acknowledged: new Map([...begun.acknowledged, ...copied]),
      signal,
      journal: (step, facts) => context.journal(step, facts),
      onProgress,
    }),
  )
  await completeReplace(context, found, begun.writeId, replacement.fingerprint)
}

/** An upload of this job onto this very object that the store still has, or null. */
export async function openReplace(
  context: JobContext,
  found: FoundVersion,
  fingerprint: string,
): Promise<(BegunReplace & { attempt: ReplaceAttempt }) | null> {
  const { backend } = found.store
  const attempt = (await readRotationJournal(context)).replacing.findLast((each) =>
    isSamePlace(each, placeOf(found)),
  )
  if (attempt === undefined || backend.writeTarget !== undefined) return null
  const isSame = attempt.fingerprint === fingerprint && attempt.revision === found.info.revision
  if (!isSame || attempt.upload === null) return null
  try {
    const stored = await backend.listParts(attempt.upload.writeId)
    return { ...attempt.upload, stored, acknowledged: attempt.acknowledged, attempt }
  } catch (error) {
    if (failureOf(error)?.code === 'store/upload-not-found') return null
    throw error
  }
}

/** @throws WeightlockError `store/precondition-failed`, `store/…` */
export async function beginReplace(
  services: Services,
  context: JobContext,
  what: {
    found: FoundVersion
    keyId: KeyId
    fingerprint: string
    objectBytes: number
    copiesParts: boolean
    /** What a kind has to know of it again. */
    facts?: Record<string, unknown>
  },
): Promise<BegunReplace> {
  const { found, keyId, fingerprint, objectBytes } = what
  const { info, store, version } = found
  const { backend } = store
  await abortReplacing(services, context, await readRotationJournal(context), placeOf(found))
  const isHeld = backend.writeTarget !== undefined || objectBytes <= heldBytes
  await context.journal('replacing', {
    ...placeOf(found),
    ...what.facts,
    revision: info.revision,
    fingerprint,
    objectBytes,
    otherNames: (info.names ?? 1) - 1,
    uploadsBefore: isHeld ? null : await uploadsOfName(backend, info.name, context.jobId),
  })
  const partBytes = services.smallSteps?.partBytes ?? partSizeBytes(objectBytes)
  const { installationId: owner } = await services.catalog.installation()
  const { artifactId } = version
  const writeId = await backend.beginWrite(info.name, {
    sizeBytes: objectBytes,
    partBytes,
    metadata: { ...info.metadata, ...objectMetadata({ artifactId, keyId, owner }) },
    condition: { kind: 'revision', revision: info.revision },
    like: info.name,
    copiesParts: what.copiesParts && objectBytes > partBytes,
    jobId: context.jobId,
  })
  await context.journal('upload', {
    writeId,
    objectName: info.name,
    partBytes,
    machine: services.machineId,
  })
  return { writeId, partBytes, stored: [], acknowledged: new Map() }
}

/** @throws WeightlockError `store/precondition-failed` where another wrote there, `store/…` */
export async function completeReplace(
  context: JobContext,
  found: FoundVersion,
  writeId: WriteId,
  fingerprint: string,
): Promise<void> {
  const { store, info } = found
  await context.journal('complete-attempted', placeOf(found))
  try {
    await store.backend.completeWrite(writeId)
  } catch (error) {
    if (failureOf(error) === null) throw error
    // The reply may have been lost: what lies there tells.
    if ((await findOwnObject(store, info.name, fingerprint)) === null) throw error
  }
}

const placeOf = ({ version, object, info }: FoundVersion) => ({
  version: version.version,
  storeId: object.storeId,
  objectName: info.name,
})

/** Takes back every write of this job that is open, or those of one place.
 * @throws WeightlockError `store/…` */
export async function abortReplacing(
  services: Services,
  context: JobContext,
  { replacing }: RotationJournal,
  only: { version: number; storeId: StoreId; objectName: string } | null = null,
): Promise<void> {
  const meant = replacing.filter((each) => only === null || isSamePlace(each, only))
  for (const [storeId, attempts] of Map.groupBy(meant, (each) => each.storeId))
    await abortWrites(
      services,
      await services.openStore(storeId),
      context.jobId,
      attempts.map(({ objectName, at, uploadsBefore = null, upload }) => ({
        objectName,
        at,
        uploadsBefore,
        own: upload?.writeId ?? null,
      })),
    )
}

/** What a folder cannot go on with is taken away while the job stands still; an upload in parts is kept. */
export async function settleReplacing(services: Services, context: JobContext): Promise<void> {
  const journal = await readRotationJournal(context)
  const inFolders: ReplaceAttempt[] = []
  for (const each of journal.replacing) {
    const { backend } = await services.openStore(each.storeId)
    if (backend.writeTarget !== undefined) inFolders.push(each)
  }
  await abortReplacing(services, context, { ...journal, replacing: inFolders })
}

/** For a store without conditional writes.
 * @throws never: it only says so */
export async function conditionLine({ store, info }: FoundVersion): Promise<string | undefined> {
  const { conditionalWrites, directWrite } = await store.backend.capabilities()
  return conditionalWrites || directWrite
    ? undefined
    : `${store.row.name}, ${info.name}: the store does not compare as it replaces; it was read and compared right before`
}
