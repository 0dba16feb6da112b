/** How servers that speak S3 differ, played in front of one that is right: each as a `Meet` of the proxy. */
import { s3Error, type Meet, type ProxiedReply, type ProxiedRequest } from './s3-proxy.ts'

/** One after the other: what the first changes of a request the next one sees. */
export const together =
  (...all: Meet[]): Meet =>
  (request, forward) => {
    const [first, ...rest] = all
    if (first === undefined) return forward()
    return first(request, async (changed) => {
      const reply = await together(...rest)(
        changed === undefined ? request : { ...request, ...changed },
        (further) =>
          forward(changed === undefined && further === undefined ? undefined : { ...changed, ...further }),
      )
      if (reply === 'cut') throw new Error('only the first may cut')
      return reply
    })
  }

const changeText = (reply: ProxiedReply, change: (text: string) => string): ProxiedReply => ({
  ...reply,
  body: Buffer.from(change(reply.body.toString())),
})
const withoutHeaders = (headers: ProxiedReply['headers'], which: RegExp): ProxiedReply['headers'] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !which.test(name)))
const hasHeader = ({ headers }: ProxiedRequest, which: RegExp): boolean =>
  Object.keys(headers).some((name) => which.test(name))
const withQuery = (url: string, change: (query: URLSearchParams) => void): string => {
  const changed = new URL(url, 'http://s3')
  change(changed.searchParams)
  return changed.pathname + changed.search
}

const conditions = /^if-(none-)?match$/
const checksums = /^x-amz-(checksum-|sdk-checksum)/
const isWrite = ({ method }: ProxiedRequest): boolean => method !== 'GET' && method !== 'HEAD'

/** MinIO: open uploads are listed for an exact key only. */
export const listsUploadsByName: Meet = async (request, forward) => {
  const reply = await forward()
  if (request.operation !== 'ListMultipartUploads') return reply
  const prefix = request.query.get('prefix') ?? ''
  return changeText(reply, (text) =>
    text.replaceAll(/<Upload>.*?<\/Upload>/gs, (upload) => {
      const [, key = ''] = /<Key>(.*?)<\/Key>/s.exec(upload) ?? []
      return decodeURIComponent(key.replaceAll('+', ' ')) === prefix ? upload : ''
    }),
  )
}

/** Garage: conditions of writes are not looked at. */
export const ignoresConditions: Meet = (request, forward) =>
  isWrite(request) && hasHeader(request, conditions)
    ? forward({ headers: withoutHeaders(request.headers, conditions) })
    : forward()

/** Others answer that they do not know them. */
export const refusesConditions: Meet = async (request, forward) =>
  isWrite(request) && hasHeader(request, conditions) ? s3Error(501, 'NotImplemented') : forward()

/** No checksum is taken, kept or reported. */
export const knowsNoChecksums: Meet = async (request, forward) => {
  const reply = await (hasHeader(request, checksums)
    ? forward({ headers: withoutHeaders(request.headers, checksums) })
    : forward())
  const headers = withoutHeaders(reply.headers, checksums)
  if (request.operation === 'GetObject') return { ...reply, headers }
  return changeText({ ...reply, headers }, (text) =>
    text.replaceAll(/<Checksum(\w+)>[^<]*<\/Checksum\1>/g, ''),
  )
}

/** A checksum is an argument that is not known. */
export const refusesChecksums: Meet = async (request, forward) =>
  isWrite(request) && hasHeader(request, checksums)
    ? s3Error(400, 'InvalidArgument')
    : knowsNoChecksums(request, forward)

/** Only the parts of an upload are attested, not the whole. */
export const attestsPartsOnly: Meet = async (request, forward) =>
  request.headers['x-amz-checksum-type'] === 'FULL_OBJECT' ? s3Error(400, 'InvalidRequest') : forward()

/** CRC-64/NVME is the one checksum of a whole object that is known. */
export const attestsByCrc64Only: Meet = async (request, forward) =>
  request.headers['x-amz-checksum-type'] === 'FULL_OBJECT' &&
  request.headers['x-amz-checksum-algorithm'] === 'CRC32'
    ? s3Error(400, 'InvalidRequest')
    : forward()

export const copiesNoParts: Meet = async (request, forward) =>
  request.operation === 'UploadPartCopy' ? s3Error(501, 'NotImplemented') : forward()

