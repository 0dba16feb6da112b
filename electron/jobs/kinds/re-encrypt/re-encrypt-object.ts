/** One object under a new file key and a new nonce: read and compared with its pins, decrypted and encrypted in memory,
 * written in its own place. */
import { z } from 'zod'
import { fail } from '../../../../shared/failure.ts'
import { fingerprint as fingerprintOf } from '../../../age/fingerprint.ts'
import { generateFileKey, randomSecret } from '../../../age/file-key.ts'
import { parseHeader } from '../../../age/header.ts'
import { leafDigestAlgorithm, rootDigest } from '../../../age/leaf-digest.ts'
import { openHeader } from '../../../age/open-header.ts'
import { ciphertextSizeBytes, payloadNonceBytes } from '../../../age/payload-size.ts'
import { keyHeader } from '../../../age/rewrap.ts'
import { withIdentity } from '../../../keys/with-identity.ts'
import { asFileFailure } from '../../../storage/file-failures.ts'
import type { JobContext } from '../../job-kind.ts'
import type { ArtifactKey } from '../../new-key.ts'
import { openFound, type FoundVersion } from '../../open-version.ts'
import {
  beginReplace,
  completeReplace,
  openReplace,
  type BegunReplace,
} from '../../rotation/replace-object.ts'
import { isSamePlace, readRotationJournal } from '../../rotation/rotation-journal.ts'
import { verifiedPlaintext, type VerifiedPlaintext } from '../../rotation/verified-plaintext.ts'
import type { Services } from '../../services.ts'
import { asReadFailure, asStoreFailure } from '../../store-path-failure.ts'
import { PartFacts } from '../../upload/part-digest.ts'
import { uploadParts } from '../../upload/upload-parts.ts'
import { planUpload } from '../../upload/upload-plan.ts'

/** What an object is to be. */
type NewPayload = {
  header: Uint8Array
  payloadNonce: Uint8Array
  /** 16 bytes; zeroed at the end. */
  fileKey: Uint8Array
  fingerprint: string
  begun: BegunReplace
  journaled: Map<number, PartFacts>
}

/** @returns the new fingerprint
 * @throws WeightlockError `verify/altered`, `store/…`, `keychain/…`; the signal's reason */
export async function reEncryptObject(
  services: Services,
  context: JobContext,
  key: ArtifactKey,
  found: FoundVersion,
  onProgress: (doneBytes: number) => void,
): Promise<string> {
  const opened = await openFound(services, found)
  const plaintext = verifiedPlaintext(opened)
  const payload =
    (await resumed(services, context, key, found)) ?? (await drawn(services, context, key, found))
  try {
    const leafDigests = await asReadFailure(found.store, found.info.name, () =>
      write(services, context, found, payload, plaintext, onProgress),
    )
    const { fingerprint, payloadNonce } = payload
    const { artifactId, version } = found.version
    await context.checkpoint('payload', () =>
      services.catalog.payloadPlanned({
        jobId: context.jobId,
        artifactId,
        version,
        keyId: key.keyId,
        fingerprint,
        payload: {
          nonce: Buffer.from(payloadNonce).toString('hex'),
          leafDigests,
          root: rootDigest(leafDigests),
          algorithm: leafDigestAlgorithm,
        },
      }),
    )
    await completeReplace(context, found, payload.begun.writeId, fingerprint)
    return fingerprint
  } finally {
    payload.fileKey.fill(0)
    plaintext.close()
    opened.close()
  }
}

/** A new file key and nonce, announced before anything is written under them. */
async function drawn(
  services: Services,
  context: JobContext,
  key: ArtifactKey,
  found: FoundVersion,
): Promise<NewPayload> {
  const { artifactId, plaintextBytes } = found.version
  const fileKey = generateFileKey()
  const payloadNonce = randomSecret(payloadNonceBytes)
  const header = await keyHeader(key.recipient, fileKey, { keyId: key.keyId, artifactId })
  const fingerprint = fingerprintOf(header, payloadNonce)
  const facts = {
    header: Buffer.from(header).toString('base64'),
    nonce: Buffer.from(payloadNonce).toString('hex'),
    machine: services.machineId,
  }
  const objectBytes = header.length + payloadNonceBytes + ciphertextSizeBytes(plaintextBytes)
  const { keyId } = key
  const what = { found, keyId, fingerprint, objectBytes, copiesParts: false, facts }
  const begun = await beginReplace(services, context, what)
  return { header, payloadNonce, fileKey, fingerprint, begun, journaled: new Map() }
}

