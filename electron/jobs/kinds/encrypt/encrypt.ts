/** From a dropped file or folder to a verified artifact in a store (cryptography.md, section 5). */
import { basename } from 'node:path'
import type { Reservation } from '../../../catalog/encrypt-operations.ts'
import { failureText } from '../../../../shared/failure-text.ts'
import { fail, failureOf, type Failure } from '../../../../shared/failure.ts'
import { safeText } from '../../../../shared/safe-text.ts'
import type { WriteId } from '../../../storage/backend.ts'
import { payloadSource } from '../../object-reader.ts'
import type { KeyId } from '../../../../shared/ids.ts'
import type { JobContext, JobKindDefinition, JobOutcome } from '../../job-kind.ts'
import type { OpenStore, Services } from '../../services.ts'
import { asReadFailure } from '../../store-path-failure.ts'
import { openSource, type PlaintextSource } from '../../source/open-source.ts'
import { summarise } from '../../source/summarise.ts'
import { takeBackKey } from '../../new-key.ts'
import { artifactKey } from './artifact-key.ts'
import type { Described } from './encrypt-journal.ts'
import { EncryptSpec } from './encrypt-spec.ts'
import { encryptedVersion, publish, stored, type Facts } from './publish-version.ts'
import { reserveObject } from './reserve-object.ts'
import { resumeObject, type Resumed } from './resume-object.ts'
import { findOwnObject, verifyOrRemove, verifyStored, type StoredFile } from '../../objects/settle-object.ts'
import { giveUp, requireNothingStored, takeUp } from './take-up.ts'
import { trashOriginal } from './trash-original.ts'
import { abortWritesOf, writeObject, type Write, type WrittenObject } from './write-object.ts'

const leftOutShown = 20

export const encryptKind = (services: Services): JobKindDefinition<EncryptSpec> => ({
  kind: 'encrypt',
  spec: EncryptSpec,
  describe: ({ name, sizeBytes }) => ({
    title: name,
    target: '',
    artifactId: null,
    keyId: null,
    totalBytes: sizeBytes,
  }),
  canPause: true,
  stores: async ({ storeId }) => [storeId],
  canReveal: ({ location }) =>
    location?.startsWith('/') || /^[a-z]:/i.test(location ?? '') ? location : null,
  safe: () =>
    'The original is untouched, no key is lost, and no half-written file stands in the store. What was uploaded to a bucket waits for the retry, and is taken back by a cancel.',
  run: (spec, context) => encrypt(services, spec, context),
  undo: async (spec, context) => {
    const store = await services.openStore(spec.storeId)
    const finished = await takeUp(services, store, spec, context)
    if (finished) return finished
    await abortWritesOf(services, store, context)
    await requireNothingStored(services, store, spec, context)
    await giveUp(services, context)
    await takeBackKey(services, context)
    return null
  },
  // An upload in parts is kept: it goes on where it stopped.
  settle: async (spec, context) => {
    const store = await services.openStore(spec.storeId)
    if (store.backend.writeTarget !== undefined) await abortWritesOf(services, store, context)
  },
})

async function encrypt(services: Services, spec: EncryptSpec, context: JobContext): Promise<JobOutcome> {
  const store = await services.openStore(spec.storeId)
  const finished = await takeUp(services, store, spec, context)
  if (finished) return finished
  const goesOn = store.backend.writeTarget === undefined
  if (!goesOn) await startOver(services, store, context)
  context.report('reading', 0, spec.sizeBytes)
  const rootName = basename(spec.name)
  const options = { rootName, leaveOutHidden: spec.leaveOutHidden, signal: context.signal }
  const source = await openSource(services.sources, spec.paths, options)
  try {
    // Looking inside goes on beside the encryption: both read the same source.
    const describing = describe(source, spec, context)
    describing.catch(() => undefined)
    const write = { store, source, name: spec.name, describing }
    const resumed = goesOn ? await resumeObject(services, context, write) : null
    if (goesOn && resumed === null) await startOver(services, store, context)
    const { written, reservation, keyId } = resumed ?? (await newObject(services, spec, context, write))
    try {
      context.report('finalising', source.sizeBytes, source.sizeBytes)
      await context.journal('complete-attempted')
      const facts: Facts = { described: written.described, reservation, keyId, written }
      const found = await complete(services, store, spec, context, written.writeId, facts)
      await publish(services, context, spec, facts, found)
      const all = { store, found, source, reservation, written, keyId }
      return await trashIfAsked(services, context, spec, all)
    } finally {
      written.fileKey.fill(0)
    }
  } finally {
    await source.close()
  }
}

