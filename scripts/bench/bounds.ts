/**
 * What the cores do at best: cipher or digest over the same block again and again, nothing read, nothing written.
 * `node bounds.ts encrypt|decrypt|digest|read THREADS SIZE_BYTES [FILE]`. The start of the threads is not counted.
 */
import { once } from 'node:events'
import { openSync, readSync } from 'node:fs'
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'
import { createLeafHasher } from '../../electron/age/leaf-digest.ts'
import { decryptBlock, encryptBlock } from '../../electron/age/payload-block.ts'
import { chunkCiphertextBytes, chunkPlaintextBytes } from '../../electron/age/payload-size.ts'
import { peakMemoryBytes } from './peak-memory.ts'

const blockChunks = 8
type Share = { operation: string; blocks: number; first: number; path: string }

if (isMainThread) {
  const [operation = '', threads = '1', size = '0', path = ''] = process.argv.slice(2)
  const blocks = Math.ceil(Number(size) / (blockChunks * chunkPlaintextBytes) / Number(threads))
  const workers = Array.from({ length: Number(threads) }, (_, n) => {
    const share: Share = { operation, blocks, first: n * blocks, path }
    return new Worker(new URL(import.meta.url), { workerData: share })
  })
  await Promise.all(workers.map((worker) => once(worker, 'message')))
  const startedAt = performance.now()
  for (const worker of workers) worker.postMessage('go')
  await Promise.all(workers.map((worker) => once(worker, 'message')))
  const insideMs = performance.now() - startedAt
  for (const worker of workers) worker.postMessage('end')
  console.log(JSON.stringify({ insideMs, peakBytes: peakMemoryBytes() }))
} else {
  const work = prepare(workerData as Share)
  parentPort?.postMessage('ready')
  parentPort?.once('message', () => {
    work()
    parentPort?.postMessage('done')
    parentPort?.once('message', () => parentPort?.close())
  })
}

function prepare({ operation, blocks, first, path }: Share): () => void {
  const payloadKey = new Uint8Array(32)
  const ciphertext = Buffer.alloc(blockChunks * chunkCiphertextBytes)
  const plaintext = Buffer.alloc(blockChunks * chunkPlaintextBytes)
  const place = { payloadKey, firstChunk: 0, endsPayload: false, leaf: null }
  const encrypt = () => encryptBlock({ ...place, buffer: ciphertext, plaintextBytes: plaintext.length })
  const hasher = createLeafHasher()
  encrypt()
  const fd = operation === 'read' ? openSync(path, 'r') : -1
  return () => {
    for (let n = 0; n < blocks; n++) {
      if (operation === 'encrypt') encrypt()
      else if (operation === 'decrypt') decryptBlock({ ...place, ciphertext, plaintext })
      else if (operation === 'digest') hasher.update(ciphertext)
      else readSync(fd, plaintext, 0, plaintext.length, (first + n) * plaintext.length)
    }
  }
}
