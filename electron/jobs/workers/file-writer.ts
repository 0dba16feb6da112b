/** Positioned writes into a file that exists, past the page cache where that is possible. */
import { closeSync, constants, openSync, statfsSync, writeSync } from 'node:fs'
import { fail } from '../../../shared/failure.ts'
import { errnoOf } from '../../storage/durable-files.ts'
import { fileFailure } from '../../storage/file-failures.ts'

/** What direct writes are aligned to, in the file and in memory: the largest logical sector in use. */
const alignmentBytes = 4096
const wasmPageBytes = 2 ** 16

/** Local file systems on which direct writes are known to be as durable and faster: ext4, XFS, btrfs, F2FS. */
const directFileSystems: ReadonlySet<number> = new Set([0xef53, 0x58465342, 0x9123683e, 0xf2f52010])

/** Whether writes to the file can go past the page cache: a large model then pushes nothing else out of memory,
 * and an fsync finds the bytes on the disk already. Network shares, which acknowledge each such write alone, are
 * not meant. */
export function canWriteDirectly(path: string): boolean {
  if (constants.O_DIRECT === undefined) return false
  try {
    return directFileSystems.has(statfsSync(path).type)
  } catch {
    return false
  }
}

/** Memory for blocks that are written by a `FileWriter`. Node has no aligned buffers; WebAssembly's memory is. */
export type WriteRoom = {
  /** Zeroes all of it. */
  clear(): void
  /** @returns bytes that lie in memory as they will lie in the file, so that they can be written directly */
  at(fileOffset: number): Uint8Array<ArrayBuffer>
}

/** @param sizeBytes of the largest block */
export function createWriteRoom(sizeBytes: number): WriteRoom {
  const pages = Math.ceil((sizeBytes + alignmentBytes) / wasmPageBytes)
  const memory = new Uint8Array(new WebAssembly.Memory({ initial: pages, maximum: pages }).buffer)
  return {
    clear: () => memory.fill(0),
    at: (fileOffset) => {
      const skew = fileOffset % alignmentBytes
      return memory.subarray(skew, skew + sizeBytes)
    },
  }
}

export type FileWriter = {
  /** @param bytes from the `WriteRoom` at the same file offset
   * @throws WeightlockError `file/…` */
  write(bytes: Uint8Array, fileOffset: number): void
  close(): void
}

/** @param isDirect as `canWriteDirectly` says; a file system that refuses all the same is written to as usual */
export function createFileWriter(path: string, isDirect: boolean): FileWriter {
  let cached: number | null = null
  let direct: number | null = null
  let mayBeDirect = isDirect

  const writeCached = (bytes: Uint8Array, fileOffset: number): void => {
    cached ??= openSync(path, 'r+')
    for (let done = 0; done < bytes.length;)
      done += writeSync(cached, bytes, done, bytes.length - done, fileOffset + done)
  }

  /** @returns how many bytes were taken; fewer than given where the file system does not write directly */
  const writeDirect = (bytes: Uint8Array, fileOffset: number): number => {
    try {
      direct ??= openSync(path, constants.O_RDWR | constants.O_DIRECT)
      return writeSync(direct, bytes, 0, bytes.length, fileOffset)
    } catch (error) {
      if (errnoOf(error) !== 'EINVAL') throw error
      mayBeDirect = false
      return 0
    }
  }

  return {
    write: (bytes, fileOffset) => {
      try {
        const head = Math.min(bytes.length, -fileOffset & (alignmentBytes - 1))
        const whole = bytes.length - head - ((bytes.length - head) % alignmentBytes)
        if (!mayBeDirect || whole === 0) return writeCached(bytes, fileOffset)
        // Pages that two blocks share go through the cache, all others past it: no page goes both ways.
        writeCached(bytes.subarray(0, head), fileOffset)
        const taken = head + writeDirect(bytes.subarray(head, head + whole), fileOffset + head)
        writeCached(bytes.subarray(taken), fileOffset + taken)
      } catch (error) {
        const failure = fileFailure(error, path)
        if (failure === null) throw error
        fail(failure, error)
      }
    },
    close: () => {
      for (const fd of [cached, direct]) if (fd !== null) closeSync(fd)
      cached = null
      direct = null
    },
  }
}
