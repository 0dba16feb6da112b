import type { Budget } from './bounds.ts'
import { malformed } from './bounds.ts'
import type { ByteReader } from './byte-reader.ts'

/**
 * A position in a file with a buffered block ahead of it. `need` fetches; everything else is synchronous and works
 * on what `need` made available. Blocks grow from 4 KiB to 256 KiB while reading goes straight on, and shrink after
 * a jump, so that a file full of big blobs costs little more than what stands between them.
 */
export interface Cursor {
  readonly sizeBytes: number
  readonly position: number
  /** Bytes that can be taken without another read. */
  readonly buffered: number
  readonly atEnd: boolean
  /** Makes `lengthBytes` (at most 1 MiB) available. @throws Malformed when the file ends before */
  need(lengthBytes: number): Promise<void>
  /** Makes up to `lengthBytes` available: fewer only where the file ends. */
  prefetch(lengthBytes: number): Promise<void>
  take(lengthBytes: number): Uint8Array
  /** The buffered bytes, not taken. */
  peek(): Uint8Array
  u8(): number
  u16(): number
  u32(): number
  i32(): number
  /** Little endian. @throws Malformed when over 2^53 − 1, which no size or offset here can honestly be */
  u64(): number
  /** @throws Malformed past the end */
  skip(lengthBytes: number): void
  seek(offset: number): void
}

const smallestBlockBytes = 4096
const largestBlockBytes = 262_144
const largestNeedBytes = 1_048_576

/** Lets other work of the process run: inspection must not freeze a window. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export function createCursor(reader: ByteReader, budget: Budget, start = 0): Cursor {
  const { sizeBytes } = reader
  let block: Uint8Array = new Uint8Array(0)
  let view = new DataView(block.buffer)
  let blockStart = start
  let index = 0
  let nextBlockBytes = smallestBlockBytes

  const refill = async (lengthBytes: number) => {
    const position = blockStart + index
    const wanted = Math.min(Math.max(lengthBytes, nextBlockBytes), sizeBytes - position)
    budget.spend(wanted)
    if (nextBlockBytes === largestBlockBytes) await breathe()
    const bytes = await reader.read(position, wanted)
    // A reader may give more than was asked for only by mistake: never look past the file's own end.
    block = new Uint8Array(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, wanted))
    view = new DataView(block.buffer, block.byteOffset, block.length)
    blockStart = position
    index = 0
    nextBlockBytes = Math.min(nextBlockBytes * 2, largestBlockBytes)
  }

  const seek = (offset: number) => {
    if (!(offset >= 0 && offset <= sizeBytes)) malformed('it points past its own end')
    const within = offset - blockStart
    if (within >= 0 && within <= block.length) {
      index = within
      return
    }
    block = new Uint8Array(0)
    blockStart = offset
    index = 0
    nextBlockBytes = smallestBlockBytes
  }

  const advance = (lengthBytes: number): number => {
    const at = index
    if (at + lengthBytes > block.length) throw new RangeError('cursor: taken without need')
    index += lengthBytes
    return at
  }

  const prefetch = async (lengthBytes: number) => {
    const left = sizeBytes - blockStart - index
    if (block.length - index >= Math.min(lengthBytes, left)) return
    await refill(Math.min(lengthBytes, largestNeedBytes))
  }

  return {
    sizeBytes,
    get position() {
      return blockStart + index
    },
    get buffered() {
      return block.length - index
    },
    get atEnd() {
      return blockStart + index >= sizeBytes
    },
    prefetch,
    async need(lengthBytes) {
      if (block.length - index >= lengthBytes) return
      if (lengthBytes > largestNeedBytes) throw new RangeError('cursor: need is too large')
      await prefetch(lengthBytes)
      if (block.length - index < lengthBytes) malformed('it ends too early')
    },
    take(lengthBytes) {
      const at = advance(lengthBytes)
      return block.subarray(at, at + lengthBytes)
    },
    peek: () => block.subarray(index),
    u8: () => view.getUint8(advance(1)),
    u16: () => view.getUint16(advance(2), true),
    u32: () => view.getUint32(advance(4), true),
    i32: () => view.getInt32(advance(4), true),
    u64() {
      const value = view.getBigUint64(advance(8), true)
      if (value > BigInt(Number.MAX_SAFE_INTEGER)) malformed('a length in it is impossibly large')
      return Number(value)
    },
    skip: (lengthBytes) => seek(blockStart + index + lengthBytes),
    seek,
  }
}

/** Reads a whole range into memory, in one piece. @throws Malformed when the file ends before */
export async function readRange(
  reader: ByteReader,
  budget: Budget,
  offset: number,
  lengthBytes: number,
): Promise<Uint8Array> {
  if (offset < 0 || lengthBytes < 0 || offset + lengthBytes > reader.sizeBytes) malformed('it ends too early')
  budget.spend(lengthBytes)
  const bytes = await reader.read(offset, lengthBytes)
  if (bytes.length < lengthBytes) malformed('it ends too early')
  return bytes.subarray(0, lengthBytes)
}