/** Lists of everything come in pages of two, unless another size is asked for. */
export const listsInShortPages: Meet = (request, forward) => {
  const limits = {
    ListObjectsV2: 'max-keys',
    ListMultipartUploads: 'max-uploads',
    ListParts: 'max-parts',
    ListObjectVersions: 'max-keys',
  } as const
  const limit = Object.entries(limits).find(([operation]) => operation === request.operation)?.[1]
  if (limit === undefined) return forward()
  return forward({ url: withQuery(request.url, (query) => query.get(limit) ?? query.set(limit, '2')) })
}

/** Open uploads in pages of two, each page after the key and the upload that the markers name: as AWS does it, and
 * versitygw does not, which refuses the second marker. */
export const pagesUploads: Meet = async (request, forward) => {
  if (request.operation !== 'ListMultipartUploads') return forward()
  const [key, id] = ['key-marker', 'upload-id-marker'].map((name) => request.query.get(name) ?? '')
  const url = withQuery(request.url, (query) => {
    for (const name of ['key-marker', 'upload-id-marker', 'encoding-type']) query.delete(name)
  })
  const reply = await forward({ url })
  const text = reply.body.toString()
  const uploads = [...text.matchAll(/<Upload>.*?<\/Upload>/gs)].map(([upload]) => ({
    upload,
    key: /<Key>(.*?)<\/Key>/s.exec(upload)?.[1] ?? '',
    id: /<UploadId>(.*?)<\/UploadId>/s.exec(upload)?.[1] ?? '',
  }))
  const seen = key === '' ? 0 : uploads.findIndex((each) => each.key === key && each.id === id) + 1
  const page = uploads.slice(seen, seen + 2)
  const last = page.at(-1)
  const isTruncated = seen + 2 < uploads.length
  const markers =
    isTruncated && last !== undefined
      ? `<NextKeyMarker>${last.key}</NextKeyMarker><NextUploadIdMarker>${last.id}</NextUploadIdMarker>`
      : ''
  const inside = page.map((each) => each.upload).join('')
  return {
    ...reply,
    body: Buffer.from(
      `<?xml version="1.0" encoding="UTF-8"?>\n<ListMultipartUploadsResult><IsTruncated>${isTruncated}</IsTruncated>${markers}${inside}</ListMultipartUploadsResult>`,
    ),
  }
}

/** Names are listed as they are: the wish for another encoding is not known. */
export const listsPlainNames: Meet = (request, forward) =>
  request.query.has('encoding-type')
    ? forward({ url: withQuery(request.url, (query) => query.delete('encoding-type')) })
    : forward()

/** Tags without quotes. */
export const writesBareTags: Meet = async (request, forward) => {
  const reply = await forward()
  const { etag } = reply.headers
  const headers = etag === undefined ? reply.headers : { ...reply.headers, etag: etag.replaceAll('"', '') }
  if (request.operation === 'GetObject') return { ...reply, headers }
  return changeText({ ...reply, headers }, (text) =>
    text.replaceAll(/(<ETag>)(?:&#34;|&quot;|")([^<]*?)(?:&#34;|&quot;|")(<)/g, '$1$2$3'),
  )
}

/** Asked for several attributes of an object at once it says that this is no request. Nothing of ours asks. */
export const refusesAttributes: Meet = async (request, forward) =>
  request.query.has('attributes') ? s3Error(400, 'InvalidArgument') : forward()

const settingHeaders =
  /^(x-amz-storage-class|x-amz-server-side-encryption(-aws-kms-key-id)?|cache-control|content-language)$/

/** AWS: an object has a storage class and a key that encrypts it, as it was told when it was put or its upload begun.
 * The server behind this knows neither. */
export function keepsClasses(): Meet {
  const uploads = new Map<string, ProxiedReply['headers']>()
  const objects = new Map<string, ProxiedReply['headers']>()
  return async (request, forward) => {
    const [path = ''] = request.url.split('?')
    const told = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => settingHeaders.test(name)),
    )
    const reply = await (hasHeader(request, settingHeaders)
      ? forward({ headers: withoutHeaders(request.headers, settingHeaders) })
      : forward())
    if (reply.status >= 300) return reply
    if (request.operation === 'CreateMultipartUpload') uploads.set(path, told)
    if (request.operation === 'PutObject') objects.set(path, told)
    if (request.operation === 'CompleteMultipartUpload') objects.set(path, uploads.get(path) ?? {})
    if (request.operation !== 'HeadObject') return reply
    return { ...reply, headers: { ...withoutHeaders(reply.headers, settingHeaders), ...objects.get(path) } }
  }
}