const Drawn = z.object({ header: z.string(), nonce: z.string(), machine: z.string() })

/** Goes on with an upload under its own file key, which only the new key's identity unwraps.
 * @returns null where there is nothing to go on with, or where other bytes could be sent under the same file key */
async function resumed(
  services: Services,
  context: JobContext,
  key: ArtifactKey,
  found: FoundVersion,
): Promise<NewPayload | null> {
  const { version, object, info } = found
  const place = { version: version.version, storeId: object.storeId, objectName: info.name }
  const last = (await readRotationJournal(context)).replacing.findLast((each) => isSamePlace(each, place))
  const facts = Drawn.safeParse(last?.steps[0]?.facts).data
  if (last === undefined || facts === undefined || facts.machine !== services.machineId) return null
  const begun = await openReplace(context, found, last.fingerprint)
  if (begun === null) return null
  const parts = last.steps.flatMap(({ step, facts: of }) => (step === 'part-digest' ? [of] : []))
  const journaled = new Map(parts.map((of) => PartFacts.parse(of)).map((of) => [of.part, of]))
  if (begun.stored.some(({ part }) => !journaled.has(part))) return null
  const header = Buffer.from(facts.header, 'base64')
  const fileKey = await withIdentity(services.secrets, key.keyId, (identity) =>
    openHeader(parseHeader(header), [identity]),
  )
  const payloadNonce = Buffer.from(facts.nonce, 'hex')
  return { header, payloadNonce, fileKey, fingerprint: last.fingerprint, begun, journaled }
}

/** @returns leaf digests of the new payload */
function write(
  services: Services,
  context: JobContext,
  found: FoundVersion,
  payload: NewPayload,
  { source }: VerifiedPlaintext,
  onProgress: (doneBytes: number) => void,
): Promise<Uint8Array> {
  const { store, version, info } = found
  const { begun, fileKey, payloadNonce } = payload
  const start = Buffer.concat([payload.header, payloadNonce])
  const path = store.backend.writeTarget?.(begun.writeId)
  const { plaintextBytes, name } = version
  const run = {
    source,
    name,
    fileKey,
    payloadNonce,
    plaintextBytes,
    ...(services.bytesPerSecond === undefined ? {} : { bytesPerSecond: services.bytesPerSecond }),
  }
  if (path === undefined) return writeInParts(services, context, { found, payload, start, run }, onProgress)
  return asStoreFailure({ use: 'write', store, objectName: info.name, path }, async () => {
    await asFileFailure(path, async () => {
      const file = await services.files.openExisting(path)
      try {
        await file.write(start, 0)
      } finally {
        await file.close()
      }
    })
    const { leafDigests } = await services.payloads.encrypt({
      ...run,
      signal: context.signal,
      onProgress,
      sink: { kind: 'file', path, fileOffset: start.length },
    })
    return leafDigests ?? noDigests()
  })
}

const noDigests = (): never => {
  throw new Error('the payload has no digests')
}

async function writeInParts(
  services: Services,
  context: JobContext,
  {
    found,
    payload,
    start,
    run,
  }: {
    found: FoundVersion
    payload: NewPayload
    start: Uint8Array
    run: Parameters<typeof uploadParts>[0]['run']
  },
  onProgress: (doneBytes: number) => void,
): Promise<Uint8Array> {
  const { begun, journaled } = payload
  const leafDigests = await uploadParts({
    backend: found.store.backend,
    writeId: begun.writeId,
    plan: planUpload(start.length, run.plaintextBytes, begun.partBytes),
    start,
    stored: new Map(begun.stored.map((info) => [info.part, info])),
    journaled,
    acknowledged: new Set(begun.acknowledged.keys()),
    payloads: services.payloads,
    run,
    signal: context.signal,
    journal: (step, facts) =>
      context.journal(step, step === 'part-done' ? { checksum: null, ...facts } : facts),
    onProgress: (done) => onProgress(done),
  })
  // Every leaf was compared with its pin: the plaintext cannot be another one.
  return leafDigests ?? fail({ code: 'verify/altered', name: run.name })
}
