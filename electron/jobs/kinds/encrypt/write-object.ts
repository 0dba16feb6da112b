/** Writes a version's ciphertext into its store: header and nonce, then the payload by the workers. */
import { keyHeader } from '../../../age/rewrap.ts'
import { generateFileKey, randomSecret } from '../../../age/file-key.ts'
import { fingerprint } from '../../../age/fingerprint.ts'
import { leafDigestAlgorithm, rootDigest } from '../../../age/leaf-digest.ts'
import { ciphertextSizeBytes, payloadNonceBytes } from '../../../age/payload-size.ts'
import type { Reservation } from '../../../catalog/encrypt-operations.ts'
import type { WriteId } from '../../../storage/backend.ts'
import { heldBytes, partSizeBytes } from '../../../storage/part-size.ts'
import { asFileFailure } from '../../../storage/file-failures.ts'
import { fail } from '../../../../shared/failure.ts'
import type { JobContext } from '../../job-kind.ts'
import type { OpenStore, Services } from '../../services.ts'
import { objectMetadata } from '../../object-metadata.ts'
import { abortWrites } from '../../abort-writes.ts'
import { uploadsOfName } from '../../orphan-uploads.ts'
import type { PlaintextSource } from '../../source/open-source.ts'
import { sourceDigest } from '../../source/source-digest.ts'
import { asStoreFailure } from '../../store-path-failure.ts'
import type { ArtifactKey } from '../../new-key.ts'
import { readAttempts, type Described } from './encrypt-journal.ts'
import { sendParts } from './send-parts.ts'

export type WrittenObject = {
  writeId: WriteId
  objectName: string
  objectBytes: number
  nonce: string
  fingerprint: string
  leafDigests: Uint8Array
  root: string
  described: Described
  /** 16 bytes; the caller zeroes it. */
  fileKey: Uint8Array
  payloadNonce: Uint8Array
}

export type Write = {
  store: OpenStore
  source: PlaintextSource
  key: ArtifactKey
  reservation: Reservation
  name: string
  describing: Promise<Described>
}

/** Everything up to the last step before the object appears. On failure the write is taken back.
 * @throws WeightlockError `file/…`, `store/…`; the signal's reason */
export async function writeObject(
  services: Services,
  context: JobContext,
  write: Write,
): Promise<WrittenObject> {
  const { store, source, key, reservation } = write
  const { backend } = store
  const { objectName } = reservation
  const fileKey = generateFileKey()
  const payloadNonce = randomSecret(payloadNonceBytes)
  const header = await keyHeader(key.recipient, fileKey, {
    keyId: key.keyId,
    artifactId: reservation.artifactId,
  })
  const start = Buffer.concat([header, payloadNonce])
  const nonce = Buffer.from(payloadNonce).toString('hex')
  const objectBytes = start.length + ciphertextSizeBytes(source.sizeBytes)
  const isHeld = backend.writeTarget !== undefined || objectBytes <= heldBytes
  await context.journal('header', {
    header: Buffer.from(header).toString('base64'),
    nonce,
    objectName,
    objectBytes,
    keyId: key.keyId,
    uploadsBefore: isHeld ? null : await uploadsOfName(backend, objectName, context.jobId),
  })
  const sentInParts = services.smallSteps?.partBytes ?? partSizeBytes(objectBytes)
  const partBytes = backend.writeTarget === undefined ? sentInParts : objectBytes
  const writeId = await backend.beginWrite(objectName, {
    sizeBytes: objectBytes,
    partBytes,
    metadata: objectMetadata({
      artifactId: reservation.artifactId,
      keyId: key.keyId,
      owner: (await services.catalog.installation()).installationId,
    }),
    condition: { kind: 'absent' },
    jobId: context.jobId,
  })
  const begun = { writeId, objectName, objectBytes, nonce, fileKey, payloadNonce }
  const payload = { ...write, ...begun, start, partBytes }
  try {
    const path = backend.writeTarget?.(writeId)
    const leafDigests =
      path === undefined
        ? await writeInParts(services, context, payload)
        : await writeInPlace(services, context, path, payload)
    return await finishPayload(context, write, header, { ...begun, leafDigests })
  } catch (error) {
    fileKey.fill(0)
    // What stays because the store is gone is named by the journal, and taken back with the retry or the cancel; an
    // upload in parts is kept, and gone on with.
    if (backend.writeTarget !== undefined) await backend.abortWrite(writeId).catch(() => undefined)
    throw error
  }
}

