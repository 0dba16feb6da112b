/** One version's ciphertext, written into another store: from a reserved name to an object that is there. */
import { planUpload } from '../../upload/upload-plan.ts'
import type { PartInfo, StorageBackend, WriteId } from '../../../storage/backend.ts'
import { heldBytes, partSizeBytes } from '../../../storage/part-size.ts'
import { fail, failureOf, type Failure } from '../../../../shared/failure.ts'
import type { JobContext } from '../../job-kind.ts'
import type { FoundVersion } from '../../open-version.ts'
import { objectMetadata } from '../../object-metadata.ts'
import { uploadsOfName } from '../../orphan-uploads.ts'
import { reserveFreeName } from '../../reserve-free-name.ts'
import type { OpenStore, Services } from '../../services.ts'
import { asReadFailure } from '../../store-path-failure.ts'
import { findOwnObject, removeTruncated, type StoredFile } from '../../objects/settle-object.ts'
import { readCopyJournal, type CopyAttempt } from './copy-journal.ts'
import type { CopySpec } from './copy-spec.ts'
import { neverAppeared } from './never-appeared.ts'
import { sendCiphertext } from '../../objects/send-ciphertext.ts'
import { ciphertextOf } from '../../objects/ciphertext-of.ts'
import { abortCopies } from './take-back.ts'

type Written = { writeId: WriteId; objectName: string; objectBytes: number; partBytes: number }

/** Writes what was found into the target, or goes on with what an earlier attempt of this job sent.
 * @returns the object, read back
 * @throws WeightlockError `store/…`, `verify/altered`; the signal's reason */
export async function writeCopy(
  services: Services,
  context: JobContext,
  spec: CopySpec,
  source: FoundVersion,
  target: OpenStore,
  onProgress: (doneBytes: number) => void,
): Promise<StoredFile> {
  const attempt = await lastAttempt(context, source)
  if (attempt?.completeAttempted) {
    const found = await findCopy(target, attempt)
    if (found !== null && !(await isOfAnother(context, target, attempt))) return found
  }
  const resumed = attempt === null ? null : await openUpload(target.backend, attempt)
  if (resumed === null) await abortCopies(services, target, context)
  const written = resumed ?? (await beginCopy(services, context, spec, source, target))
  await send(context, source, target, written, onProgress)
  await context.journal('complete-attempted', { version: source.version.version })
  return complete(context, target, source, written)
}

/** Whether the same bytes lie there and we did not put them there; remembered, as the upload that tells goes. */
async function isOfAnother(
  context: JobContext,
  { backend }: OpenStore,
  { upload, objectBytes, isOthers }: Pick<CopyAttempt, 'upload' | 'objectBytes' | 'isOthers'>,
): Promise<boolean> {
  if (isOthers || upload === null) return isOthers
  if (!(await neverAppeared(backend, { writeId: upload.writeId, objectBytes }))) return false
  await context.journal('of-another', {})
  return true
}

/** Of this version and this very ciphertext; where nothing is pinned, of this very object. */
async function lastAttempt(context: JobContext, source: FoundVersion): Promise<CopyAttempt | null> {
  const { version, file, info, object } = source
  const last = (await readCopyJournal(context)).attempts.at(-1)
  if (last === undefined || last.version !== version.version) return null
  if (last.fingerprint !== file.fingerprint) return null
  const isSameObject =
    last.fromStoreId === object.storeId && last.fromObject === info.name && last.revision === info.revision
  return version.leafDigests !== null || isSameObject ? last : null
}

type Resumed = Written & Pick<CopyAttempt, 'acknowledged'> & { stored: PartInfo[] }

/** @returns null where the store does not go on with it, or no longer knows it */
async function openUpload(backend: StorageBackend, attempt: CopyAttempt): Promise<Resumed | null> {
  const { upload, objectName, objectBytes, acknowledged } = attempt
  if (upload === null || backend.writeTarget !== undefined) return null
  try {
    const stored = await backend.listParts(upload.writeId)
    return { ...upload, objectName, objectBytes, acknowledged, stored }
  } catch (error) {
    if (failureOf(error)?.code === 'store/upload-not-found') return null
    throw error
  }
}

