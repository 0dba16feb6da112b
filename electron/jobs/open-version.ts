/** From an artifact's version to a payload that may be read: found, checked against its pin, opened. */
import type { StoredObject, VersionForOpening } from '../catalog/artifact-operations.ts'
import type { AgeFile } from '../age/age-file.ts'
import { openHeader } from '../age/open-header.ts'
import { openPlaintext } from '../age/payload-range.ts'
import { readKeyHint } from '../age/weightlock-stanza.ts'
import { withIdentity } from '../keys/with-identity.ts'
import type { ObjectInfo } from '../storage/backend.ts'
import { fail, failureOf, type Failure } from '../../shared/failure.ts'
import type { ArtifactId, KeyId } from '../../shared/ids.ts'
import { mayOpen } from '../../shared/key-state.ts'
import { byItself } from '../catalog/catalog.ts'
import { importedKeys } from '../keys/imported-keys.ts'
import { ownerIn } from './object-metadata.ts'
import { findRenamed, type ObjectsOfSize } from './find-renamed.ts'
import { objectReader, payloadSource } from './object-reader.ts'
import { requireOwnMetadata } from './own-metadata.ts'
import { recognise, type Recognised } from './recognise.ts'
import { isRefusal } from './refusal.ts'
import type { OpenStore, Services } from './services.ts'
import type { PayloadSource } from './workers/payload-run.ts'

export type FoundVersion = {
  version: VersionForOpening
  store: OpenStore
  object: StoredObject
  info: ObjectInfo
  file: AgeFile
  recognised: Recognised
}

export type OpenedVersion = FoundVersion & {
  keyId: KeyId
  /** 16 bytes, zeroed by `close`. */
  fileKey: Uint8Array
  source: PayloadSource
  close: () => void
}

/** Finds a version's object in its stores and checks header, nonce and size against the pin: the first that is there and
 * is not refused.
 * @param isMeant the objects that will do; all of them where left out
 * @throws WeightlockError `artifact/ciphertext-deleted`, `store/object-not-found`, `store/unreachable`, `verify/…`, `age/…` */
export async function findVersion(
  services: Services,
  artifactId: ArtifactId,
  number: number | null,
  isMeant: (object: StoredObject) => boolean = () => true,
): Promise<FoundVersion> {
  const version = await services.catalog.versionForOpening(artifactId, number)
  if (version.objects.length === 0)
    return fail({ code: 'artifact/ciphertext-deleted', name: version.name, version: version.version })
  const meant = version.objects.filter(isMeant)
  let missing: Failure | null = null
  for (const object of meant) {
    try {
      const found = await findObject(services, version, object)
      if (found !== null) return found
      const store = await services.catalog.getStore(object.storeId)
      missing ??= { code: 'store/object-not-found', store: store.name, objectName: object.objectName }
    } catch (error) {
      const failure = failureOf(error)
      if (failure === null || meant.length === 1) throw error
      // What was refused says more than what could not be asked.
      if (missing === null || !isRefusal(missing)) missing = failure
    }
  }
  return fail(missing ?? { code: 'artifact/not-found', query: version.name })
}

/** One object of a version, under its name or renamed. @returns null where it is proved absent
 * @throws WeightlockError `store/…`, `verify/…`, `age/…` */
export async function findObject(
  services: Services,
  version: VersionForOpening,
  object: StoredObject,
  ofSize?: ObjectsOfSize,
): Promise<FoundVersion | null> {
  const store = await services.openStore(object.storeId)
  const info =
    (await store.backend.head(object.objectName)) ??
    (await findRenamed(services, store, version, object, ofSize))
  if (info === null) return null
  const recognised = await recognise(services.catalog, version, objectReader(store.backend, info))
  const ownership = (await meetsOwner(services, version, object, info)) ? 'reader' : version.ownership
  requireOwnMetadata(version, object, store.row.name, info, recognised)
  return {
    version: { ...recognised.version, ownership },
    store,
    object,
    info,
    file: recognised.file,
    recognised,
  }
}

/** Whoever meets another owner becomes a reader (cryptography.md, section 4).
 * @returns whether one was met now */
