/** What a worker does with one leaf: block by block read, encrypt or decrypt, digest, write. */
import { fail, type Failure } from '../../../shared/failure.ts'
import { createLeafHasher, leafDigestAt, leafDigestsMatch } from '../../age/leaf-digest.ts'
import { decryptBlock, encryptBlock, plaintextViews } from '../../age/payload-block.ts'
import {
  chunkCiphertextBytes,
  chunkPlaintextBytes,
  chunkRun,
  leafRun,
  tagBytes,
  type ByteRange,
  type ChunkRun,
} from '../../age/payload-size.ts'
import { createFileWriter, createWriteRoom } from './file-writer.ts'
import { keyOf, takeTurn } from './run-control.ts'
import { createSegmentReader } from './segment-reader.ts'
import type { RunSpec } from './worker-messages.ts'

/** Chunks in a block: 512 KiB, which stay in a core's cache between reading, cipher and digest. */
const blockChunks = 8

const ciphertextRoom = createWriteRoom(blockChunks * chunkCiphertextBytes)
const plaintextRoom = createWriteRoom(blockChunks * chunkPlaintextBytes)
const hasher = createLeafHasher()

/** A leaf with the buffers that came with it: input where main read it, output where main wants it back. */
export type Leaf = { leaf: number; input: Uint8Array | null; output: Uint8Array | null }
export type LeafOutcome = { digest: Uint8Array | null; tags: Uint8Array | null; outputBytes: number }

/** One run in one worker. Everything in here blocks: that is what the worker is for. */
export type RunWork = {
  /** @returns null where the run was stopped
   * @throws WeightlockError `file/…`, `age/payload-…`, `verify/altered` */
  leaf(leaf: Leaf): LeafOutcome | null
  /** Closes all files. @throws WeightlockError `file/changed-while-reading` */
  end(): void
}

export function beginRun(spec: RunSpec): RunWork {
  const source = spec.segments === null ? null : createSegmentReader(spec.segments)
  const { sink } = spec
  const writer = sink.kind === 'file' ? createFileWriter(sink.path, sink.isDirect) : null
  const inFile = (offset: number) => (sink.kind === 'file' ? sink.fileOffset + offset : 0)
  const payloadKey = keyOf(spec.control)
  const leafHasher = spec.digests ? hasher : null

  /** The bytes of a range: read into the views, or from what came with the leaf. */
  const read = (views: readonly Uint8Array[], range: ByteRange, leaf: Leaf, leafOffset: number) => {
    if (source !== null) return source.read(views, range.offset)
    let at = range.offset - leafOffset
    for (const view of views) {
      view.set((leaf.input ?? nothing).subarray(at, at + view.length))
      at += view.length
    }
  }

  const encrypt = (block: ChunkRun, whole: ChunkRun, leaf: Leaf): Uint8Array => {
    const { offset } = block.ciphertext
    const room = leaf.output?.subarray(offset - whole.ciphertext.offset) ?? ciphertextRoom.at(inFile(offset))
    const plaintextBytes = block.plaintext.lengthBytes
    read(plaintextViews(room, plaintextBytes), block.plaintext, leaf, whole.plaintext.offset)
    const { firstChunk, endsPayload } = block
    const ciphertext = encryptBlock({
      payloadKey,
      firstChunk,
      endsPayload,
      plaintextBytes,
      buffer: room,
      leaf: leafHasher,
    })
    writer?.write(ciphertext, inFile(offset))
    return ciphertext
  }

  const readCiphertext = (block: ChunkRun, whole: ChunkRun, leaf: Leaf): Uint8Array => {
    const { offset, lengthBytes } = block.ciphertext
    const start = offset - whole.ciphertext.offset
    if (leaf.input !== null) return leaf.input.subarray(start, start + lengthBytes)
    const ciphertext = ciphertextRoom.at(0).subarray(0, lengthBytes)
    source?.read([ciphertext], offset)
    return ciphertext
  }

  const decrypt = (block: ChunkRun, whole: ChunkRun, leaf: Leaf): void => {
    const ciphertext = readCiphertext(block, whole, leaf)
    const { offset, lengthBytes } = block.plaintext
    const room = leaf.output?.subarray(offset - whole.plaintext.offset) ?? plaintextRoom.at(inFile(offset))
    const plaintext = room.subarray(0, lengthBytes)
    const { firstChunk, endsPayload } = block
    const { failure } = decryptBlock({
      payloadKey,
      firstChunk,
      endsPayload,
      ciphertext,
      plaintext,
      leaf: leafHasher,
    })
    if (failure !== null) fail(spec.pinnedLeafDigests === null ? failure : altered(spec))
    writer?.write(plaintext, inFile(offset))
  }

  return {
    leaf: (leaf) => {
      const whole = leafRun(spec.plaintextBytes, leaf.leaf)
      const tags = spec.tags ? new Uint8Array(whole.chunks * tagBytes) : null
      hasher.reset()
      for (let done = 0; done < whole.chunks; done += blockChunks) {
        const chunks = Math.min(blockChunks, whole.chunks - done)
        const block = chunkRun(spec.plaintextBytes, whole.firstChunk + done, chunks)
        const { lengthBytes } = spec.operation === 'encrypt' ? block.plaintext : block.ciphertext
        if (!takeTurn(spec.control, lengthBytes, spec.pace)) return null
        if (spec.operation === 'encrypt') {
          const ciphertext = encrypt(block, whole, leaf)
          if (tags !== null) copyTags(ciphertext, tags, done)
        } else if (spec.operation === 'decrypt') decrypt(block, whole, leaf)
        else hasher.update(readCiphertext(block, whole, leaf))
      }
      const digest = spec.digests ? hasher.finish() : null
      if (digest !== null && spec.pinnedLeafDigests !== null)
        if (!leafDigestsMatch(digest, leafDigestAt(spec.pinnedLeafDigests, leaf.leaf))) fail(altered(spec))
      const output = spec.operation === 'encrypt' ? whole.ciphertext : whole.plaintext
      return { digest, tags, outputBytes: leaf.output === null ? 0 : output.lengthBytes }
    },
    end: () => {
      try {
        source?.close()
      } finally {
        writer?.close()
        plaintextRoom.clear()
      }
    },
  }
}

const nothing = new Uint8Array(0)
const altered = (spec: RunSpec): Failure =>
  spec.operation === 'encrypt'
    ? { code: 'file/changed-while-reading', path: spec.name }
    : { code: 'verify/altered', name: spec.name }

function copyTags(ciphertext: Uint8Array, tags: Uint8Array, chunksBefore: number): void {
  for (let end = 0, at = chunksBefore * tagBytes; end < ciphertext.length; at += tagBytes) {
    end = Math.min(end + chunkCiphertextBytes, ciphertext.length)
    tags.set(ciphertext.subarray(end - tagBytes, end), at)
  }
}
