/** Transfers that are slow or stand still, and objects that are larger than any disk here. */
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startS3StandIn } from '../../../scripts/test/s3-stand-in.ts'
import { JobId, newId } from '../../../shared/ids.ts'
import type { StoreFindings } from '../store-probe.ts'
import { combineCrc32, crc32Text } from '../checksum.ts'
import { partCountOf, partSizeBytes } from '../part-size.ts'
import { codeOf, testBytes } from '../testing/conformance.ts'
import { s3UnderTest } from '../testing/s3-under-test.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'

const findings: StoreFindings = {
  conditionalPut: true,
  conditionalComplete: true,
  conditionalCopy: true,
  conditionalDelete: true,
  objectVersions: false,
  copyParts: true,
  checksums: 'full-crc32',
  listsUploads: 'all',
}
const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' }
const MiB = 2 ** 20
const begin = (sizeBytes: number) => ({
  sizeBytes,
  partBytes: partSizeBytes(sizeBytes),
  metadata: { key: 'k' },
  condition: { kind: 'any' as const },
  jobId: newId(JobId),
})

async function standIn(options: Parameters<typeof startS3StandIn>[0], idleTimeoutMs?: number) {
  const server = await startS3StandIn(options)
  onTestFinished(() => server.stop())
  const caFile = join(temporaryFolder(), 'ca.pem')
  writeFileSync(caFile, server.caPem ?? '')
  const where = {
    endpoint: server.endpoint,
    bucket: 'models',
    credentials,
    caFile: server.caPem === null ? null : caFile,
  }
  const backend = s3UnderTest(where, { findings, ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }) })
  onTestFinished(() => backend.close?.())
  return { server, backend }
}

describe('a slow upload', () => {
  it.each([false, true])('is waited for as long as it moves (TLS: %s)', async (tls) => {
    // Between two looks of a timer of 1.5 s much less moves than is handed over at once.
    const { server, backend } = await standIn(
      { tls, slow: { bytesPerSecond: 4 * MiB, forBytes: 20 * MiB } },
      1500,
    )
    const bytes = testBytes(32 * MiB)
    const id = await backend.beginWrite('a.age', { ...begin(33 * MiB), partBytes: 32 * MiB })
    await backend.writePart(id, 1, bytes)
    // Once: it was not taken for dead and sent again.
    expect(server.receivedBytes()).toBe(bytes.length)
    expect(await backend.listParts(id)).toEqual([
      { part: 1, sizeBytes: bytes.length, checksum: crc32Text(crc32(bytes)) },
    ])
  })
})

describe('a server that falls silent', () => {
  /** Answers some operations, and nothing else. */
  async function silentServer(answers: (method: string, url: URL, outgoing: ServerResponse) => void) {
    const asked: string[] = []
    const silent = createServer((incoming, outgoing) => {
      const url = new URL(incoming.url ?? '/', 'http://s3')
      asked.push(`${incoming.method} ${url.pathname}`)
      incoming.resume().once('end', () => answers(incoming.method ?? '', url, outgoing))
    })
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    onTestFinished(() => {
      silent.closeAllConnections()
      silent.close()
    })
    const { port } = silent.address() as AddressInfo
    const where = { endpoint: `http://127.0.0.1:${port}`, bucket: 'models', credentials }
    return { asked, backend: s3UnderTest(where, { findings, idleTimeoutMs: 100 }) }
  }

  it('is given up after two silences', async () => {
    const { backend, asked } = await silentServer(() => undefined)
    expect(await codeOf(backend.head('a.age'))).toBe('store/unreachable')
    expect(asked).toHaveLength(2)
  })

  it('is given up in the middle of a body', async () => {
    const { backend, asked } = await silentServer((_, __, outgoing) => {
      outgoing.writeHead(206, { 'content-length': '1000', 'content-range': 'bytes 0-999/1000' })
      outgoing.write(testBytes(400))
    })
    expect(await codeOf(backend.read('a.age', { offset: 0, lengthBytes: 1000 }))).toBe('store/unreachable')
    expect(asked).toHaveLength(2)
  })

  it('is given up while it puts parts together, where it answers nothing else either', async () => {
    const { backend, asked } = await silentServer((method, { searchParams }, outgoing) => {
      if (searchParams.has('uploads'))
        outgoing.end(
          '<InitiateMultipartUploadResult><UploadId>one</UploadId></InitiateMultipartUploadResult>',
        )
      else if (method === 'GET')
        outgoing.end(
          `<ListPartsResult><Part><PartNumber>1</PartNumber><Size>${6 * MiB}</Size><ETag>"a"</ETag></Part></ListPartsResult>`,
        )
    })
    const id = await backend.beginWrite('a.age', begin(6 * MiB))
    expect(await codeOf(backend.completeWrite(id))).toBe('store/unreachable')
    expect(asked.filter((each) => each === 'POST /models/a.age')).toHaveLength(2)
    expect(asked.filter((each) => each.startsWith('HEAD /models')).length).toBeGreaterThanOrEqual(3)
  })
})

describe('an object of 6 TiB', () => {
  it('goes through in parts of 630 MiB, streamed, its checksum by arithmetic', async () => {
    const { server, backend: usual } = await standIn({})
    const sizeBytes = 6 * 2 ** 40
    expect(await codeOf(usual.beginWrite('a.age', begin(sizeBytes)))).toBe('store/too-large')
    const where = { endpoint: server.endpoint, bucket: 'models', credentials }
    const backend = s3UnderTest(
      { ...where, settings: { preset: 'aws', region: 'us-east-1', pathStyle: true } },
      { findings },
    )
    const write = begin(sizeBytes)
    expect([write.partBytes, partCountOf(sizeBytes, write.partBytes)]).toEqual([630 * MiB, 9987])
    const id = await backend.beginWrite('a.age', write)
    const zeros = Buffer.alloc(MiB)
    let ofPart = 0
    for (let piece = 0; piece < 630; piece++) ofPart = combineCrc32(ofPart, crc32(zeros), MiB)
    const lastBytes = sizeBytes - 9986 * write.partBytes
    let ofLast = 0
    for (let left = lastBytes; left > 0; left -= MiB)
      ofLast = combineCrc32(ofLast, crc32(zeros.subarray(0, Math.min(MiB, left))), Math.min(MiB, left))
    const stream = (length: number, checksum: number) => ({
      sizeBytes: length,
      crc32: checksum,
      chunks: async function* () {
        for (let left = length; left > 0; left -= MiB) yield zeros.subarray(0, Math.min(MiB, left))
      },
    })
    await backend.writePart(id, 1, stream(write.partBytes, ofPart))
    expect(await codeOf(backend.completeWrite(id))).toBe('store/parts-missing')
    await backend.writePart(id, 9987, stream(lastBytes, ofLast))
    // What lies between: as if it had been sent.
    for (const upload of server.uploads.values())
      for (let part = 2; part < 9987; part++)
        upload.parts.set(part, { sizeBytes: write.partBytes, checksum: ofPart })
    const info = await backend.completeWrite(id)
    let whole = 0
    for (let part = 1; part < 9987; part++) whole = combineCrc32(whole, ofPart, write.partBytes)
    whole = combineCrc32(whole, ofLast, lastBytes)
    expect(info).toMatchObject({
      sizeBytes,
      checksum: { algorithm: 'crc32', kind: 'full', value: crc32Text(whole) },
      metadata: { key: 'k' },
    })
  })
})
