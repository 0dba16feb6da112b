/** A bucket that swallows what it is sent, and keeps sizes and checksums only: for objects that no disk here holds, and
 * for networks that are slow. Nothing can be read from it, and no signature is looked at. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { combineCrc32, crc32Text } from '../../electron/storage/checksum.ts'
import { makeTestCertificate } from './test-certificate.ts'

type SwallowedPart = { sizeBytes: number; checksum: number }
type Upload = { key: string; metadata: [string, string][]; parts: Map<number, SwallowedPart> }
type Swallowed = { sizeBytes: number; checksum: number; metadata: [string, string][]; at: Date }

export type S3StandIn = {
  endpoint: string
  /** PEM of the private authority, with `tls`. */
  caPem: string | null
  uploads: Map<string, Upload>
  objects: Map<string, Swallowed>
  /** Of bodies, in all. */
  receivedBytes: () => number
  stop: () => Promise<void>
}

/** @param options.slow how fast each body is read, and for how many of its bytes: what is in the buffers of the systems
 * when its sender is done is then read at once */
export async function startS3StandIn(
  options: { tls?: boolean; slow?: { bytesPerSecond: number; forBytes: number } } = {},
): Promise<S3StandIn> {
  const uploads = new Map<string, Upload>()
  const objects = new Map<string, Swallowed>()
  let received = 0

  const swallow = async (incoming: IncomingMessage): Promise<SwallowedPart> => {
    let [sizeBytes, checksum] = [0, 0]
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length
      received += chunk.length
      checksum = crc32(chunk, checksum)
      if (options.slow !== undefined && sizeBytes < options.slow.forBytes)
        await pause((chunk.length / options.slow.bytesPerSecond) * 1000)
    }
    return { sizeBytes, checksum }
  }

  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://s3')
    const key = decodeURIComponent(pathname.split('/').slice(2).join('/'))
    const metadata = Object.entries(incoming.headers).flatMap(([name, value]): [string, string][] =>
      name.startsWith('x-amz-meta-') && typeof value === 'string' ? [[name, value]] : [],
    )
    const uploadId = searchParams.get('uploadId')
    const upload = uploadId === null ? undefined : uploads.get(uploadId)
    const say = (status: number, body = '', headers: Record<string, string> = {}) =>
      outgoing.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers }).end(body)
    const refuse = (status: number, code: string) => say(status, `<Error><Code>${code}</Code></Error>`)
    const tagOf = ({ checksum }: SwallowedPart) => `"${crc32Text(checksum)}"`

    switch (`${incoming.method} ${uploadId === null ? '' : 'upload'}`) {
      case 'POST ': {
        const id = randomBytes(12).toString('hex')
        uploads.set(id, { key, metadata, parts: new Map() })
        return void say(200, `<R><UploadId>${id}</UploadId></R>`)
      }
      case 'PUT upload': {
        if (upload === undefined) return void refuse(404, 'NoSuchUpload')
        const part = await swallow(incoming)
        upload.parts.set(Number(searchParams.get('partNumber')), part)
        return void say(200, '', { etag: tagOf(part), 'x-amz-checksum-crc32': crc32Text(part.checksum) })
      }
      case 'GET upload': {
        if (upload === undefined) return void refuse(404, 'NoSuchUpload')
        const parts = [...upload.parts].map(
          ([number, part]) =>
            `<Part><PartNumber>${number}</PartNumber><Size>${part.sizeBytes}</Size><ETag>${tagOf(part)}</ETag><ChecksumCRC32>${crc32Text(part.checksum)}</ChecksumCRC32></Part>`,
        )
        return void say(200, `<R><IsTruncated>false</IsTruncated>${parts.join('')}</R>`)
      }
      case 'POST upload': {
        if (upload === undefined) return void refuse(404, 'NoSuchUpload')
        let [sizeBytes, checksum] = [0, 0]
        for (const [, part] of [...upload.parts].toSorted(([one], [other]) => one - other)) {
          sizeBytes += part.sizeBytes
          checksum = combineCrc32(checksum, part.checksum, part.sizeBytes)
        }
        objects.set(upload.key, { sizeBytes, checksum, metadata: upload.metadata, at: new Date() })
        uploads.delete(uploadId ?? '')
        return void say(200, `<R><ETag>"${crc32Text(checksum)}"</ETag></R>`)
      }
      case 'DELETE upload':
        return void (uploads.delete(uploadId ?? '') ? say(204) : refuse(404, 'NoSuchUpload'))
      case 'PUT ':
        objects.set(key, { ...(await swallow(incoming)), metadata, at: new Date() })
        return void say(200)
      case 'DELETE ':
        objects.delete(key)
        return void say(204)
      default: {
        const found = objects.get(key)
        if (found === undefined) return void refuse(404, 'NoSuchKey')
        if (incoming.method === 'GET') return void refuse(501, 'NotImplemented')
        outgoing.writeHead(200, {
          'content-length': String(found.sizeBytes),
          'last-modified': found.at.toUTCString(),
          etag: `"${crc32Text(found.checksum)}"`,
          'x-amz-checksum-crc32': crc32Text(found.checksum),
          'x-amz-checksum-type': 'FULL_OBJECT',
          ...Object.fromEntries(found.metadata),
        })
        outgoing.end()
      }
    }
  }

  const listener = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    incoming.on('error', () => undefined)
    void answer(incoming, outgoing).catch(() => outgoing.destroy())
  }
  const certificate = options.tls === true ? makeTestCertificate() : null
  const server =
    certificate === null
      ? createServer(listener)
      : createTlsServer({ cert: certificate.certificatePem, key: certificate.keyPem }, listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `${certificate === null ? 'http' : 'https'}://127.0.0.1:${port}`,
    caPem: certificate?.caPem ?? null,
    uploads,
    objects,
    receivedBytes: () => received,
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
