import type { ObjectChecksum } from '../../shared/domain/object-checksum.ts'
import type { ArtifactId, JobId, StoreId } from '../../shared/ids.ts'
import type { Actor, Facts } from './catalog.ts'

/** A version's ciphertext in a store. */
type InStore = { jobId: JobId; artifactId: ArtifactId; version: number; storeId: StoreId }

/** What becomes of a version's objects: one more is made by a copy, one goes by a move or a deletion. */
export type ObjectOperations = {
  /** Holds a free object name for a copy of a stored version. Asked again by the same job for the same version and
   * store, it gives what it gave, unless `taken` names that; asked for another, it gives the former back.
   * @param request.like the name of the object that is copied: an opaque one stays opaque
   * @throws store/not-found, artifact/not-found */
  reserveCopy: (request: InStore & { like: string; taken: string[] }) => { objectName: string }
  /** One transaction: the copy is known, its name no longer held, journal step `verified`, audit. A row of the version
   * that only says what was deleted goes. Called again it changes nothing. */
  objectAdded: (
    request: InStore & {
      objectName: string
      sizeBytes: number
      revision: string
      /** What the store attests of it. */
      checksum: ObjectChecksum | null
      /** What the catalog believed to lie in that store for this version, and is proved not to. */
      instead: string | null
      /** The name of the store that it was read from. */
      from: string
      by: Actor
    },
  ) => void
  /** One transaction: the object is gone from its store, journal step `removed`, audit. Where nothing else is known of
   * the version, it stays listed as deleted. Called again it changes nothing. */
  objectRemoved: (
    request: InStore & {
      objectName: string
      event: 'object-deleted' | 'version-moved' | 'copy-taken-back'
      facts: Facts
      by: Actor
    },
  ) => void
}
