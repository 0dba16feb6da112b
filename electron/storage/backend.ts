/**
 * Where ciphertext lives. One interface for a local folder, a network share and S3; its obligations are written
 * here and proved by `testing/conformance.ts`, which every backend runs. Retry wraps from outside.
 *
 * Names are slash-separated, relative, without `.`, `..` or empty parts. Sizes and offsets in bytes.
 * Expected failures are thrown as `WeightlockError` with a `store/…` code.
 */

/** Opaque: changes whenever an object's bytes may have changed. */
export type Revision = string & { readonly __revision?: never }

export type ObjectInfo = {
  name: string
  sizeBytes: number
  modifiedAt: number
  revision: Revision
  metadata: Record<string, string>
}

export type Page = { objects: ObjectInfo[]; next: string | null }

export type Capabilities = {
  /** The store itself compares the condition as the object appears. Without it the backend reads, compares and
   * writes: absence still holds, a change in the last instant before a replace may go unseen. */
  conditionalWrites: boolean
  /** Old object versions stay after a replace. */
  objectVersions: boolean
  /** Parts can be copied from another object inside the store. */
  copyParts: boolean
  /** Bytes of an object can be replaced in place without rewriting the rest (`replaceHead`). */
  replaceHead: boolean
  /** Parts can be written straight into a file by a worker: `writeTarget` gives its path. */
  directWrite: boolean
  minPartBytes: number
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
  /** Owner of the temporary; only that job's writes are resumed or removed by it. */
  jobId: string
}

export type WriteId = string & { readonly __writeId?: never }
export type PartInfo = { part: number; sizeBytes: number }
export type ByteRange = { offset: number; lengthBytes: number }
type Options = { signal?: AbortSignal }

export type StorageBackend = {
  kind: string
  capabilities: () => Promise<Capabilities>
  /** @returns null only for proved absence; everything else that went wrong is a failure */
  head: (name: string, options?: Options) => Promise<ObjectInfo | null>
  /** Sorted by name in code-unit order; every object exactly once however large the store; temporaries of ours are left out.
   * @param page `next` of the page before, or null */
  list: (prefix: string, page: string | null, options?: Options) => Promise<Page>
  /** Exactly the range's bytes.
   * @throws store/precondition-failed if the revision is not the object's or the range goes beyond its end,
   * store/object-not-found */
  read: (name: string, range: ByteRange, options?: Options & { revision?: Revision }) => Promise<Uint8Array>
  /** A path that a worker may read from, where there is one. @throws artifact/name-invalid */
  readPath?: (name: string) => string
  /** Reserves the name where that is possible and opens a write. Parts come in any order. The caller journals job
   * and name first: `listWrites` then finds what a crash left.
   * @throws store/object-exists, store/full, store/read-only, store/unreachable, artifact/name-invalid */
  beginWrite: (name: string, write: BeginWrite, options?: Options) => Promise<WriteId>
  /** @param part counted from 1; every part but the last has `partBytes` */
  writePart: (id: WriteId, part: number, bytes: Uint8Array, options?: Options) => Promise<void>
  /** Where `directWrite` holds: the temporary file into which a worker writes at plain offsets. */
  writeTarget?: (id: WriteId) => string
  copyPart?: (
    id: WriteId,
    part: number,
    source: string,
    range: ByteRange,
    options?: Options & { revision?: Revision },
  ) => Promise<void>
  listParts: (id: WriteId, options?: Options) => Promise<PartInfo[]>
  /** Makes the object appear, whole and durable, or not at all. A lost reply is the caller's to settle by reading.
   * Once it was called only `abortWrite` may follow.
   * @throws store/precondition-failed, store/object-exists */
  completeWrite: (id: WriteId, options?: Options) => Promise<ObjectInfo>
  /** Takes back everything that the write left, its reservation too, never a completed object. Idempotent, and
   * possible in another process than the one that began it. */
  abortWrite: (id: WriteId, options?: Options) => Promise<void>
  /** Writes that were begun and neither completed nor aborted, also by processes that are gone.
   * @param options.of what one job left of its write of one name, as its journal tells; without it a local store
   * cannot tell the name of a temporary that another process left, and gives `''` */
  listWrites: (
    options?: Options & { of?: { name: string; jobId: string } },
  ) => Promise<{ id: WriteId; name: string; jobId: string }[]>
  /** Replaces the first bytes, durable; the revision is compared first.
   * @throws store/precondition-failed */
  replaceHead?: (
    name: string,
    bytes: Uint8Array,
    options: Options & { revision: Revision },
  ) => Promise<ObjectInfo>
  /** Inside the store. Overwrites nothing.
   * @param options.jobId owner of the temporary, as in `BeginWrite`
   * @throws store/object-exists, store/precondition-failed, store/object-not-found */
  copy: (
    from: string,
    to: string,
    options: Options & { jobId: string; revision?: Revision },
  ) => Promise<ObjectInfo>
  /** @throws store/precondition-failed if a revision is given and differs; deleting what is absent succeeds */
  delete: (name: string, options?: Options & { revision?: Revision }) => Promise<void>
  /** A path or URI that other tools accept; of the store itself for ''. */
  location: (name: string) => string
  freeBytes?: () => Promise<number | null>
}
