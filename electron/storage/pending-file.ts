/**
 * A file that appears whole or not at all (cryptography.md, section 5, "Local writes"): its final name reserved by an
 * empty file, its bytes in a temporary of its job beside it, fsynced, renamed onto the reservation, the folder
 * fsynced. The caller journals job id and target before it begins, so that a crash leaves nothing unknown.
 * The temporary comes first: an empty file is known to be a reservation of ours by the temporary beside it.
 */
import { lstat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { DurableFile, DurableFiles } from './durable-files.ts'
import { errnoOf } from './durable-files.ts'
import { temporaryName } from './temporary-name.ts'

export type PendingFile = {
  targetPath: string
  /** Where workers write, at plain offsets. */
  temporaryPath: string
  file: DurableFile
  /** Makes the bytes durable and the target appear. @throws EEXIST where somebody wrote into the reservation */
  commit: () => Promise<void>
  /** Takes back temporary and reservation. Idempotent. */
  abandon: () => Promise<void>
}

export type PendingOptions = {
  jobId: string
  mode: number
  /** False where an existing target is to be replaced: nothing is reserved, `beforeRename` decides. */
  reserve: boolean
  /** Called when all is durable, right before the rename. */
  beforeRename?: () => Promise<void>
}

/** @throws the system's errors: EEXIST where the target exists */
export async function beginPendingFile(
  files: DurableFiles,
  targetPath: string,
  options: PendingOptions,
): Promise<PendingFile> {
  const folder = dirname(targetPath)
  const temporaryPath = join(folder, temporaryName(options.jobId))
  // What an earlier run of the same job left: its own to take back.
  await abandonPendingFile(files, targetPath, options)
  const file = await files.createExclusive(temporaryPath, options.mode)
  let isReserved = false
  try {
    if (options.reserve) {
      await reserve(files, targetPath, options.mode)
      isReserved = true
    }
    await files.syncFolder(folder)
  } catch (error) {
    await file.close()
    // Without a reservation the target may be somebody else's empty file: only the temporary goes.
    if (isReserved && (await entryAt(targetPath)) === 'empty') await unlinkIfThere(files, targetPath)
    await unlinkIfThere(files, temporaryPath)
    throw error
  }
  return pendingFile(files, targetPath, file, options)
}

/** Goes on with the temporary that an earlier run of the same job left.
 * @throws the system's errors: ENOENT where it is gone */
export async function reopenPendingFile(
  files: DurableFiles,
  targetPath: string,
  options: PendingOptions,
): Promise<PendingFile> {
  const temporaryPath = join(dirname(targetPath), temporaryName(options.jobId))
  return pendingFile(files, targetPath, await files.openExisting(temporaryPath), options)
}

function pendingFile(
  files: DurableFiles,
  targetPath: string,
  file: DurableFile,
  options: PendingOptions,
): PendingFile {
  const temporaryPath = file.path
  return {
    targetPath,
    temporaryPath,
    file,
    commit: async () => {
      await file.sync()
      await file.close()
      if (options.reserve) await confirmReservation(files, targetPath, options.mode)
      await options.beforeRename?.()
      await files.rename(temporaryPath, targetPath)
      await files.syncFolder(dirname(targetPath))
    },
    abandon: async () => {
      await file.close().catch(() => undefined)
      await abandonPendingFile(files, targetPath, options)
    },
  }
}

/** What a crash left of a job's pending file: its temporary, and the reservation if it is still empty. Idempotent.
 * @returns whether there was anything */
export async function abandonPendingFile(
  files: DurableFiles,
  targetPath: string,
  options: { jobId: string; reserve: boolean },
): Promise<boolean> {
  const folder = dirname(targetPath)
  const temporaryPath = join(folder, temporaryName(options.jobId))
  if ((await entryAt(temporaryPath)) === 'absent') return false
  if (options.reserve && (await entryAt(targetPath)) === 'empty') await unlinkIfThere(files, targetPath)
  await unlinkIfThere(files, temporaryPath)
  await files.syncFolder(folder)
  return true
}

async function reserve(files: DurableFiles, path: string, mode: number): Promise<void> {
  await (await files.createExclusive(path, mode)).close()
}

/** The reservation may have been removed by hand (then it is made again) or written into (then it is not ours). */
async function confirmReservation(files: DurableFiles, path: string, mode: number): Promise<void> {
  const found = await entryAt(path)
  if (found !== 'empty') await reserve(files, path, mode)
}

async function entryAt(path: string): Promise<'absent' | 'empty' | 'something'> {
  try {
    const found = await lstat(path)
    return found.isFile() && found.size === 0 ? 'empty' : 'something'
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === 'ENOENT' || errno === 'ENOTDIR') return 'absent'
    throw error
  }
}

async function unlinkIfThere(files: DurableFiles, path: string): Promise<void> {
  try {
    await files.unlink(path)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
  }
}