async function beginCopy(
  services: Services,
  context: JobContext,
  spec: CopySpec,
  source: FoundVersion,
  target: OpenStore,
): Promise<Resumed> {
  const { version, file, info, object, recognised } = source
  const { jobId } = context
  const { backend } = target
  const { artifactId, storeId } = spec
  const { objectName } = await reserveFreeName(target, (taken) =>
    services.catalog.reserveCopy({
      jobId,
      artifactId,
      version: version.version,
      storeId,
      like: object.objectName,
      taken,
    }),
  )
  const startBytes = file.header.bytes.length + file.payloadNonce.length
  const objectBytes = startBytes + file.payload.sizeBytes
  const partBytes = services.smallSteps?.partBytes ?? partSizeBytes(objectBytes)
  const isHeld = backend.writeTarget !== undefined || objectBytes <= heldBytes
  await context.journal('copy', {
    version: version.version,
    fromStoreId: object.storeId,
    fromObject: info.name,
    revision: info.revision,
    fingerprint: file.fingerprint,
    header: Buffer.from(file.header.bytes).toString('base64'),
    nonce: Buffer.from(file.payloadNonce).toString('hex'),
    objectName,
    objectBytes,
    uploadsBefore: isHeld ? null : await uploadsOfName(backend, objectName, jobId),
  })
  const { installationId } = await services.catalog.installation()
  const owner = version.ownership === 'owner' ? installationId : (info.metadata['owner'] ?? null)
  const writeId = await backend.beginWrite(objectName, {
    sizeBytes: objectBytes,
    partBytes,
    metadata: objectMetadata({ artifactId, keyId: recognised.wrap?.keyId ?? null, owner }),
    condition: { kind: 'absent' },
    jobId,
  })
  await context.journal('upload', { writeId, objectName, partBytes, machine: services.machineId })
  return { writeId, objectName, objectBytes, partBytes, acknowledged: new Map(), stored: [] }
}

async function send(
  context: JobContext,
  source: FoundVersion,
  { backend }: OpenStore,
  written: Resumed,
  onProgress: (doneBytes: number) => void,
): Promise<void> {
  const ciphertext = ciphertextOf(source)
  const plan = planUpload(ciphertext.start.length, ciphertext.plaintextBytes, written.partBytes)
  await asReadFailure(source.store, source.info.name, () =>
    sendCiphertext({
      backend,
      writeId: written.writeId,
      plan,
      ciphertext,
      stored: new Map(written.stored.map((info) => [info.part, info])),
      acknowledged: written.acknowledged,
      signal: context.signal,
      journal: (step, facts) => context.journal(step, facts),
      onProgress,
    }),
  )
}

/** Only a new write will do after these. */
const newWriteNeeded: ReadonlySet<Failure['code']> = new Set([
  'store/object-exists',
  'store/precondition-failed',
  'store/conflict',
  'store/upload-not-found',
])

/** Makes the object appear, and reads it back: also where the reply was lost. */
async function complete(
  context: JobContext,
  target: OpenStore,
  { file }: FoundVersion,
  { writeId, objectName, objectBytes, partBytes }: Written,
): Promise<StoredFile> {
  const { backend, row } = target
  let refusal: Failure | null = null
  try {
    await backend.completeWrite(writeId)
  } catch (error) {
    refusal = failureOf(error)
    if (refusal === null) throw error
  }
  const header = Buffer.from(file.header.bytes).toString('base64')
  const nonce = Buffer.from(file.payloadNonce).toString('hex')
  const attempt = { objectName, objectBytes, header, nonce, fingerprint: file.fingerprint }
  const found = await findCopy(target, attempt)
  const isOurs =
    refusal === null ||
    !(await isOfAnother(context, target, { upload: { writeId, partBytes }, objectBytes, isOthers: false }))
  if (found !== null && isOurs) return found
  if (backend.writeTarget !== undefined || (refusal !== null && newWriteNeeded.has(refusal.code)))
    await backend.abortWrite(writeId)
  return fail(refusal ?? { code: 'store/object-not-found', store: row.name, objectName })
}

type Expected = Pick<CopyAttempt, 'objectName' | 'objectBytes' | 'fingerprint' | 'header' | 'nonce'>

/** What is there whole, under our name; what ends too early goes.
 * @throws WeightlockError `store/…` where it cannot be known */
export async function findCopy(target: OpenStore, expected: Expected): Promise<StoredFile | null> {
  const found = await findOwnObject(target, expected.objectName, expected.fingerprint)
  if (found !== null && found.info.sizeBytes === expected.objectBytes) return found
  await removeTruncated(target, expected)
  return null
}
