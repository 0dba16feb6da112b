/** What the catalog knows and does for a rotation (cryptography.md, section 5, "Rewrap"). */
import type { Ownership } from '../../shared/domain/artifact.ts'
import type { KeyAlgorithm, KeyRow, KeyState } from '../../shared/domain/key.ts'
import type { ObjectChecksum } from '../../shared/domain/object-checksum.ts'
import type { RotationMethod } from '../../shared/domain/rotation.ts'
import type { ArtifactId, JobId, KeyId, StoreId } from '../../shared/ids.ts'
import type { Price } from '../../shared/price.ts'
import type { Actor } from './catalog.ts'
import type { EncryptedVersion } from './encrypt-operations.ts'
import type { JobUsingKey } from './key-operations.ts'

/** What a plan needs to know of a key that is to be replaced. */
export type RotationKeyFacts = {
  keyId: KeyId
  alias: string
  state: KeyState
  algorithm: KeyAlgorithm
  rotationDueAt: number | null
  isMissing: boolean
  /** When it is to be destroyed, where that is scheduled. */
  destroyAt: number | null
  /** Null of a key that opens nothing known. */
  artifact: null | {
    artifactId: ArtifactId
    name: string
    ownership: Ownership
    /** Its key in use; null where there is none. */
    activeKeyId: KeyId | null
    isUnresolved: boolean
    isTainted: boolean
    /** Open jobs that stand in the way. */
    jobs: JobUsingKey[]
    /** Those among them that hold a version which they are encrypting. */
    encrypting: JobUsingKey[]
    /** What is there of every version that some key still opens. */
    versions: {
      version: number
      /** Of the keys whose headers are accepted. */
      algorithms: KeyAlgorithm[]
      plaintextBytes: number
      objects: { storeId: StoreId; sizeBytes: number }[]
    }[]
  }
}

export type RotationFacts = {
  /** In the order asked, without those that were never heard of. */
  keys: RotationKeyFacts[]
  stores: {
    storeId: StoreId
    name: string
    kind: string
    /** As its settings say. */
    price: Price | null
  }[]
  kits: { where: string; madeAt: number }[]
  /** Bytes in a second of the last transfers; null where there were none. */
  bytesPerSecond: number | null
}

export type RotationOperations = {
  /** @param keyIds null: all that are due within 7 days or overdue */
  rotationFacts: (keyIds: KeyId[] | null) => RotationFacts
  /** Suspends an active key, or makes a suspended one active again. Dated, audited.
   * @throws key/not-found, key/illegal-transition; key/being-destroyed where its destruction is scheduled or open;
   * rotation/another-key-active where the artifact has another key in use */
  keyRested: (request: { keyId: KeyId; to: 'suspended' | 'active'; reason: string; by: Actor }) => KeyRow

  /** Journal step `header` with the new header of a version, and its fingerprint accepted from now on beside the ones
   * before. Asked again with the same fingerprint, it changes nothing. */
  headerPlanned: (request: PlannedWrap & { header: string }) => void
  /** Journal step `payload`: another payload that is to take the place of the version's, accepted from now on wherever
   * its fingerprint is found. */
  payloadPlanned: (request: PlannedWrap & { payload: EncryptedVersion['payload'] }) => void
  /** Journal step `switched`: what lies there now was read back, and opens with the new key. */
  objectSwitched: (request: {
    jobId: JobId
    artifactId: ArtifactId
    version: number
    fingerprint: string
    storeId: StoreId
    objectName: string
    revision: string
    sizeBytes: number
    checksum: ObjectChecksum | null
    /** Of the file that was replaced: they have it still, as it was. */
    otherNames: number
  }) => void
  /** The one transaction that ends a rotation: the new wraps (and payloads) alone are accepted, the new key is active, the
   * one in use before is deactivated, headers in the journal are wiped, step `end`, job `done`. Asked again, it changes
   * nothing.
   * @returns versions that were stored meanwhile and are not among these: nothing was changed then */
  rotationCompleted: (request: {
    jobId: JobId
    method: RotationMethod
    artifactId: ArtifactId
    keyId: KeyId
    reason: string
    versions: RotatedVersion[]
    /** Nothing of them is there: they stay as they were. */
    absent: number[]
    outcome: string
    report: string[]
    by: Actor
  }) => { more: number[] }
  /** Ends a rotation whose objects are gone and were given up by name: step `end`, job `done`. Its new key is kept, to
   * open what may turn up again; the old one stays as it is; both headers, and both payloads, stay accepted. Asked again,
   * it changes nothing. */
  rotationGivenUp: (request: {
    jobId: JobId
    artifactId: ArtifactId
    keyId: KeyId
    objects: { version: number; storeId: StoreId; objectName: string }[]
    outcome: string
    report: string[]
    by: Actor
  }) => void
  /** A payload that a rotation wrote which was given up was found after all: it is the version's from now on. */
  givenUpPayloadMet: (request: { artifactId: ArtifactId; version: number; fingerprint: string }) => void
  /** Nothing was switched: what was planned is accepted no more. The new key stays one that wrapped the payload. */
  rotationTakenBack: (request: { jobId: JobId; artifactId: ArtifactId }) => void
}

type PlannedWrap = {
  jobId: JobId
  artifactId: ArtifactId
  version: number
  keyId: KeyId
  /** Hex. */
  fingerprint: string
}

export type RotatedVersion = { version: number; fingerprint: string }
