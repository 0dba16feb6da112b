import { randomFillSync } from 'node:crypto'
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'

/** A file of so many random bytes, on the disk before anything is measured. */
export function writeRandomFile(path: string, sizeBytes: number): void {
  const fd = openSync(path, 'w')
  const block = Buffer.alloc(2 ** 24)
  for (let done = 0; done < sizeBytes; done += block.length)
    writeSync(fd, randomFillSync(block), 0, Math.min(block.length, sizeBytes - done))
  fsyncSync(fd)
  closeSync(fd)
}
