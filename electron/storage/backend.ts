/**
 * Where ciphertext lives. One interface for a local folder, a network share and S3; its obligations are written
 * here and proved by `testing/conformance.ts`, which every backend runs. Retry wraps from outside.
 *
 * Names are slash-separated, relative, without `.`, `..` or empty parts. Sizes and offsets in bytes.
 * Expected failures are thrown as `WeightlockError` with a `store/…` code.
 */
import type { StoreProbe } from './store-probe.ts'

/** Opaque: changes whenever an object's bytes may have changed. */
export type Revision = string & { readonly __revision?: never }

/** What a store attests of an object's bytes. `parts`: over the checksums of the parts of its upload, which only
 * tells whoever knows where they were cut. `value` as the store gives it: base64 of the bytes, highest first. */
export type Checksum = {
  algorithm: 'crc32' | 'crc32c' | 'crc64nvme' | 'sha1' | 'sha256'
  value: string
  kind: 'full' | 'parts'
}

export type ObjectInfo = {
  name: string
  sizeBytes: number
  modifiedAt: number
  revision: Revision
  /** From `head` and from what wrote it; a list gives none. */
  metadata: Record<string, string>
  /** As `metadata`. Null where the store attests nothing. */
  checksum: Checksum | null
  /** Of this very object version, where the store keeps them. As `metadata`. */
  versionId?: string
  /** Where the store names one: what lies in an archive cannot be read at once. */
  storageClass?: string
  /** How many names the file has, where it has more than this one: what is written in place is written to all. */
  names?: number
}

/** One object version under a name, or the mark that a delete left. */
export type ObjectVersion = {
  versionId: string
  sizeBytes: number
  modifiedAt: number
  /** Null of a delete marker. */
  revision: Revision | null
  isLatest: boolean
  isDeleteMarker: boolean
}

export type Page = { objects: ObjectInfo[]; next: string | null }

export type Capabilities = {
  /** The store itself compares the condition as the object appears. Without it the backend reads, compares and
   * writes: a change in the last instant before a replace may go unseen. */
  conditionalWrites: boolean
  /** Of several that write a name that is absent one wins, and the others are told. */
  exclusiveCreate: boolean
  /** Old object versions stay after a replace. */
  objectVersions: boolean
  /** Parts can be copied from another object inside the store. */
  copyParts: boolean
  /** Bytes of an object can be replaced in place without rewriting the rest (`replaceHead`). */
  replaceHead: boolean
  /** Parts can be written straight into a file by a worker: `writeTarget` gives its path. */
  directWrite: boolean
  /** Metadata given at the write comes back from `head`. */
  metadata: boolean
  /** `listWrites` tells the job of a write. */
  namesJobs: boolean
  /** Whether `listWrites` gives all that are open, or only those of a name that it is asked for. */
  listsWrites: 'all' | 'by-name' | 'none'
  /** A write that was begun is continued by another process, by its id. */
  resumesWrites: boolean
  /** What the store attests: the whole object, its parts, or nothing. */
  checksums: Checksum['kind'] | 'none'
  /** `PartInfo.checksum` is there. */
  attestsParts: boolean
  /** Of every part but the last. */
  minPartBytes: number
  maxPartBytes: number
  maxParts: number
  maxObjectBytes: number
}

/** What must hold of the name when the write is completed. */
export type Condition = { kind: 'absent' } | { kind: 'revision'; revision: Revision } | { kind: 'any' }

export type BeginWrite = {
  sizeBytes: number
  partBytes: number
  metadata: Record<string, string>
  condition: Condition
  /** An object whose settings are kept: tags, storage class, encryption by the server, headers that say what it is. */
  like?: string
  /** Parts of it will be copied inside the store. Such an object is attested as the store itself works it out. */
  copiesParts?: boolean
  /** Of `copiesParts`, where the whole is copied: what the store attests of the source, to be kept. */
  checksum?: Checksum
  /** Owner of the temporary; only that job's writes are resumed or removed by it. */
  jobId: string
}

/** Holds what a process needs that did not begin the write: it may be journaled, and is no secret. */
export type WriteId = string & { readonly __writeId?: never }
/** @property checksum CRC-32 as `crc32Text` writes it, where the store attests the part with one */
export type PartInfo = { part: number; sizeBytes: number; checksum: string | null }
/** The bytes of a part: held in memory, or, where they are too many, given again for each try.
 * A stream's `crc32`, where it is known, is what the store compares with what arrived. */
export type PartBody =
  Uint8Array | { sizeBytes: number; crc32: number | null; chunks: () => AsyncIterable<Uint8Array> }
export type OpenWrite = {
  id: WriteId
  name: string
  /** Null where the store cannot tell. */
  jobId: string | null
  begunAt: number | null
}
export type ByteRange = { offset: number; lengthBytes: number }
type Options = { signal?: AbortSignal }