/** What an earlier attempt left goes, before the next draws its own file key. */
async function startOver(services: Services, store: OpenStore, context: JobContext): Promise<void> {
  await abortWritesOf(services, store, context)
  await giveUp(services, context)
}

async function newObject(
  services: Services,
  spec: EncryptSpec,
  context: JobContext,
  write: Pick<Write, 'store' | 'source' | 'name' | 'describing'>,
): Promise<Resumed> {
  const reservation = await reserveObject(services, write.store, spec, context)
  const key = await artifactKey(services, context, reservation, spec.algorithm)
  const written = await writeObject(services, context, { ...write, key, reservation })
  return { written, reservation, keyId: key.keyId }
}

const describe = async (
  source: PlaintextSource,
  spec: EncryptSpec,
  context: JobContext,
): Promise<Described> => ({
  summary: await summarise(source, basename(spec.paths[0] ?? spec.name), context.signal),
  manifest: source.manifest,
  isFolder: source.isFolder,
  plaintextBytes: source.sizeBytes,
})

/** Makes the object appear, and reads it back: also where the reply was lost. */
async function complete(
  services: Services,
  store: OpenStore,
  spec: EncryptSpec,
  context: JobContext,
  writeId: WriteId,
  facts: Facts,
): Promise<StoredFile> {
  const { written, keyId, described } = facts
  let refusal: Failure | null = null
  try {
    await store.backend.completeWrite(writeId)
  } catch (error) {
    refusal = failureOf(error)
    if (refusal === null) throw error
  }
  let found: StoredFile | null
  try {
    found = await findOwnObject(store, written.objectName, written.fingerprint)
  } catch (error) {
    const version = encryptedVersion(services, context, spec, facts, { revision: '', checksum: null })
    await services.catalog.encryptUnresolved({
      ...version,
      safe: 'Its key is kept, and nothing was deleted.',
    })
    return fail({ code: 'artifact/unresolved', name: spec.name }, error)
  }
  if (found === null) {
    if (!goesOnAfter(store, refusal)) await store.backend.abortWrite(writeId)
    if (refusal !== null) return fail(refusal)
    return fail({ code: 'store/object-not-found', store: store.row.name, objectName: written.objectName })
  }
  context.report('verifying', described.plaintextBytes, described.plaintextBytes)
  await verifyOrRemove(services, store, found, keyId)
  return found
}

/** What the parts of an upload are not to blame for leaves them to the retry. */
const goesOnAfter = ({ backend }: OpenStore, refusal: Failure | null): boolean =>
  backend.writeTarget === undefined && refusal !== null && !newWriteNeeded.has(refusal.code)

const newWriteNeeded: ReadonlySet<Failure['code']> = new Set([
  'store/object-exists',
  'store/precondition-failed',
  'store/conflict',
  'store/upload-not-found',
])

async function trashIfAsked(
  services: Services,
  context: JobContext,
  spec: EncryptSpec,
  facts: {
    store: OpenStore
    found: StoredFile
    source: PlaintextSource
    reservation: Reservation
    written: WrittenObject
    keyId: KeyId
  },
): Promise<JobOutcome> {
  if (spec.original === 'keep') return { outcome: stored }
  const { store, found, source, reservation, written, keyId } = facts
  const { leftOut } = source
  if (leftOut.length > 0)
    return {
      outcome: `${stored}; original kept`,
      report: [
        `The original was kept, because not all of it is stored; left out: ${leftOut.length}`,
        ...leftOut.slice(0, leftOutShown).map((name) => `Left out: ${safeText(name)}`),
      ],
    }
  try {
    // The key is read back once more: the original goes only while what is stored opens.
    await verifyStored(services, found, keyId)
    const { attestsParts } = await store.backend.capabilities()
    const original = {
      paths: spec.paths,
      name: spec.name,
      artifactId: reservation.artifactId,
      source,
      stored: attestsParts ? null : payloadSource(store.backend, found.info, found.file),
      payloadBytes: found.file.payload.sizeBytes,
      written,
    }
    const { moved, failure } = await asReadFailure(store, found.info.name, () =>
      trashOriginal(services, context, original),
    )
    if (failure !== null)
      return {
        outcome: `${stored}; ${moved} of ${spec.paths.length} originals moved to the trash`,
        report: spec.paths
          .slice(moved)
          .map((path) => `The original ${safeText(path)} was kept: ${failureText(failure).title}`),
      }
    return { outcome: `${stored}; original moved to the trash` }
  } catch (error) {
    const failure = failureOf(error)
    if (failure === null) throw error
    return {
      outcome: `${stored}; original kept`,
      report: [`The original was kept: ${failureText(failure).title}`],
    }
  }
}
