/** Writes a version's ciphertext into its store: header and nonce, then the payload by the workers. */
import { keyHeader } from '../../../age/rewrap.ts'
import { generateFileKey, randomSecret } from '../../../age/file-key.ts'
import { fingerprint } from '../../../age/fingerprint.ts'
import { leafDigestAlgorithm } from '../../../age/leaf-digest.ts'
import { ciphertextSizeBytes, payloadNonceBytes } from '../../../age/payload-size.ts'
import type { Reservation } from '../../../catalog/encrypt-operations.ts'
import type { WriteId } from '../../../storage/backend.ts'
import { asFileFailure } from '../../../storage/file-failures.ts'
import { fail } from '../../../../shared/failure.ts'
import type { JobContext } from '../../job-kind.ts'
import type { OpenStore, Services } from '../../services.ts'
import type { PlaintextSource } from '../../source/open-source.ts'
import { asStoreFailure } from '../../store-path-failure.ts'
import type { ArtifactKey } from './artifact-key.ts'
import type { Described } from './encrypt-journal.ts'

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

type Write = {
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
  await context.journal('header', {
    header: Buffer.from(header).toString('base64'),
    nonce,
    objectName,
    objectBytes,
    keyId: key.keyId,
  })
  const writeId = await backend.beginWrite(objectName, {
    sizeBytes: objectBytes,
    partBytes: objectBytes,
    metadata: { format: '1', artifact: reservation.artifactId, key: key.keyId },
    condition: { kind: 'absent' },
    jobId: context.jobId,
  })
  try {
    const path =
      backend.writeTarget?.(writeId) ??
      fail({ code: 'host/unsupported', action: `Writing to ${store.row.name}` })
    const { leafDigests, rootDigest } = await asStoreFailure(
      { use: 'write', store, objectName, path },
      async () => {
        await writeStart(services, path, start)
        return services.payloads.encrypt({
          source: { kind: 'segments', segments: source.segments },
          name: write.name,
          signal: context.signal,
          onProgress: (done) => context.report('encrypting', done, source.sizeBytes),
          ...(services.bytesPerSecond === undefined ? {} : { bytesPerSecond: services.bytesPerSecond }),
          fileKey,
          payloadNonce,
          plaintextBytes: source.sizeBytes,
          sink: { kind: 'file', path, fileOffset: start.length },
        })
      },
    )
    if (leafDigests === null || rootDigest === null) throw new Error('the payload has no digests')
    await source.checkUnchanged()
    const written = {
      writeId,
      objectName,
      objectBytes,
      nonce,
      leafDigests,
      root: rootDigest,
      fileKey,
      payloadNonce,
    }
    const pin = fingerprint(header, payloadNonce)
    const described = await write.describing
    await context.journal('payload', {
      leafDigests: Buffer.from(leafDigests).toString('base64'),
      root: rootDigest,
      algorithm: leafDigestAlgorithm,
      fingerprint: pin,
      described,
    })
    return { ...written, fingerprint: pin, described }
  } catch (error) {
    fileKey.fill(0)
    // What stays because the store is gone is named by the journal, and taken back with the retry or the cancel.
    await backend.abortWrite(writeId).catch(() => undefined)
    throw error
  }
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

/** Takes back every write that the journal of this job names.
 * @throws WeightlockError `store/…` */
export async function abortWritesOf(store: OpenStore, context: JobContext): Promise<void> {
  const names = (await context.steps()).flatMap(({ step, facts }) =>
    step === 'header' && typeof facts['objectName'] === 'string' ? [facts['objectName']] : [],
  )
  for (const name of new Set(names))
    for (const { id } of await store.backend.listWrites({ of: { name, jobId: context.jobId } }))
      await store.backend.abortWrite(id)
}
