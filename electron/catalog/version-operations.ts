import type { Ownership, VerifyLevel } from '../../shared/domain/artifact.ts'
import type { KeyAlgorithm } from '../../shared/domain/key.ts'
import type { ObjectChecksum } from '../../shared/domain/object-checksum.ts'
import type { ArtifactId, JobId, KeyId, StoreId } from '../../shared/ids.ts'
import type { ModelSummary } from '../../shared/model-inspection.ts'
import type { Actor } from './catalog.ts'

/** A readable file that a rebuild found in a store. */
export type FoundVersion = {
  artifactId: ArtifactId
  /** With its folder; from the object's name. */
  name: string
  version: number
  isFolder: boolean
  storeId: StoreId
  objectName: string
  sizeBytes: number
  revision: string
  modifiedAt: number
  plaintextBytes: number
  /** Hex. */
  fingerprint: string
  /** 16 bytes, hex. */
  nonce: string
  keyId: KeyId
  algorithm: KeyAlgorithm
  recipient: string
  backend: string
  summary: ModelSummary | null
  /** `owner` where the user's word says that it is ours. */
  ownership: Ownership
}

/** New pins, after a full read that opened. */
export type Pin = {
  version: number
  fingerprint: string
  keyId: KeyId
  nonce: string
  leafDigests: Uint8Array
  root: string
  algorithm: string
}

/** What is learnt about versions that are stored already. */
export type VersionOperations = {
  /** A check that passed. */
  setVersionChecked: (request: {
    artifactId: ArtifactId
    version: number
    at: number
    how: VerifyLevel
    /** The object's revision then, where it lies. */
    object: {
      storeId: StoreId
      objectName: string
      revision: string
      /** What the store attests of it now, where all of it was read; left as it was where this is not given. */
      checksum?: ObjectChecksum | null
    }
  }) => void
  /** Proved absent from every store it was in. A version whose keys are all destroyed stays `erased`. Audited when that
   * is new. @throws artifact/not-found */
  versionMissing: (request: {
    artifactId: ArtifactId
    version: number
    /** Only this one of its objects; the others are left as they were. */
    object?: { storeId: StoreId; objectName: string }
    by: Actor
  }) => void
  /** A check that failed: noted with the version and audited; the pin stays. */
  versionRefused: (request: {
    artifactId: ArtifactId
    version: number
    /** `verify/altered`, … */
    code: string
    by: Actor
    jobId: JobId | null
  }) => void
  /** Another header around the same payload, opened here, leaf digests equal: accepted from now on in place of the
   * one before, with a dated note. */
  repinVersion: (request: {
    artifactId: ArtifactId
    version: number
    fingerprint: string
    keyId: KeyId
    note: string
    by: Actor
  }) => void
  /** Another header around the same payload, as for `repinVersion`, which is about to be replaced: its key opened the
   * payload, and it is not accepted. One that is known stays as it is. */
  wrapMet: (request: { artifactId: ArtifactId; version: number; fingerprint: string; keyId: KeyId }) => void
  /** A file of ours was found under another name in its store. @throws store/object-exists if that name is known */
  updateObjectLocation: (request: {
    artifactId: ArtifactId
    version: number
    storeId: StoreId
    from: string
    to: string
    revision: string
    by: Actor
  }) => void
  /** A version was opened. `to` says where it went, `standard output` or a path. */
  artifactDecrypted: (request: {
    artifactId: ArtifactId
    version: number
    keyId: KeyId
    to: string
    jobId: JobId
    by: Actor
  }) => void

  /** What a rebuild found and could open, at most 200 at once: unknown keys come back `suspended`, fingerprints
   * unpinned. What the catalog knows already is left alone.
   * @returns how many versions were new; for which object names the number is held; and which contradict the
   * catalog: a version more of a pinned artifact, or under another artifact's key */
  rebuildInsert: (request: { jobId: JobId; found: FoundVersion[]; by: Actor }) => {
    inserted: number
    conflicts: string[]
    contradictions: string[]
  }
  /** The first full read of a version that was not pinned: from now on it is compared with what it was then. It stays
   * its owner's. Audited. A version that is pinned is left alone. @throws artifact/not-found, verify/altered where it
   * is pinned as another */
  pinnedOnFirstUse: (request: { jobId: JobId; artifactId: ArtifactId; pin: Pin; by: Actor }) => void
  /** An object of ours names another installation as its owner: this one reads it from now on. Audited when that is
   * new. @throws artifact/not-found */
  ownerMet: (request: {
    artifactId: ArtifactId
    version: number
    storeId: StoreId
    objectName: string
    /** The other installation's id. */
    owner: string
    by: Actor
  }) => void
  /** Ownership moves here: every version of the artifact that was read in full is pinned. Versions left out stay
   * unpinned. @throws artifact/not-found */
  adopted: (request: { jobId: JobId; artifactId: ArtifactId; pins: Pin[]; by: Actor }) => void
}
