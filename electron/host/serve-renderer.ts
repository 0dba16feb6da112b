/** The page's files as both hosts serve them: only what the build put there, with a strict policy. */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'

export type ServedFile = { status: 200 | 404; headers: Record<string, string>; body: Uint8Array<ArrayBuffer> }

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/** What `renderer/index.html` has where the nonce of this load goes. */
const noncePlace = '__CSP_NONCE__'

/** The policy that was seen to work with Mantine 9 (architecture.md, "Boundary rules").
 * @param nonce base64, made anew for every load */
export const contentSecurityPolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

const everyHeader = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
}

/** The path's parts, or null where one could leave the folder: a name may not be `..`, hold a separator of any
 * system, a drive letter or anything that is not in the names that the build makes. */
function safeParts(pathname: string): string[] | null {
  let decoded: string
  try {
    decoded = decodeURIComponent(pathname)
  } catch {
    return null
  }
  if (decoded === '/') return ['index.html']
  const parts = decoded.slice(1).split('/')
  return parts.every((part) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(part)) ? parts : null
}

const notFound: ServedFile = {
  status: 404,
  headers: { ...everyHeader, 'content-type': 'text/plain' },
  body: new TextEncoder().encode('not found'),
}

/** One file of the built renderer.
 * @param rendererFolder absolute
 * @param url of the request; its origin is the caller's to check
 * @returns 404 for whatever is not a file there */
export async function serveRenderer(rendererFolder: string, url: string): Promise<ServedFile> {
  const parts = safeParts(new URL(url).pathname)
  const contentType = parts === null ? undefined : contentTypes[extname(parts.at(-1) ?? '')]
  if (parts === null || contentType === undefined) return notFound
  let body: Uint8Array<ArrayBuffer>
  try {
    body = await readFile(join(rendererFolder, ...parts))
  } catch {
    return notFound
  }
  const headers: Record<string, string> = { ...everyHeader, 'content-type': contentType }
  if (contentType.startsWith('text/html')) {
    const nonce = randomBytes(18).toString('base64')
    body = new TextEncoder().encode(new TextDecoder().decode(body).replaceAll(noncePlace, nonce))
    headers['content-security-policy'] = contentSecurityPolicy(nonce)
  }
  return { status: 200, headers, body }
}
