/**
 * Every file that we write goes through here: ciphertext in local stores, decrypted targets, identity exports.
 * What is not fsynced may be lost at a power cut, its folder entry too; the test double loses it
 * (`testing/power-loss-files.ts`). Raw errors of the system pass through: `file-failures.ts` names them.
 */
import { constants } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { mkdir, open, rename, rm, rmdir, unlink } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

/** Plaintext and identities are the owner's alone; ciphertext follows umask, so that a share can be read. */
export const fileModes = { private: 0o600, shared: 0o666 } as const
export const folderModes = { private: 0o700, shared: 0o777 } as const

export type DurableFile = {
  path: string
  /** Writes all bytes at the offset; writes may overlap in time, and leave holes until all are there. */
  write: (bytes: Uint8Array, offset: number) => Promise<void>
  stat: () => Promise<BigIntStats>
  /** The file's bytes and length are on the disk when this returns; its name only after `syncFolder`. */
  sync: () => Promise<void>
  close: () => Promise<void>
}

export type DurableFiles = {
  /** @throws EEXIST where the name is held, a dangling link included */
  createExclusive: (path: string, mode: number) => Promise<DurableFile>
  /** An existing regular file, never through a link. */
  openExisting: (path: string) => Promise<DurableFile>
  rename: (from: string, to: string) => Promise<void>
  /** Makes the entries of a folder durable, where the file system can. */
  syncFolder: (path: string) => Promise<void>
  unlink: (path: string) => Promise<void>
  makeFolder: (path: string, mode: number) => Promise<void>
  /** An empty folder. */
  removeFolder: (path: string) => Promise<void>
  /** A folder of ours with all that is in it: an abandoned unpacking. */
  removeTree: (path: string) => Promise<void>
}

const noFollow = constants.O_NOFOLLOW ?? 0

/** The real thing. */
export const durableFiles: DurableFiles = {
  createExclusive: async (path, mode) => durable(path, await open(path, 'wx+', mode)),
  openExisting: async (path) => durable(path, await open(path, constants.O_RDWR | noFollow)),
  rename,
  syncFolder,
  unlink,
  makeFolder: async (path, mode) => {
    await mkdir(path, { mode })
  },
  removeFolder: rmdir,
  removeTree: (path) => rm(path, { recursive: true, force: true }),
}

function durable(path: string, handle: FileHandle): DurableFile {
  return {
    path,
    write: async (bytes, offset) => {
      let done = 0
      while (done < bytes.length) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, offset + done)
        done += bytesWritten
      }
    },
    stat: () => handle.stat({ bigint: true }),
    sync: () => handle.sync(),
    close: () => handle.close(),
  }
}

/** Windows has no way to open a folder for this, some network shares refuse: there the rename must do. */
const foldersThatCannotSync = new Set(['EINVAL', 'ENOTSUP', 'EISDIR', 'EPERM', 'EBADF', 'ENOSYS'])

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(path, constants.O_RDONLY)
  try {
    await handle.sync()
  } catch (error) {
    if (!foldersThatCannotSync.has(errnoOf(error) ?? '')) throw error
  } finally {
    await handle.close()
  }
}

/** The system's name of what went wrong (`ENOSPC`), or null where the error is not the system's. */
export function errnoOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  return typeof error.code === 'string' && /^E[A-Z0-9]+$/.test(error.code) ? error.code : null
}
