/**
 * What the cores do at best: cipher or digest over the same block again and again, nothing read, nothing written.
 * `node bounds.ts encrypt|decrypt|digest|read THREADS SIZE_BYTES [FILE]`
 */
import { once } from 'node:events'
import { openSync, readSync } from 'node:fs'
import { Worker, isMainThread, workerData } from 'node:worker_threads'
import { createLeafHasher } from '../../electron/age/leaf-digest.ts'
import { decryptBlock, encryptBlock } from '../../electron/age/payload-block.ts'
import { chunkCiphertextBytes, chunkPlaintextBytes } from '../../electron/age/payload-size.ts'
import { peakMemoryBytes } from './peak-memory.ts'

const blockChunks = 8
type Share = { operation: string; blocks: number; first: number; path: string }

if (isMainThread) {
  const [operation = '', threads = '1', size = '0', path = ''] = process.argv.slice(2)
  const blocks = Math.ceil(Number(size) / (blockChunks * chunkPlaintextBytes) / Number(threads))
  const startedAt = performance.now()
  const workers = Array.from({ length: Number(threads) }, (_, n) => {
    const share: Share = { operation, blocks, first: n * blocks, path }
    return new Worker(new URL(import.meta.url), { workerData: share })
  })
  await Promise.all(workers.map((worker) => once(worker, 'exit')))
  const insideMs = performance.now() - startedAt
  console.log(JSON.stringify({ insideMs, peakBytes: peakMemoryBytes() }))
} else work(workerData as Share)

function work({ operation, blocks, first, path }: Share): void {
  const payloadKey = new Uint8Array(32)
  const ciphertext = Buffer.alloc(blockChunks * chunkCiphertextBytes)
  const plaintext = Buffer.alloc(blockChunks * chunkPlaintextBytes)
  const place = { payloadKey, firstChunk: 0, endsPayload: false, leaf: null }
  const encrypt = () => encryptBlock({ ...place, buffer: ciphertext, plaintextBytes: plaintext.length })
  const hasher = createLeafHasher()
  encrypt()
  const fd = operation === 'read' ? openSync(path, 'r') : -1
  for (let n = 0; n < blocks; n++) {
    if (operation === 'encrypt') encrypt()
    else if (operation === 'decrypt') decryptBlock({ ...place, ciphertext, plaintext })
    else if (operation === 'digest') hasher.update(ciphertext)
    else readSync(fd, plaintext, 0, plaintext.length, (first + n) * plaintext.length)
  }
}
