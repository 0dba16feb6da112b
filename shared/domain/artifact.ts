/** Artifacts and their versions as they cross the boundary. Words: product.md. */
import { z } from 'zod'
import { FailureValue } from './failure-value.ts'
import { ArtifactId, KeyId, StoreId } from '../ids.ts'
import { ModelSummary } from '../model-inspection.ts'
import { KeyAlgorithm, KeyEvent, KeyRow, KeyState } from './key.ts'
import { Digest, Millis, SizeBytes } from './quantities.ts'

/** `stored`: there and pinned; `unpinned`: trusted on first use; `missing`: not found in its store;
 * `deleted`: its last known ciphertext was deleted here, its key was not destroyed; `unresolved`: a write's outcome is
 * unknown; `erased`: no key opens it any more. */
export const ArtifactStatus = z.enum(['stored', 'unpinned', 'missing', 'deleted', 'unresolved', 'erased'])
export type ArtifactStatus = z.infer<typeof ArtifactStatus>

/** `reader`: another installation made it, and rotates and retires it. */
export const Ownership = z.enum(['owner', 'reader'])
export type Ownership = z.infer<typeof Ownership>

/** How much a check reads: size and header; random leaves as well; every byte. */
export const VerifyLevel = z.enum(['quick', 'sample', 'full'])
export type VerifyLevel = z.infer<typeof VerifyLevel>

/** What lists of artifacts sort by. */
export const ArtifactSort = z.object({
  by: z.enum(['name', 'kind', 'size', 'encrypted', 'key']),
  descending: z.boolean(),
})
export type ArtifactSort = z.infer<typeof ArtifactSort>

/** One artifact as lists show it: the facts are those of its latest version. */
export const ArtifactRow = z.object({
  artifactId: ArtifactId,
  /** The name with its folder, `fraud/model.pkl`; its folder is '' or ends without a slash. */
  name: z.string(),
  folder: z.string(),
  version: z.number().int().positive(),
  versions: z.number().int().positive(),
  kind: z.string(),
  kindLabel: z.string(),
  isFolder: z.boolean(),
  plaintextBytes: SizeBytes,
  ciphertextBytes: SizeBytes,
  encryptedAt: Millis,
  keyId: KeyId,
  keyState: KeyState,
  keyAlgorithm: KeyAlgorithm,
  /** When its key is to be destroyed: it is scheduled, and suspended until then. */
  keyDestroyAt: Millis.nullable(),
  /** When the key's crypto-period ends; null once it is no longer active. */
  rotationDueAt: Millis.nullable(),
  /** Known copies of its key outside the keychain (exports, kits, secrets managers). */
  copiesElsewhere: z.number().int().nonnegative(),
  storeId: StoreId,
  store: z.string(),
  objectName: z.string(),
  /** A path or URI that other tools accept. */
  location: z.string(),
  fingerprint: Digest,
  status: ArtifactStatus,
  /** A key that leaked once wrapped a version of it: only re-encryption helps. */
  isTainted: z.boolean(),
  ownership: Ownership,
  /** Its key is proved gone from a keychain that answers; never said of one that is locked. */
  isKeyMissing: z.boolean(),
  isArchived: z.boolean(),
})
export type ArtifactRow = z.infer<typeof ArtifactRow>

export const VersionInfo = z.object({
  version: z.number().int().positive(),
  plaintextBytes: SizeBytes,
  ciphertextBytes: SizeBytes,
  encryptedAt: Millis,
  fingerprint: Digest,
  rootDigest: Digest.nullable(),
  digestAlgorithm: z.string(),
  status: ArtifactStatus,
  /** Numbers of the keys that leaked and ever wrapped its payload: only re-encryption helps. Empty where it is clean. */
  taintedBy: z.array(z.number().int().positive()),
  /** Every key that ever wrapped its payload, current one first. */
  keyIds: z.array(KeyId),
  /** Present ones first. One that was deleted is named only where nothing else is left. */
  objects: z.array(
    z.object({
      storeId: StoreId,
      store: z.string(),
      objectName: z.string(),
      location: z.string(),
      state: z.enum(['present', 'missing', 'deleted']),
    }),
  ),
  checkedAt: Millis.nullable(),
  checkedHow: VerifyLevel.nullable(),
  note: z.string().nullable(),
})
export type VersionInfo = z.infer<typeof VersionInfo>

export const ArtifactDetails = z.object({
  artifact: ArtifactRow,
  createdAt: Millis,
  versions: z.array(VersionInfo),
  keys: z.array(KeyRow),
  keyEvents: z.array(KeyEvent.extend({ keyId: KeyId })),
  summary: ModelSummary.nullable(),
})
export type ArtifactDetails = z.infer<typeof ArtifactDetails>

/** One object in a bucket, and what the bucket keeps of its name. */
export const ObjectVersions = z.object({
  storeId: StoreId,
  store: z.string(),
  objectName: z.string(),
  versions: z.array(
    z.object({
      /** The bucket's own. */
      versionId: z.string(),
      sizeBytes: SizeBytes,
      modifiedAt: Millis,
      isLatest: z.boolean(),
      /** Says that the name was deleted; holds nothing. */
      isDeleteMarker: z.boolean(),
    }),
  ),
  /** Why they could not be listed. */
  failure: FailureValue.nullable(),
})
export type ObjectVersions = z.infer<typeof ObjectVersions>