async function meetsOwner(
  { catalog }: Services,
  version: VersionForOpening,
  { storeId }: StoredObject,
  { name: objectName, metadata }: ObjectInfo,
): Promise<boolean> {
  const owner = ownerIn(metadata)
  if (owner === null || version.ownership === 'reader') return false
  if (owner === (await catalog.installation()).installationId) return false
  const { artifactId } = version
  await catalog.ownerMet({ artifactId, version: version.version, storeId, objectName, owner, by: byItself })
  return true
}

/** Opens a version with the keys that are held here.
 * @throws WeightlockError as `findVersion`, and `key/destroyed`, `key/missing-from-keychain`, `keychain/…`,
 * `age/no-identity-match`; `verify/wrapped-elsewhere` where another owner's header opens with no key here */
export async function openVersion(
  services: Services,
  artifactId: ArtifactId,
  number: number | null,
  isMeant?: (object: StoredObject) => boolean,
): Promise<OpenedVersion> {
  return openFound(services, await findVersion(services, artifactId, number, isMeant))
}

/** Opens what was found.
 * @throws WeightlockError as `openVersion`; `verify/altered` where a header that is not ours opens with no key here */
export async function openFound(services: Services, found: FoundVersion): Promise<OpenedVersion> {
  const { keyId, fileKey } = await unwrap(services, found)
  const { store, info, file } = found
  if (found.recognised.wrap === null) await requireFileKey(found, fileKey)
  return {
    ...found,
    keyId,
    fileKey,
    source: payloadSource(store.backend, info, file),
    close: () => void fileKey.fill(0),
  }
}

/** Whoever knows a recipient can wrap any file key for it. Digests of ciphertext say nothing of that: the payload's last
 * chunk and its first one have to open with it.
 * @throws WeightlockError `verify/altered`, the file key zeroed; `store/…` */
async function requireFileKey({ version, file }: FoundVersion, fileKey: Uint8Array): Promise<void> {
  try {
    const plaintext = await openPlaintext(file, fileKey)
    try {
      ;(await plaintext.read(0, 1)).fill(0)
    } finally {
      plaintext.close()
    }
  } catch (error) {
    fileKey.fill(0)
    if (failureOf(error)?.code !== 'age/payload-altered') throw error
    fail({ code: 'verify/altered', name: version.name })
  }
}

async function unwrap(
  services: Services,
  found: FoundVersion,
): Promise<{ keyId: KeyId; fileKey: Uint8Array }> {
  const { version, file, recognised } = found
  const hint = readKeyHint(file.header.stanzas)
  const first = recognised.wrap?.keyId ?? hint?.keyId
  const others = recognised.wrap === null ? await importedKeys(services.catalog) : []
  const candidates = [...new Set([...(first ? [first] : []), ...version.keyIds, ...others])]
  const refusals: Failure[] = []
  for (const keyId of candidates) {
    const record = await services.catalog.keyRecord(keyId)
    if (record === null) continue
    // A rotation that is under way: what it wrapped already opens with the new key alone.
    const isPlanned = record.state === 'pre-activation' && keyId === recognised.wrap?.keyId
    if (!mayOpen(record.state) && !isPlanned) {
      refusals.push(
        record.state === 'destroyed'
          ? { code: 'key/destroyed', keyId }
          : { code: 'key/not-active', keyId, state: record.state },
      )
      continue
    }
    try {
      const fileKey = await withIdentity(services.secrets, keyId, (identity) =>
        openHeader(file.header, [identity]),
      )
      return { keyId, fileKey }
    } catch (error) {
      const failure = failureOf(error)
      if (failure === null) throw error
      if (failure.code !== 'age/no-identity-match' && failure.code !== 'key/missing-from-keychain')
        throw error
      refusals.push(failure)
    }
  }
  const { stanzas } = file.header
  const telling = refusals.find(({ code }) => code !== 'age/no-identity-match')
  // A reader's owner may have rotated it; nothing is opened, whatever it is.
  if (telling === undefined && recognised.wrap === null)
    return fail({
      code: version.ownership === 'reader' ? 'verify/wrapped-elsewhere' : 'verify/altered',
      name: version.name,
    })
  return fail(telling ?? { code: 'age/no-identity-match', stanzaTypes: stanzas.map(({ type }) => type) })
}
