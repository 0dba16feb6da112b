import type { ParsedRequest, Response } from '../../shared/contract/contract.ts'
import type { ObjectVersionRef } from '../../shared/domain/compromise.ts'
import type { KeyAlgorithm, KeyDetails, KeyImpact, KeyRow, KeyState } from '../../shared/domain/key.ts'
import type { ArtifactId, JobId, KeyId } from '../../shared/ids.ts'
import type { Actor, Facts } from './catalog.ts'
import type { StoredJob } from './job-operations.ts'

/** What the next step needs to know of a key. */
export type KeyRecord = {
  keyId: KeyId
  artifactId: ArtifactId | null
  state: KeyState
  algorithm: KeyAlgorithm
  /** As it was when it was made; encryption derives it from the identity instead. */
  recipient: string
  backend: string
}

/** A job that stands in the way of a key's destruction. */
export type JobUsingKey = Pick<StoredJob, 'jobId' | 'kind' | 'state' | 'title'>

export type ImportedKey = {
  keyId: KeyId
  algorithm: KeyAlgorithm
  recipient: string
  backend: string
  /** Known from the file that it opens; null when it opens nothing here. */
  artifactId: ArtifactId | null
  /** The file it came from: a known copy elsewhere. */
  importedFrom: string
  /** That file is a recovery kit. */
  isKit?: boolean
}

/** Keys: the inventory, and each change of state with its dated event and audit entry. Whether a change is legal is
 * decided by `shared/key-state.ts`; it is refused also when the key is no longer where the caller saw it. */
export type KeyOperations = {
  /** Keys that were made for a job which never stored anything, and destroyed with it, are left out. `rotation-due`:
   * due within 7 days (of a short crypto-period, its last tenth) or overdue. */
  listKeys: (request: ParsedRequest<'keys:list'>) => Response<'keys:list'>
  /** 26 bins of a twentieth of the crypto-period each, the last from 125 % on. */
  keysPicture: () => Response<'keys:picture'>
  /** @throws key/not-found */
  keyRow: (keyId: KeyId) => KeyRow
  /** @throws key/not-found */
  keyDetails: (keyId: KeyId) => KeyDetails
  /** What would die with it. @throws key/not-found */
  keyImpact: (keyId: KeyId) => KeyImpact
  /** Null: never heard of. */
  keyRecord: (keyId: KeyId) => KeyRecord | null
  /** By recipient. Null: never heard of. */
  keyByRecipient: (recipient: string) => KeyRecord | null
  /** Every key not destroyed, for rebuild and for trying what opens a file; `limit` ≤ 1,000 a page.
   * @param after last key id of the page before, or null */
  usableKeys: (after: KeyId | null, limit: number) => KeyRecord[]
  /** All keys that the artifact ever had, newest first. */
  artifactKeys: (artifactId: ArtifactId) => KeyRow[]
  /** Open jobs that name this key or its artifact, but for those that only read, and failed. */
  openJobsOfKey: (keyId: KeyId) => JobUsingKey[]

  /** A copy was made, seen again, or found gone. Same place and `where` update the same copy. */
  keyCopyRecorded: (request: {
    keyId: KeyId
    place: 'keychain' | 'export'
    where: string
    state: 'present' | 'found-missing'
    jobId: JobId | null
    by: Actor
  }) => void
  /** Another keychain takes the place of this one: the keychain copies of all keys not destroyed are `not-here`.
   * Called before the new one is accepted. */
  keysLeftBehind: () => void
  /** These lay in one file, which said whose they are: see `rebuildInsert`. Nothing is taken from it that a store or
   * the catalog says otherwise. */
  keysCameTogether: (keys: readonly { keyId: KeyId; artifactId: ArtifactId | null }[]) => void
  /** In state `suspended` (one that was destroyed and had leaked: `compromised`), its keychain copy `not-here` until it was written there, and the file it came from.
   * @throws key/already-known; with `reverseDestroyed` only if it is known and not destroyed */
  keyImported: (request: ImportedKey & { reverseDestroyed: boolean; by: Actor }) => void

  /** Before the keychain is asked to delete: journal step `destroying`, state `suspended` where it was active (a key
   * that is being destroyed encrypts nothing more), event, audit entry, in one transaction. Asked again by the same
   * job, it changes nothing, and refuses for the same reasons but the second.
   * @throws key/not-found, key/destroyed; key/still-opens; key/still-protects while another open job or reservation uses the key or its
   * artifact; key/protects-more where it would take more than was confirmed; key/missing-from-keychain where it was left
   * in another keychain */
  keyDestroying: (request: {
    jobId: JobId
    keyId: KeyId
    /** What the keychain says now. */
    wasPresent: boolean
    /** The versions whose loss was confirmed; left out where a job takes back its own key, which protects nothing. */
    confirmed?: readonly { artifactId: ArtifactId; version: number }[]
    /** Object versions that stores keep and the key opens, as just found: a compromised key waits until each was
     * re-encrypted, deleted or given up. Left out where its artifact is retired, and as `confirmed`. */
    kept?: readonly ObjectVersionRef[]
    reason: string
    by: Actor
  }) => void
  /** After it was read back empty: state `destroyed` from whatever it was, its keychain copy `destroyed` (or
   * `found-missing`), lists, journal step `destroyed`. Asked again, it changes nothing. @throws key/not-found */
  keyDestroyed: (request: {
    jobId: JobId
    keyId: KeyId
    wasPresent: boolean
    reason: string
    facts: Facts
    by: Actor
  }) => void
  /** The end of a destruction: what was tried with what is left, journal step `end`, job `done`. What nothing opens any
   * more loses summary and inner names, in the journals of its jobs too; the files are wiped.
   * @returns versions that are erased now */
  keyDestroyCompleted: (request: {
    jobId: JobId
    keyId: KeyId
    /** Versions that were tried and did not open, as they must. */
    triedToOpen: { artifactId: ArtifactId; version: number }[]
    outcome: string
    report: string[]
    by: Actor
  }) => { erased: { artifactId: ArtifactId; name: string; version: number }[] }
}
