/**
 * The pipeline of a job with a sink that throws everything away, in a process of its own:
 * `node payload-nowhere.ts WORKER_SCRIPT encrypt|decrypt FILE WORKERS digests|bare [IDENTITY_FILE]`.
 */
import { randomBytes } from 'node:crypto'
import { openSync, readFileSync, readSync, fstatSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { openAgeFile } from '../../electron/age/age-file.ts'
import { parseIdentityFile } from '../../electron/age/identity.ts'
import { openHeader } from '../../electron/age/open-header.ts'
import type { RangeReader } from '../../electron/age/range-reader.ts'
import { createPayloadPool } from '../../electron/jobs/workers/payload-pool.ts'
import { fileSource } from '../../electron/jobs/workers/payload-run.ts'
import { peakMemoryBytes } from './peak-memory.ts'

const [worker = '', operation, path = '', workers, digests, identityPath = ''] = process.argv.slice(2)
const workerUrl = pathToFileURL(worker)

/** A file of this machine, read in this thread: header and last chunk only. */
function fileReader(): RangeReader {
  const fd = openSync(path, 'r')
  return {
    sizeBytes: fstatSync(fd).size,
    read: async (offset, lengthBytes) => {
      const bytes = new Uint8Array(lengthBytes)
      return bytes.subarray(0, readSync(fd, bytes, 0, lengthBytes, offset))
    },
  }
}

const startedAt = performance.now()
const pool = createPayloadPool({ workerUrl, workers: Number(workers) })
const common = { name: path, sink: { kind: 'nowhere' }, digests: digests === 'digests' } as const
const reader = fileReader()
if (operation === 'encrypt') {
  await pool.encrypt({
    ...common,
    fileKey: randomBytes(16),
    payloadNonce: randomBytes(16),
    plaintextBytes: reader.sizeBytes,
    source: fileSource(path, reader.sizeBytes),
  })
} else {
  const file = await openAgeFile(reader)
  await pool.decrypt({
    ...common,
    fileKey: await openHeader(file.header, parseIdentityFile(readFileSync(identityPath, 'utf8'))),
    payloadNonce: file.payloadNonce,
    payloadBytes: file.payload.sizeBytes,
    source: fileSource(path, file.payload.sizeBytes, { fileOffset: file.payloadOffset }),
  })
}
const insideMs = performance.now() - startedAt
await pool.close()
console.log(JSON.stringify({ insideMs, peakBytes: peakMemoryBytes() }))
