/** What a rotation would do, worked out before anything happens: pure arithmetic over what is known. */
import { keyHeaderBytes } from '../age/rewrap.ts'
import { leafEndBytes, payloadNonceBytes } from '../age/payload-size.ts'
import type { RotationFacts, RotationKeyFacts } from '../catalog/rotation-operations.ts'
import { partSizeBytes } from '../storage/part-size.ts'
import type { KeyAlgorithm } from '../../shared/domain/key.ts'
import type { RotationInStore, RotationMethod, RotationPlan } from '../../shared/domain/rotation.ts'
import type { Failure } from '../../shared/failure.ts'
import type { StoreId } from '../../shared/ids.ts'

type Artifact = NonNullable<RotationKeyFacts['artifact']>
type Rotated = RotationKeyFacts & { artifact: Artifact }

/** What a store said of itself; null where it has not. */
export type StoreTraits = { keepsObjectVersions: boolean | null; copiesParts: boolean | null }

/** Why a key cannot be rotated now, or null. */
export function refusalOf(key: RotationKeyFacts): Failure | null {
  const { keyId, state, artifact } = key
  if (state === 'destroyed') return { code: 'key/destroyed', keyId }
  if (artifact === null) return { code: 'rotation/no-artifact', keyId }
  const { name, ownership, jobs } = artifact
  if (ownership === 'reader') return { code: 'artifact/not-owner', name }
  const isDying = jobs.some(({ kind }) => kind === 'destroy-key')
  if (key.destroyAt !== null || isDying) return { code: 'key/being-destroyed', keyId }
  const isUsed = state === 'active' || (artifact.activeKeyId === null && isLastOne(state))
  if (!isUsed && state !== 'compromised') return { code: 'rotation/key-not-in-use', keyId, state }
  if (artifact.isUnresolved) return { code: 'artifact/unresolved', name }
  if (jobs.length > 0) return { code: 'key/still-protects', keyId, jobs }
  if (key.isMissing) return { code: 'key/missing-from-keychain', keyId }
  if (artifact.versions.every(({ objects }) => objects.length === 0))
    return { code: 'rotation/nothing-stored', name }
  return null
}

/** Deactivated keys are rotated too where nothing took their place. */
const isLastOne = (state: RotationKeyFacts['state']): boolean => state === 'deactivated'

/** The keys to be replaced, each artifact once, by its active key where that was asked for as well; the others with
 * their reasons. */
export function chooseKeys(facts: RotationFacts): {
  keys: Rotated[]
  refused: RotationPlan['refused']
} {
  const refused: RotationPlan['refused'] = []
  const chosen = new Map<string, Rotated>()
  for (const key of facts.keys) {
    const failure = refusalOf(key)
    if (failure !== null || key.artifact === null) {
      if (failure !== null) refused.push({ keyId: key.keyId, alias: key.alias, failure })
      continue
    }
    const { artifactId } = key.artifact
    if (!chosen.has(artifactId) || key.state === 'active')
      chosen.set(artifactId, { ...key, artifact: key.artifact })
  }
  return { keys: [...chosen.values()], refused }
}

/** Why this method will not do for this artifact, or null. */
export function methodRefusal({ artifact, algorithm }: Rotated, method: RotationMethod): Failure | null {
  const { name, isTainted, versions } = artifact
  if (method === 're-encrypt') return null
  if (isTainted) return { code: 'rotation/tainted', name }
  const other = versions.find(({ algorithms }) => algorithms.some((each) => each !== algorithm))
  return other === undefined ? null : { code: 'rotation/needs-re-encryption', name, version: other.version }
}

/** What a rotation would do and take, before anything is done: artifacts with their keys, bytes to be moved in
 * each store by either method, and who is refused. Pure.
 * @param traits what each store can do; one that is missing here could not be asked
 * @returns sizes in bytes, times in seconds, null where no rate is known */
