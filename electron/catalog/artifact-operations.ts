import type { ObjectChecksum } from '../../shared/domain/object-checksum.ts'
import type { ParsedRequest, Response } from '../../shared/contract/contract.ts'
import type { ArtifactDetails, ArtifactRow, ArtifactStatus, Ownership } from '../../shared/domain/artifact.ts'
import type { ArtifactId, KeyId, StoreId } from '../../shared/ids.ts'
import type { Json } from './catalog.ts'

/** A place where a version's ciphertext lies. `revision` is the one seen when it was written or last found. */
export type StoredObject = {
  storeId: StoreId
  objectName: string
  sizeBytes: number
  revision: string
  /** What the store attested when it was stored; null where that was nothing. */
  checksum: ObjectChecksum | null
}

/** A header that a key wrapped around a payload. `isAccepted`: not replaced by another since. */
export type Wrap = {
  keyId: KeyId
  /** SHA-256(header ‖ payload nonce), hex. */
  fingerprint: string
  isAccepted: boolean
}

/** All that is needed to open a version, or to check that what lies in the store is it. */
export type VersionForOpening = {
  artifactId: ArtifactId
  name: string
  version: number
  ownership: Ownership
  status: ArtifactStatus
  /** 16 bytes, hex. */
  nonce: string
  /** 32 bytes for each leaf, in order; null while unpinned. */
  leafDigests: Uint8Array | null
  /** Hex; null while unpinned. */
  root: string | null
  /** `blake3`, or empty while unpinned. */
  algorithm: string
  plaintextBytes: number
  isFolder: boolean
  manifest: Json
  /** Newest first. */
  wraps: Wrap[]
  /** Every key that ever wrapped the payload and is not destroyed, the current one first. */
  keyIds: KeyId[]
  /** Present ones first, then those of the default store. */
  objects: StoredObject[]
  /** While the version is being re-encrypted: what an object of it may be already. */
  replacement?: Pick<VersionForOpening, 'nonce' | 'leafDigests' | 'root' | 'algorithm' | 'wraps' | 'keyIds'>
}

/** Queries over artifacts. */
export type ArtifactOperations = {
  /** One window of what a store (or, with null, every store) holds: folders, then artifacts, then foreign objects.
   * A query searches names, words apart, all of them, anywhere below the folder. */
  listEntries: (request: ParsedRequest<'artifacts:list'>) => Response<'artifacts:list'>
  /** Ids of all artifacts that a listing means, for *all matching*, at most 100,000. */
  listArtifactIds: (
    request: Pick<ParsedRequest<'artifacts:list'>, 'storeId' | 'folder' | 'deep' | 'query'>,
  ) => ArtifactId[]
  /** By id, exact name, location, or object name.
   * @throws artifact/not-found; artifact/ambiguous with the ids, at most 100 */
  findArtifact: (query: string) => ArtifactRow
  /** @throws artifact/not-found */
  artifactRow: (artifactId: ArtifactId) => ArtifactRow
  /** Those that are there, in the order asked. */
  artifactRows: (artifactIds: ArtifactId[]) => ArtifactRow[]
  /** @throws artifact/not-found */
  artifactDetails: (artifactId: ArtifactId) => ArtifactDetails
  /** The version of that number, or the latest. @throws artifact/not-found */
  versionForOpening: (artifactId: ArtifactId, version: number | null) => VersionForOpening
  /** Whose pin a fingerprint is, also of headers that are no longer accepted. Null: nobody's.
   * Another version's pin means `verify/rolled-back`, another artifact's `verify/swapped`. */
  whoHasFingerprint: (
    fingerprint: string,
  ) => { artifactId: ArtifactId; name: string; version: number; isAccepted: boolean } | null
  /** Whose object this is, also while a job holds its name. Null: not ours. */
  objectOwner: (
    storeId: StoreId,
    objectName: string,
  ) => { artifactId: ArtifactId; name: string; version: number } | null
  /** Every version with an object in the store (or in any), ordered by artifact and number, `limit` ≤ 1,000 a page.
   * @param after `next` of the page before, or null */
  versionsInStore: (
    storeId: StoreId | null,
    after: string | null,
    limit: number,
  ) => {
    versions: {
      artifactId: ArtifactId
      name: string
      version: number
      storeId: StoreId
      objectName: string
      sizeBytes: number
      status: ArtifactStatus
    }[]
    next: string | null
  }
}
