/** Parts that no memory holds: they are encrypted twice and sent as a stream, in bounded memory. */
import { execFile } from 'node:child_process'
import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { ciphertextSizeBytes } from '../../../electron/age/payload-size.ts'
import { partSizeBytes } from '../../../electron/storage/part-size.ts'
import { temporaryFolder } from '../../../electron/storage/testing/temporary-folder.ts'
import { startS3StandIn } from '../s3-stand-in.ts'
import type { LargeUpload, LargeUploadSeen } from './upload-child.ts'

const run = promisify(execFile)
const MiB = 2 ** 20
const TiB = 2 ** 40
const sourceBytes = 6 * TiB
const mostBytes = 450e6

// Only Linux tells the most memory that a process had, and file systems elsewhere hold no 6 TiB of nothing.
it.runIf(process.platform === 'linux')('two parts of 6 TiB are sent in less than 450 MB', async () => {
  const partBytes = partSizeBytes(ciphertextSizeBytes(sourceBytes))
  expect(partBytes).toBeGreaterThanOrEqual(525 * MiB)
  const sourcePath = join(temporaryFolder(), 'model.bin')
  writeFileSync(sourcePath, '')
  truncateSync(sourcePath, sourceBytes)
  const server = await startS3StandIn()
  onTestFinished(() => server.stop())

  const asked: LargeUpload = { endpoint: server.endpoint, sourcePath, stopAfterParts: 2 }
  const child = join(import.meta.dirname, 'upload-child.ts')
  const { stdout } = await run(process.execPath, [child, JSON.stringify(asked)])
  const { parts, peakBytes } = JSON.parse(stdout) as LargeUploadSeen
  expect(parts).toBe(2)
  expect(server.receivedBytes()).toBeGreaterThanOrEqual(2 * partBytes)
  // Sent once each, and of the third no more than its beginning.
  expect(server.receivedBytes()).toBeLessThan(3 * partBytes)
  expect(peakBytes).toBeGreaterThan(0)
  expect(peakBytes).toBeLessThan(mostBytes)
  // Cancelled: nothing is left to be billed.
  expect(server.uploads.size).toBe(0)
  console.log(`peak memory ${(peakBytes / 1e6).toFixed(0)} MB with parts of ${partBytes / MiB} MiB`)
})
