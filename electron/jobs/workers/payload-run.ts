/** What a run of the payload engine reads, writes and gives back. Sizes and offsets in bytes. */
import type { FileIdentity } from '../source/file-identity.ts'

/** Absolute path; bytes where a name need not be UTF-8. */
export type SourcePath = string | Uint8Array

/** A part of what is read; parts lie one behind the other. A file's part reaches to the file's end: one that goes
 * on behind it, or stops before, has changed. */
export type SourceSegment =
  | { kind: 'bytes'; bytes: Uint8Array }
  | {
      kind: 'file'
      path: SourcePath
      /** Where in the file the part starts. */
      fileOffset: number
      lengthBytes: number
      /** Compared when the file is opened and before it is closed; null compares only those two. */
      identity: FileIdentity | null
    }

/** Where a run reads: files that the workers open themselves, or a callback in this thread (S3, armor). */
export type PayloadSource =
  | { kind: 'segments'; segments: readonly SourceSegment[] }
  | {
      kind: 'reader'
      /** Exactly `lengthBytes` bytes, or fewer where the bytes end.
       * @param into memory of so many bytes, to be filled and returned; what comes in other memory is copied */
      read: (
        offset: number,
        lengthBytes: number,
        signal: AbortSignal,
        into: Uint8Array,
      ) => Promise<Uint8Array>
    }

/** One file, or the part of it behind `fileOffset`.
 * @param lengthBytes up to the file's end */
export const fileSource = (
  path: SourcePath,
  lengthBytes: number,
  { fileOffset = 0, identity = null }: { fileOffset?: number; identity?: FileIdentity | null } = {},
): PayloadSource => ({
  kind: 'segments',
  segments: [{ kind: 'file', path, fileOffset, lengthBytes, identity }],
})

/** Where a run writes. */
export type PayloadSink =
  /** Digests and verification only. */
  | { kind: 'nowhere' }
  /** Positioned writes into an existing file, in any order. Fsync and rename are its owner's. */
  | { kind: 'file'; path: string; fileOffset: number }
  /** Leaf by leaf, in order, each once it has verified. The bytes are the caller's only until the promise
   * settles; the next leaf waits for it. */
  | { kind: 'receive'; receive: (bytes: Uint8Array, offset: number) => Promise<void> }

type RunOptions = {
  source: PayloadSource
  /** What is read, as failures name it. */
  name: string
  /** Leaves to do, in this order; all where left out. */
  leaves?: readonly number[]
  /** Leaf digests are computed unless this is false. */
  digests?: boolean
  /** Aborting stops all reading and writing within a block. The run then rejects with the signal's reason. */
  signal?: AbortSignal
  /** Called for each leaf that is done; into a file it is written then, and not yet durable. */
  onLeaf?: (leaf: number) => void
  /** Called about ten times a second with the bytes that were read so far. */
  onProgress?: (doneBytes: number) => void
  /** Upper limit of bytes read in a second, for tests. */
  bytesPerSecond?: number
}

export type EncryptRun = RunOptions & {
  /** 16 bytes, owned by the caller. */
  fileKey: Uint8Array
  /** 16 bytes; the caller writes header and nonce. */
  payloadNonce: Uint8Array
  /** Of the whole payload. */
  plaintextBytes: number
  sink: PayloadSink
  /** For a second pass over a source, into nowhere: what does not become this ciphertext again is refused as
   * `file/changed-while-reading`. 32 bytes for each leaf. */
  pinnedLeafDigests?: Uint8Array | null
  /** True where the tags of all chunks are wanted, for part digests. */
  tags?: boolean
  /** How many leaves are in memory at once where their bytes pass through the main thread, if fewer will do. */
  leavesInMemory?: number
}

export type DecryptRun = RunOptions & {
  fileKey: Uint8Array
  payloadNonce: Uint8Array
  /** Ciphertext of the whole payload, counted from after the nonce. */
  payloadBytes: number
  sink: PayloadSink
  /** 32 bytes for each leaf. What differs is refused as `verify/altered`. */
  pinnedLeafDigests?: Uint8Array | null
}

/** A full or a sampled look at ciphertext without its key. */
export type DigestRun = RunOptions & {
  payloadBytes: number
  pinnedLeafDigests?: Uint8Array | null
}

export type PayloadResult = {
  plaintextBytes: number
  /** Counted from after the nonce. */
  payloadBytes: number
  /** 32 bytes for each leaf, in the order in which leaves were done; null without digests. */
  leafDigests: Uint8Array | null
  /** BLAKE3 over all leaf digests, hexadecimal; null without digests or where leaves were left out. */
  rootDigest: string | null
  /** 16 bytes for each chunk; null unless asked for. */
  tags: Uint8Array | null
}
