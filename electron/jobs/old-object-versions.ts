/** Object versions that stores keep and that keys still open: each one's header is read, and says whose it is. */
import type { ObjectVersionRef, OldObjectVersion, OldObjectVersions } from '../../shared/domain/compromise.ts'
import { fail, failureOf } from '../../shared/failure.ts'
import type { KeyId } from '../../shared/ids.ts'
import { readAgeFileStart } from '../age/age-file.ts'
import { readKeyHint } from '../age/weightlock-stanza.ts'
import type { LeakedObject } from '../catalog/compromise-operations.ts'
import type { ObjectVersion, StorageBackend } from '../storage/backend.ts'
import { withAtMost } from './at-most.ts'
import type { Services } from './services.ts'

/** Asks every store that holds an object of the keys' artifacts. The latest object version is left out: that one is the
 * artifact's version itself, which is encrypted anew, unless its name was deleted.
 * @returns with the stores that could not be asked */
export async function oldObjectVersions(
  services: Pick<Services, 'catalog' | 'openStore'>,
  keyIds: readonly KeyId[],
  signal?: AbortSignal,
): Promise<OldObjectVersions> {
  const meant = new Set(keyIds)
  const objects = await services.catalog.leakedObjects(keyIds)
  const versions: OldObjectVersion[] = []
  const unasked: OldObjectVersions['unasked'] = []
  for (const [storeId, ofStore] of Map.groupBy(objects, (each) => each.storeId)) {
    const store = ofStore[0]?.store ?? ''
    try {
      const { backend } = await services.openStore(storeId)
      if (!(await backend.capabilities()).objectVersions) continue
      versions.push(...(await inStore(services, backend, ofStore, meant, signal)))
    } catch (error) {
      const failure = failureOf(error)
      if (failure === null) throw error
      unasked.push({ storeId, store, failure })
    }
  }
  return { versions, unasked }
}

const headersAtOnce = 8

async function inStore(
  { catalog }: Pick<Services, 'catalog'>,
  backend: StorageBackend,
  objects: readonly LeakedObject[],
  meant: ReadonlySet<KeyId>,
  signal: AbortSignal | undefined,
): Promise<OldObjectVersion[]> {
  const kept = await withAtMost(headersAtOnce, objects, async (object) => {
    const listed = (await backend.versions?.(object.objectName, options(signal))) ?? []
    return listed
      .filter(({ isLatest, isDeleteMarker }) => !isLatest && !isDeleteMarker)
      .map((each) => ({ object, each }))
  })
  const found = await withAtMost(headersAtOnce, kept.flat(), async ({ object, each }) => {
    const header = await headerOf(backend, object.objectName, each, signal)
    const keyId = header && ((await catalog.keyOfFingerprint(header.fingerprint)) ?? header.hint)
    return keyId && meant.has(keyId) ? [{ object, each, keyId }] : []
  })
  const givenUp = new Map<KeyId, Set<string>>()
  for (const keyId of new Set(found.flat().map((one) => one.keyId)))
    givenUp.set(keyId, new Set((await catalog.givenUpObjectVersions(keyId)).map(nameOf)))
  return found.flat().map(({ object, each: { versionId, sizeBytes, modifiedAt }, keyId }) => ({
    ...object,
    keyId,
    versionId,
    sizeBytes,
    modifiedAt,
    isGivenUp: givenUp.get(keyId)?.has(nameOf({ ...object, versionId })) ?? false,
  }))
}

const nameOf = ({ storeId, objectName, versionId }: ObjectVersionRef): string =>
  JSON.stringify([storeId, objectName, versionId])

const options = (signal: AbortSignal | undefined) => (signal ? { signal } : {})

/** Null for what is no age file: no key of ours opens it. */
export async function headerOf(
  backend: StorageBackend,
  name: string,
  { versionId, sizeBytes }: ObjectVersion,
  signal?: AbortSignal,
): Promise<{ fingerprint: string; hint: KeyId | null } | null> {
  try {
    const { header, fingerprint } = await readAgeFileStart({
      sizeBytes,
      read: (offset, wantedBytes) => {
        const lengthBytes = Math.min(wantedBytes, sizeBytes - offset)
        if (lengthBytes <= 0) return Promise.resolve(new Uint8Array(0))
        return backend.read(name, { offset, lengthBytes }, { versionId, ...options(signal) })
      },
    })
    return { fingerprint, hint: readKeyHint(header.stanzas)?.keyId ?? null }
  } catch (error) {
    const code = failureOf(error)?.code
    // Gone since it was listed, or never ours.
    if (code === 'store/object-not-found' || code?.startsWith('age/')) return null
    throw error
  }
}

/** What the stores keep and a key opens, before it is destroyed.
 * @throws WeightlockError `store/…` where a store cannot be asked: what it keeps is unknown */
export async function keptAndOpenedBy(
  services: Pick<Services, 'catalog' | 'openStore'>,
  keyId: KeyId,
  signal?: AbortSignal,
): Promise<ObjectVersionRef[]> {
  const { versions, unasked } = await oldObjectVersions(services, [keyId], signal)
  const [first] = unasked
  if (first) fail(first.failure)
  return versions.map(({ storeId, objectName, versionId }) => ({ storeId, objectName, versionId }))
}
