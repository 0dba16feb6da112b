/**
 * Durable files over the real file system that remember what was fsynced and, at a power cut, lose the rest:
 * bytes written after a file's last sync, and names made, moved or removed after their folder's last sync.
 * The record is kept in a folder of its own, so that the power may also be cut after the process was killed.
 * Writes that reach a file by another way (a worker's) count as unsynced until the file is synced here.
 */
import { appendFileSync, copyFileSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { DurableFile, DurableFiles } from '../durable-files.ts'
import { durableFiles } from '../durable-files.ts'
import type { LoggedStep } from './power-cut.ts'
import { logName } from './power-cut.ts'

/** @param recordFolder outside every folder that is written; made if missing */
export function powerLossFiles(recordFolder: string, real: DurableFiles = durableFiles): DurableFiles {
  mkdirSync(recordFolder, { recursive: true })
  const logPath = join(recordFolder, logName)
  let copies = existsSync(logPath) ? readFileSync(logPath, 'utf8').split('\n').length : 0
  const log = (step: LoggedStep) => appendFileSync(logPath, `${JSON.stringify(step)}\n`)
  const keep = (path: string): string | null => {
    if (!existsSync(path) || !statSync(path).isFile()) return null
    const copy = join(recordFolder, `${++copies}-${process.pid}`)
    copyFileSync(path, copy)
    return copy
  }

  const known = new Set<string>()
  const remember = (path: string) => {
    if (!known.has(path)) log({ step: 'known', path, copy: keep(path) })
    known.add(path)
  }

  const watched = (file: DurableFile): DurableFile => ({
    ...file,
    sync: async () => {
      await file.sync()
      log({ step: 'sync', path: file.path, copy: keep(file.path) })
    },
  })

  return {
    createExclusive: async (path, mode) => {
      const file = await real.createExclusive(path, mode)
      log({ step: 'create', path, mode })
      known.add(path)
      return watched(file)
    },
    openExisting: async (path) => {
      remember(path)
      return watched(await real.openExisting(path))
    },
    rename: async (from, to) => {
      remember(from)
      remember(to)
      await real.rename(from, to)
      log({ step: 'rename', from, to })
    },
    syncFolder: async (path) => {
      await real.syncFolder(path)
      log({ step: 'sync-folder', path })
    },
    unlink: async (path) => {
      remember(path)
      await real.unlink(path)
      log({ step: 'remove', path })
    },
    makeFolder: async (path, mode) => {
      await real.makeFolder(path, mode)
      log({ step: 'make-folder', path, mode })
    },
    removeFolder: async (path) => {
      await real.removeFolder(path)
      log({ step: 'remove', path })
    },
    removeTree: async (path) => {
      await real.removeTree(path)
      log({ step: 'remove', path })
    },
  }
}