export type StorageBackend = {
  kind: string
  capabilities: () => Promise<Capabilities>
  /** @returns null only for proved absence; everything else that went wrong is a failure. A denied look, a missing
   * bucket and an unmounted folder are failures */
  head: (name: string, options?: Options) => Promise<ObjectInfo | null>
  /** Sorted by name, in code-unit order (S3: by UTF-8 bytes, which differs only beyond U+D7FF); every object exactly once
   * however large the store; temporaries of ours are left out, and so is what has no valid name.
   * @param page `next` of the page before, or null */
  list: (prefix: string, page: string | null, options?: Options) => Promise<Page>
  /** Exactly the range's bytes, never fewer.
   * @param options.versionId another object version than the latest
   * @param options.into memory that may be filled instead of new; what is returned is then a view of it
   * @throws store/precondition-failed if the revision is not the object's or the range goes beyond its end,
   * store/object-not-found */
  read: (
    name: string,
    range: ByteRange,
    options?: Options & { revision?: Revision; versionId?: string; into?: Uint8Array },
  ) => Promise<Uint8Array>
  /** A path that a worker may read from, where there is one. @throws artifact/name-invalid */
  readPath?: (name: string) => string
  /** Reserves the name where that is possible and opens a write. Parts come in any order. The caller journals job
   * and name first: `listWrites` then finds what a crash left.
   * @throws store/object-exists, store/full, store/read-only, store/unreachable, artifact/name-invalid */
  beginWrite: (name: string, write: BeginWrite, options?: Options) => Promise<WriteId>
  /** Once it resolves the memory of `body` is the caller's again. A part that is written again is replaced.
   * @param part counted from 1; every part but the last has `partBytes`
   * @param options.crc32 of the body, where the caller has it already
   * @throws store/upload-not-found where the store no longer knows the write; RangeError for a wrong size */
  writePart: (
    id: WriteId,
    part: number,
    body: PartBody,
    options?: Options & { crc32?: number },
  ) => Promise<void>
  /** Where `directWrite` holds: the temporary file into which a worker writes at plain offsets. */
  writeTarget?: (id: WriteId) => string
  copyPart?: (
    id: WriteId,
    part: number,
    source: string,
    range: ByteRange,
    options?: Options & { revision?: Revision },
  ) => Promise<void>
  /** What the store has of a write, in order, also of one that another process began where `resumesWrites` holds.
   * @throws store/upload-not-found */
  listParts: (id: WriteId, options?: Options) => Promise<PartInfo[]>
  /** Makes the object appear, whole and durable, or not at all. A backend settles a lost reply by reading where it can
   * prove what lies there; otherwise that is the caller's to settle.
   * Once it was called only `abortWrite` may follow, after `store/parts-missing` also `writePart`.
   * @throws store/precondition-failed, store/object-exists, store/upload-not-found; store/parts-missing where the store
   * lost some of what it had taken; store/conflict where only a new write will do */
  completeWrite: (id: WriteId, options?: Options) => Promise<ObjectInfo>
  /** Takes back everything that the write left, its reservation too, never a completed object. Idempotent, and
   * possible in another process than the one that began it. */
  abortWrite: (id: WriteId, options?: Options) => Promise<void>
  /** Writes that were begun and neither completed nor aborted, also by processes that are gone.
   * @param options.of what one job left of its write of one name, as its journal tells; without it a local store
   * cannot tell the name of a temporary that another process left, and gives `''`. Where `namesJobs` does not hold it
   * gives the writes of exactly this name, a colleague's too: only ids that the journal has are the job's */
  listWrites: (options?: Options & { of?: { name: string; jobId: string } }) => Promise<OpenWrite[]>
  /** Whether two ids mean the same write: one from `listWrites` says less than the one that began it. Without it, where
   * they are equal. */
  isSameWrite?: (one: WriteId, other: WriteId) => boolean
  /** Replaces the first bytes, durable; the revision is compared first.
   * @throws store/precondition-failed */
  replaceHead?: (
    name: string,
    bytes: Uint8Array,
    options: Options & { revision: Revision },
  ) => Promise<ObjectInfo>
  /** Other metadata for an object whose bytes stay as they are; its revision changes. Where `metadata` holds. A store
   * without conditional writes is read and compared before and after.
   * @throws store/precondition-failed where the object is not the revision's any more, store/object-not-found */
  replaceMetadata?: (
    name: string,
    metadata: Record<string, string>,
    options: Options & {
      revision: Revision
      jobId: string
      /** Told of a write that has to be begun for it, to be journaled before a byte is in it. */
      onBegun?: (id: WriteId) => Promise<void>
    },
  ) => Promise<ObjectInfo>
  /** Inside the store, with its metadata. Overwrites nothing.
   * @param options.jobId owner of the temporary, as in `BeginWrite`
   * @throws store/object-exists, store/precondition-failed, store/object-not-found */
  copy: (
    from: string,
    to: string,
    options: Options & { jobId: string; revision?: Revision },
  ) => Promise<ObjectInfo>
  /** Where the store keeps object versions they stay, behind a delete marker.
   * @throws store/precondition-failed if a revision is given and differs; deleting what is absent succeeds */
  delete: (name: string, options?: Options & { revision?: Revision }) => Promise<void>
  /** Object versions and delete markers of exactly this name, newest first. Where `objectVersions` holds. */
  versions?: (name: string, options?: Options) => Promise<ObjectVersion[]>
  /** For good. Deleting what is absent succeeds. */
  deleteVersion?: (name: string, versionId: string, options?: Options) => Promise<void>
  /** A path or URI that other tools accept; of the store itself for ''. */
  location: (name: string) => string
  /** Tries every action out, and what the server does with it. Leaves nothing behind, or says what.
   * Never fails for what the store does. */
  probe?: (options?: Options) => Promise<StoreProbe>
  freeBytes?: () => Promise<number | null>
  /** Lets go of connections; what is under way fails. */
  close?: () => Promise<void>
}