type Begun = Pick<
  WrittenObject,
  'writeId' | 'objectName' | 'objectBytes' | 'nonce' | 'fileKey' | 'payloadNonce'
>
type Payload = Write & Begun & { start: Uint8Array; partBytes: number }

/** Journals what the payload became, once the source is known to be what it was. */
export async function finishPayload(
  context: JobContext,
  { source, describing }: Pick<Write, 'source' | 'describing'>,
  header: Uint8Array,
  written: Begun & { leafDigests: Uint8Array },
): Promise<WrittenObject> {
  await source.checkUnchanged()
  const pin = fingerprint(header, written.payloadNonce)
  const root = rootDigest(written.leafDigests)
  const described = await describing
  await context.journal('payload', {
    leafDigests: Buffer.from(written.leafDigests).toString('base64'),
    root,
    algorithm: leafDigestAlgorithm,
    fingerprint: pin,
    described,
  })
  return { ...written, root, fingerprint: pin, described }
}

async function writeInParts(services: Services, context: JobContext, payload: Payload): Promise<Uint8Array> {
  const { source, writeId, partBytes } = payload
  await context.journal('upload', {
    writeId,
    partBytes,
    source: sourceDigest(source.segments),
    machine: services.machineId,
  })
  const before = { journaled: new Map(), acknowledged: new Set<number>(), stored: new Map() }
  const leafDigests = await sendParts(services, context, { ...payload, before })
  return leafDigests ?? fail({ code: 'file/changed-while-reading', path: payload.name })
}

function writeInPlace(
  services: Services,
  context: JobContext,
  path: string,
  { store, objectName, start, source, ...payload }: Payload,
): Promise<Uint8Array> {
  return asStoreFailure({ use: 'write', store, objectName, path }, async () => {
    await writeStart(services, path, start)
    const { leafDigests } = await services.payloads.encrypt({
      source: { kind: 'segments', segments: source.segments },
      name: payload.name,
      signal: context.signal,
      onProgress: (done) => context.report('encrypting', done, source.sizeBytes),
      ...(services.bytesPerSecond === undefined ? {} : { bytesPerSecond: services.bytesPerSecond }),
      fileKey: payload.fileKey,
      payloadNonce: payload.payloadNonce,
      plaintextBytes: source.sizeBytes,
      sink: { kind: 'file', path, fileOffset: start.length },
    })
    return leafDigests ?? noDigests()
  })
}

const noDigests = (): never => {
  throw new Error('the payload has no digests')
}

const writeStart = ({ files }: Services, path: string, start: Uint8Array): Promise<void> =>
  asFileFailure(path, async () => {
    const file = await files.openExisting(path)
    try {
      await file.write(start, 0)
    } finally {
      await file.close()
    }
  })

/** Takes back every write that the journal of this job names, or that it began without coming to know its id.
 * @throws WeightlockError `store/…` */
export async function abortWritesOf(
  services: Services,
  store: OpenStore,
  context: JobContext,
): Promise<void> {
  const attempts = (await readAttempts(context)).flatMap(({ header, upload }) => {
    if (header === null) return []
    const { objectName, at, uploadsBefore = null } = header
    return [{ objectName, at, uploadsBefore, own: upload?.writeId ?? null }]
  })
  await abortWrites(services, store, context.jobId, attempts)
}
