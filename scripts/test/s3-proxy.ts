/** Stands between the program and a real S3 server, and plays what networks and other servers do: lost replies, broken
 * connections, refusals, quirks. Signatures stay valid, as the host of a request is passed on as it is. */
import { once } from 'node:events'
import { createServer, request as httpRequest, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { S3Server } from './s3-server.ts'
import { signS3Request } from './sign-s3-request.ts'

export type S3Operation =
  | 'AbortMultipartUpload'
  | 'CompleteMultipartUpload'
  | 'CopyObject'
  | 'CreateMultipartUpload'
  | 'DeleteObject'
  | 'GetBucketVersioning'
  | 'GetObject'
  | 'HeadObject'
  | 'ListMultipartUploads'
  | 'ListObjectVersions'
  | 'ListObjectsV2'
  | 'ListParts'
  | 'PutObject'
  | 'UploadPart'
  | 'UploadPartCopy'
  | 'other'

export type ProxiedRequest = {
  operation: S3Operation
  method: string
  /** Path and query. */
  url: string
  query: URLSearchParams
  headers: IncomingHttpHeaders
  body: Buffer
}

export type ProxiedReply = {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
  /** Only so many bytes of the body leave before the connection is cut; its length is still announced as a whole. */
  cutAfterBytes?: number
}

/** What to answer. `forward` asks the real server, what was changed signed anew by root; `cut` breaks the connection
 * without an answer. */
export type Meet = (
  request: ProxiedRequest,
  forward: (changed?: {
    url?: string
    headers?: IncomingHttpHeaders
    body?: Buffer
  }) => Promise<ProxiedReply>,
) => Promise<ProxiedReply | 'cut'>

export type S3Proxy = {
  endpoint: string
  /** In order of arrival. */
  requests: ProxiedRequest[]
  /** From now on; null passes everything on. */
  meet: (how: Meet | null) => void
  stop: () => Promise<void>
}

/** An answer as S3 writes its errors. */
export const s3Error = (status: number, code: string, inside = ''): ProxiedReply => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${code}</Message>${inside}</Error>`,
  ),
})

/** @param real without TLS */
export async function startS3Proxy(real: Pick<S3Server, 'port' | 'root'>): Promise<S3Proxy> {
  let meet: Meet | null = null
  const requests: ProxiedRequest[] = []
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('error', () => undefined)
    incoming.on('end', () => {
      const url = incoming.url ?? '/'
      const method = incoming.method ?? 'GET'
      const { headers } = incoming
      const query = new URL(url, 'http://s3').searchParams
      const operation = operationOf(method, url, query, headers)
      const request = { operation, method, url, query, headers, body: Buffer.concat(chunks) }
      requests.push(request)
      const forward: Parameters<Meet>[1] = (changed) => {
        if (changed === undefined) return ask(real.port, request)
        const asked = { ...request, ...changed }
        return ask(real.port, { ...asked, headers: signS3Request(asked, real.root) })
      }
      void (meet ?? ((_, pass) => pass()))(request, forward)
        .catch((error: unknown) => s3Error(500, 'ProxyFailed', String(error)))
        .then((reply) => {
          if (reply === 'cut') return outgoing.socket?.destroy()
          const { status, cutAfterBytes, body } = reply
          const { 'transfer-encoding': _, connection: __, ...kept } = reply.headers
          // What HEAD announces is not in its answer.
          const length = method === 'HEAD' ? {} : { 'content-length': String(body.length) }
          outgoing.writeHead(status, { ...kept, ...length })
          if (cutAfterBytes === undefined) return outgoing.end(method === 'HEAD' ? undefined : body)
          return outgoing.write(body.subarray(0, cutAfterBytes), () => outgoing.socket?.destroy())
        })
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    meet: (how) => {
      meet = how
    },
    stop: () => close(server),
  }
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}

async function ask(port: number, asked: ProxiedRequest): Promise<ProxiedReply> {
  const { method, url, body } = asked
  const headers = {
    ...asked.headers,
    ...(body.length === 0 ? {} : { 'content-length': String(body.length) }),
  }
  const outgoing = httpRequest({ host: '127.0.0.1', port, method, path: url, headers, agent: false })
  // A server that answers early closes while the rest is still sent.
  outgoing.on('error', () => undefined)
  outgoing.end(body)
  const [incoming] = (await once(outgoing, 'response')) as [import('node:http').IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) }
}

function operationOf(
  method: string,
  url: string,
  query: URLSearchParams,
  headers: IncomingHttpHeaders,
): S3Operation {
  const isOfObject = url.split('?')[0]?.split('/').slice(2).join('') !== ''
  const isCopy = headers['x-amz-copy-source'] !== undefined
  const has = (name: string) => query.has(name)
  if (!isOfObject) {
    if (method !== 'GET') return 'other'
    if (has('uploads')) return 'ListMultipartUploads'
    if (has('versions')) return 'ListObjectVersions'
    if (has('versioning')) return 'GetBucketVersioning'
    return has('list-type') ? 'ListObjectsV2' : 'other'
  }
  switch (method) {
    case 'GET':
      return has('uploadId') ? 'ListParts' : 'GetObject'
    case 'HEAD':
      return 'HeadObject'
    case 'PUT':
      if (has('partNumber')) return isCopy ? 'UploadPartCopy' : 'UploadPart'
      return isCopy ? 'CopyObject' : 'PutObject'
    case 'POST':
      if (has('uploads')) return 'CreateMultipartUpload'
      return has('uploadId') ? 'CompleteMultipartUpload' : 'other'
    case 'DELETE':
      return has('uploadId') ? 'AbortMultipartUpload' : 'DeleteObject'
    default:
      return 'other'
  }
}
