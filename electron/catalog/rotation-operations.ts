/** What the catalog knows and does for a rotation (cryptography.md, section 5, "Rewrap"). */
import type { Ownership } from '../../shared/domain/artifact.ts'
import type { KeyAlgorithm, KeyRow, KeyState } from '../../shared/domain/key.ts'
import type { ArtifactId, KeyId, StoreId } from '../../shared/ids.ts'
import type { Actor } from './catalog.ts'
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
  stores: { storeId: StoreId; name: string; kind: string }[]
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
}
