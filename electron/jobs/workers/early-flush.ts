import { open, type FileHandle } from 'node:fs/promises'
import { asFileFailure } from '../../storage/file-failures.ts'

/** How much is written before the disk is asked to take it. */
const flushBytes = 64 * 2 ** 20

/** Makes the disk work while the cores still do, so that little is left for the fsync at the end. It promises
 * nothing: what must be durable its owner fsyncs. */
export type EarlyFlush = {
  written(bytes: number): void
  /** Waits for what it began. */
  close(): Promise<void>
}

/** @param path a file that exists
 * @param failed called where the disk refuses: what was written may be lost */
export function createEarlyFlush(path: string, failed: (error: unknown) => void): EarlyFlush {
  let pendingBytes = 0
  let flushing: Promise<void> | null = null
  let handle: FileHandle | null = null

  const flush = async () => {
    await asFileFailure(path, async () => {
      handle ??= await open(path, 'r+')
      await handle.datasync()
    })
  }

  return {
    written: (bytes) => {
      pendingBytes += bytes
      if (pendingBytes < flushBytes || flushing !== null) return
      pendingBytes = 0
      flushing = flush()
        .catch(failed)
        .finally(() => {
          flushing = null
        })
    },
    close: async () => {
      await flushing
      await handle?.close()
    },
  }
}
