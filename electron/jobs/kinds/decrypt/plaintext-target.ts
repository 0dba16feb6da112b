/** Where plaintext goes: a file, a folder, or the terminal. It appears when everything has verified, or not at all. */
import { lstat, stat, statfs } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fail } from '../../../../shared/failure.ts'
import { fileModes, type DurableFiles } from '../../../storage/durable-files.ts'
import { asFileFailure } from '../../../storage/file-failures.ts'
import { temporaryName } from '../../../storage/temporary-name.ts'
import { abandonPendingFile, beginPendingFile, reopenPendingFile } from '../../../storage/pending-file.ts'
import { unpackFolder } from '../../unpack/unpack-folder.ts'
import type { PayloadSink } from '../../workers/payload-run.ts'

/** What a file or folder is on its disk, whatever it is called. */
export type DiskIdentity = { device: string; inode: string; bornNs: string }

export type PlaintextTarget = {
  sink: PayloadSink
  /** Where a later run can go on with what is there. */
  partial?: {
    /** All that was written is on the disk when it resolves. */
    makeDurable: () => Promise<void>
    /** Leaves it as it is. */
    close: () => Promise<void>
  }
  /** Of the temporary: what will be the result's. Null where there is none. */
  identity: () => Promise<DiskIdentity | null>
  /** Everything has verified: the result appears. @throws WeightlockError `file/…`, `archive/…` */
  commit: () => Promise<void>
  /** Nothing is left of it. */
  discard: () => Promise<void>
}

/** Where a decrypted artifact goes when the user named a folder that exists: into it, under its own name.
 * @throws WeightlockError `file/exists`, `file/not-found` */
export async function resolveTarget(path: string, name: string): Promise<string> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
  const resolved = isFolder ? join(path, basename(name)) : path
  await requireFree(resolved)
  return resolved
}

/** @throws WeightlockError `file/exists`, `file/not-found` */
export async function requireFree(path: string): Promise<void> {
  const taken = await lstat(path).then(
    () => true,
    () => false,
  )
  if (taken) return fail({ code: 'file/exists', path })
  await asFileFailure(dirname(path), () => stat(dirname(path)))
}

/** @returns null where nothing is there, or it cannot be seen */
export async function diskIdentity(path: string): Promise<DiskIdentity | null> {
  const found = await lstat(path, { bigint: true }).catch(() => null)
  return found && { device: `${found.dev}`, inode: `${found.ino}`, bornNs: `${found.birthtimeNs}` }
}

/** Where a job keeps what has not verified yet. */
export const temporaryOf = (path: string, jobId: string): string => join(dirname(path), temporaryName(jobId))

/** @throws WeightlockError `file/disk-full` before anything is written, where the system tells its free room */
async function checkRoom(path: string, neededBytes: number): Promise<void> {
  const found = await statfs(dirname(path)).catch(() => null)
  if (found !== null && found.blocks > 0 && found.bavail * found.bsize < neededBytes)
    fail({ code: 'file/disk-full', path, neededBytes })
}

/** @param goesOn with the temporary that an earlier run of the job left */
export async function fileTarget(
  files: DurableFiles,
  path: string,
  jobId: string,
  sizeBytes: number,
  goesOn = false,
): Promise<PlaintextTarget> {
  if (!goesOn) await checkRoom(path, sizeBytes)
  const options = { jobId, mode: fileModes.private, reserve: true }
  const pending = await asFileFailure(path, () =>
    goesOn ? reopenPendingFile(files, path, options) : beginPendingFile(files, path, options),
  )
  return {
    sink: { kind: 'file', path: pending.temporaryPath, fileOffset: 0 },
    partial: { makeDurable: pending.file.sync, close: pending.file.close },
    identity: () => diskIdentity(pending.temporaryPath),
    commit: () => asFileFailure(path, pending.commit, sizeBytes),
    discard: pending.abandon,
  }
}

export async function folderTarget(
  files: DurableFiles,
  path: string,
  jobId: string,
  sizeBytes: number,
): Promise<PlaintextTarget> {
  await checkRoom(path, sizeBytes)
  const temporary = temporaryOf(path, jobId)
  const unpacking = await unpackFolder(files, temporary, sizeBytes)
  return {
    sink: { kind: 'receive', receive: (bytes) => unpacking.write(bytes) },
    identity: () => diskIdentity(temporary),
    commit: async () => {
      await unpacking.finish()
      const taken = await lstat(path).then(
        () => true,
        () => false,
      )
      if (taken) return fail({ code: 'file/exists', path })
      await asFileFailure(path, async () => {
        await files.rename(temporary, path)
        await files.syncFolder(dirname(path))
      })
    },
    discard: unpacking.discard,
  }
}

/** Leaf by leaf, each once it has verified. What is out cannot be taken back. */
export const outputTarget = (output: (bytes: Uint8Array) => Promise<void>): PlaintextTarget => ({
  sink: { kind: 'receive', receive: (bytes) => output(bytes) },
  identity: async () => null,
  commit: async () => undefined,
  discard: async () => undefined,
})

/** Takes back what a crash left of this job at its target. Idempotent. */
export async function discardLeft(files: DurableFiles, path: string, jobId: string): Promise<void> {
  const temporary = temporaryOf(path, jobId)
  const found = await lstat(temporary).catch(() => null)
  if (found?.isDirectory()) await files.removeTree(temporary)
  else if (found) await asFileFailure(path, () => abandonPendingFile(files, path, { jobId, reserve: true }))
}