export function planRotation(facts: RotationFacts, traits: ReadonlyMap<StoreId, StoreTraits>): RotationPlan {
  const { keys, refused } = chooseKeys(facts)
  const inStores = (method: RotationMethod) =>
    facts.stores.flatMap((store) => inStore(keys, store, method, traits.get(store.storeId)) ?? [])
  const rewrap = inStores('rewrap')
  const reEncrypt = inStores('re-encrypt')
  const seconds = (stores: RotationInStore[], bytesOf: (store: RotationInStore) => number) =>
    facts.bytesPerSecond === null
      ? null
      : stores.reduce((total, store) => total + bytesOf(store), 0) / facts.bytesPerSecond
  return {
    artifacts: keys.map(({ keyId, alias, state, rotationDueAt, artifact }) => {
      const objects = artifact.versions.flatMap((version) => version.objects)
      return {
        artifactId: artifact.artifactId,
        name: artifact.name,
        keyId,
        alias,
        state,
        versions: artifact.versions.length,
        objects: objects.length,
        ciphertextBytes: sum(objects.map(({ sizeBytes }) => sizeBytes)),
        rotationDueAt,
        isTainted: artifact.isTainted,
      }
    }),
    refused,
    rewrap,
    reEncrypt,
    rewrapSeconds: seconds(rewrap, (store) => store.downloadedBytes + store.uploadedBytes),
    reEncryptSeconds: seconds(reEncrypt, (store) => store.objectBytes),
    kits: facts.kits,
  }
}

function inStore(
  keys: Rotated[],
  { storeId, name, kind, price }: RotationFacts['stores'][number],
  method: RotationMethod,
  traits: StoreTraits = { keepsObjectVersions: null, copiesParts: null },
): RotationInStore | null {
  const all = keys.flatMap(({ artifact, algorithm }) =>
    artifact.versions.flatMap(({ objects }) =>
      objects
        .filter((object) => object.storeId === storeId)
        .map(({ sizeBytes }) => ({ sizeBytes, algorithm, artifactId: artifact.artifactId })),
    ),
  )
  if (all.length === 0) return null
  const isBucket = kind === 's3'
  const objectBytes = sum(all.map(({ sizeBytes }) => sizeBytes))
  const moved = all.map(({ sizeBytes, algorithm }) => movedBytes(sizeBytes, algorithm, method, traits))
  const keeps = isBucket ? traits.keepsObjectVersions : false
  return {
    storeId,
    store: name,
    kind: isBucket ? 's3' : 'local-folder',
    artifacts: new Set(all.map(({ artifactId }) => artifactId)).size,
    objects: all.length,
    objectBytes,
    downloadedBytes: isBucket ? sum(moved.map(({ downloaded }) => downloaded)) : 0,
    uploadedBytes: isBucket ? sum(moved.map(({ uploaded }) => uploaded)) : 0,
    copiedBytes: isBucket ? sum(moved.map(({ copied }) => copied)) : 0,
    headerBytes:
      isBucket || method === 're-encrypt' ? 0 : sum(all.map(({ algorithm }) => keyHeaderBytes[algorithm])),
    keptObjectVersions: keeps === null ? null : keeps ? all.length : 0,
    keptBytes: keeps === null ? null : keeps ? objectBytes : 0,
    price,
  }
}

const sum = (numbers: number[]): number => numbers.reduce((total, each) => total + each, 0)

/** One object in a bucket. A rewrap reads to the end of the leaf that the first part cuts, and sends that part. */
function movedBytes(
  sizeBytes: number,
  algorithm: KeyAlgorithm,
  method: RotationMethod,
  { copiesParts }: StoreTraits,
): { downloaded: number; uploaded: number; copied: number } {
  const partBytes = partSizeBytes(sizeBytes)
  if (method === 're-encrypt' || copiesParts === false || sizeBytes <= partBytes)
    return { downloaded: sizeBytes, uploaded: sizeBytes, copied: 0 }
  return {
    downloaded: firstReadBytes(sizeBytes, partBytes, keyHeaderBytes[algorithm]),
    uploaded: partBytes,
    copied: sizeBytes - partBytes,
  }
}

/** From the object's beginning to the end of the leaf that its first part cuts. */
export function firstReadBytes(sizeBytes: number, partBytes: number, headerBytes: number): number {
  const payloadOffset = headerBytes + payloadNonceBytes
  return Math.min(sizeBytes, payloadOffset + leafEndBytes(partBytes - payloadOffset))
}
