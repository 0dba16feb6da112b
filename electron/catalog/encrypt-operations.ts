import type { Ownership } from '../../shared/domain/artifact.ts'
import type { KeyAlgorithm } from '../../shared/domain/key.ts'
import type { ObjectChecksum } from '../../shared/domain/object-checksum.ts'
import type { ArtifactId, JobId, KeyId, StoreId } from '../../shared/ids.ts'
import type { ModelSummary } from '../../shared/model-inspection.ts'
import type { Actor, Json } from './catalog.ts'

/** What a drop of this name would become. */
export type NameProposal = {
  existing: {
    artifactId: ArtifactId
    nextVersion: number
    ownership: Ownership
    /** Of an artifact of its own. */
    separateObjectName: string
  } | null
  objectName: string
}

/** A version number and an object name, held for a job until it ends. */
export type Reservation = {
  jobId: JobId
  artifactId: ArtifactId
  storeId: StoreId
  name: string
  isNewArtifact: boolean
  version: number
  objectName: string
  ownership: Ownership
  /** The artifact's active key, to be used again; null when a key must be made. */
  activeKeyId: KeyId | null
  /** An open job that is making this artifact's first key: start after it has ended, or use a key of one's own (the
   * later one to finish then replaces the earlier). */
  waitsFor: JobId | null
}

export type ReserveVersion = {
  jobId: JobId
  storeId: StoreId
  /** With its folder: `fraud/model.pkl`. */
  name: string
  isFolder: boolean
  /** Always a new artifact, also where the name exists. */
  separate: boolean
  /** A new version of this artifact, whatever else has its name. */
  artifactId?: ArtifactId
  /** Object names that the store was found to hold already. */
  taken: string[]
  /** The object is called by the artifact's id alone. */
  opaqueName?: boolean
  /** What the store's names may be; without, those of a local folder on this system. */
  rules?: { windows: boolean; maxPartBytes: number }
}

export type EncryptedVersion = {
  jobId: JobId
  artifactId: ArtifactId
  version: number
  payload: {
    /** 16 bytes, hex. */
    nonce: string
    /** 32 bytes for each leaf. */
    leafDigests: Uint8Array
    /** Hex. */
    root: string
    /** `blake3`. */
    algorithm: string
  }
  wrap: { keyId: KeyId; /** Hex. */ fingerprint: string }
  object: {
    storeId: StoreId
    name: string
    sizeBytes: number
    revision: string
    checksum?: ObjectChecksum | null
  }
  plaintextBytes: number
  encryptedAt: number
  summary: ModelSummary
  isFolder: boolean
  /** Names, sizes and digests of a folder's entries. */
  manifest: Json
  by: Actor
}

/** From a name to a stored version. */
export type EncryptOperations = {
  /** For the encrypt sheet; reserves nothing. Names that the items share among themselves are counted.
   * @throws store/not-found, artifact/name-invalid, artifact/ambiguous with the ids */
  proposeVersions: (
    storeId: StoreId,
    items: { name: string; isFolder: boolean; separate: boolean }[],
    rules?: { windows: boolean; maxPartBytes: number },
  ) => NameProposal[]
  /** Takes the next version number and a free object name for a job. Asked again by the same job, it gives what it
   * gave, unless `taken` names that object: then another name. A new artifact exists from here on but is listed by
   * nothing before `encryptCompleted`.
   * @throws store/not-found, artifact/name-invalid, artifact/ambiguous with the ids */
  reserveVersion: (request: ReserveVersion) => Reservation
  /** Null when the job holds none. */
  reservationOf: (jobId: JobId) => Reservation | null
  /** Gives it back, and forgets an artifact that got no version and no key. Does nothing when there is none. */
  releaseReservation: (jobId: JobId) => void

  /** A new key, before it has encrypted anything: the artifact's next key number, state `pre-activation`, a keychain
   * copy, journal step `key`. Call after the keychain was read back. @throws key/already-known */
  keyPreActivated: (request: {
    jobId: JobId
    keyId: KeyId
    artifactId: ArtifactId
    algorithm: KeyAlgorithm
    recipient: string
    backend: string
    /** The machine's name. */
    madeOn: string
    by: Actor
  }) => void

  /** The one transaction that makes a verified ciphertext visible: payload, wrap, object, version, key active
   * (`activateKey`; another active key of the artifact is deactivated as replaced), journal step `verified`, search,
   * audit; the reservation ends. With `end`, also journal step `end` and the job is `done`.
   * Called by the job whose version was unresolved, it puts this one in its place. Called again by the same job with
   * the same fingerprint, it changes nothing. */
  encryptCompleted: (
    request: EncryptedVersion & { activateKey: boolean; end: { outcome: string; report: string[] } | null },
  ) => void
  /** The outcome of the last write is unknown: the version is shown as `unresolved`, its key is kept as it is, the job
   * is `unresolved`, the reservation stays. */
  encryptUnresolved: (request: EncryptedVersion & { safe: string }) => void
  /** Reading the store proved that the object is not there and no upload is open: an unresolved version goes. */
  encryptGivenUp: (request: { jobId: JobId; artifactId: ArtifactId; version: number; by: Actor }) => void
}
