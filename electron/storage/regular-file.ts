/** Files of the user that are opened by path: regular ones only. A pipe or a device would wait or go on for ever. */
import { constants } from 'node:fs'
import type { BigIntStats, Stats } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { fail } from '../../shared/failure.ts'
import { asFileFailure } from './file-failures.ts'

export type FileKind = 'file' | 'directory' | 'link' | 'socket' | 'fifo' | 'device' | 'other'

export const fileKindOf = (stats: Stats | BigIntStats): FileKind => {
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'directory'
  if (stats.isSymbolicLink()) return 'link'
  if (stats.isSocket()) return 'socket'
  if (stats.isFIFO()) return 'fifo'
  return stats.isBlockDevice() || stats.isCharacterDevice() ? 'device' : 'other'
}

/** Without it, opening a pipe for reading waits for somebody who writes. */
export const readWithoutWaiting = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/** @throws WeightlockError `file/is-special`, `file/not-found`, `file/permission-denied`, … */
export async function openRegularFile(path: string): Promise<{ handle: FileHandle; sizeBytes: number }> {
  return asFileFailure(path, async () => {
    const handle = await open(path, readWithoutWaiting)
    try {
      const stats = await handle.stat()
      if (!stats.isFile()) fail({ code: 'file/is-special', path, kind: fileKindOf(stats) })
      return { handle, sizeBytes: stats.size }
    } catch (error) {
      await handle.close()
      throw error
    }
  })
}

/** A small file as a whole.
 * @param tooLarge throws
 * @throws WeightlockError `file/…` */
export async function readSmallFile(
  path: string,
  limitBytes: number,
  tooLarge: () => never,
): Promise<Buffer> {
  const { handle, sizeBytes } = await openRegularFile(path)
  try {
    if (sizeBytes > limitBytes) return tooLarge()
    const bytes = Buffer.alloc(sizeBytes)
    const { bytesRead } = await asFileFailure(path, () => handle.read(bytes, 0, sizeBytes, 0))
    return bytes.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}
