/** Signs a request anew after a test changed it: AWS Signature Version 4, the payload left out of it. */
import { createHash, createHmac } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { s3Region, type S3Credentials } from './s3-server.ts'

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** @returns the headers with a signature of now */
export function signS3Request(
  { method, url, headers }: { method: string; url: string; headers: IncomingHttpHeaders },
  { accessKeyId, secretAccessKey }: S3Credentials,
): IncomingHttpHeaders {
  const time = new Date().toISOString().replaceAll(/[:-]|\.\d{3}/g, '')
  const scope = `${time.slice(0, 8)}/${s3Region}/s3/aws4_request`
  const { authorization: _, ...rest } = headers
  const signed: IncomingHttpHeaders = {
    ...rest,
    'x-amz-date': time,
    'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
  }
  const names = Object.keys(signed)
    .filter((name) => name === 'host' || name.startsWith('x-amz-') || name.startsWith('if-'))
    .toSorted()
  const { pathname, searchParams } = new URL(url, 'http://s3')
  const query = [...searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).toSorted()
  const canonical = [
    method,
    pathname,
    query.join('&'),
    ...names.map((name) => `${name}:${String(signed[name]).trim()}`),
    '',
    names.join(';'),
    'UNSIGNED-PAYLOAD',
  ].join('\n')
  const key = [s3Region, 's3', 'aws4_request'].reduce(
    (before, step) => hmac(before, step),
    hmac(`AWS4${secretAccessKey}`, time.slice(0, 8)),
  )
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')).toString('hex')
  signed['authorization'] =
    `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`
  return signed
}
