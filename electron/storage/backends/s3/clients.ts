/** Clients of the SDK with our own time-outs, TLS rules and proxies. */
import { readFile } from 'node:fs/promises'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent, type AgentOptions } from 'node:https'
import { rootCertificates } from 'node:tls'
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { fail } from '../../../../shared/failure.ts'
import { isAllowedConnection, type S3Settings } from './settings.ts'

type S3Secrets = { secretAccessKey: string; sessionToken: string | null }

export type ClientOptions = {
  store: string
  settings: S3Settings
  /** Asked for each time that credentials are needed anew; null where none are kept. Never logged, never kept. */
  secrets: () => Promise<S3Secrets | null>
  /** How long a connection may stand still. */
  idleTimeoutMs?: number
}

const sockets = 64
const connectTimeoutMs = 10_000
const idleTimeoutMs = 90_000
/** Putting 10,000 parts together, or copying 5 GiB inside the store. */
const slowIdleTimeoutMs = 900_000

/** How long a connection of each may stand still. */
export const idleMs = (usualMs = idleTimeoutMs) => ({
  brief: usualMs / 3,
  quick: usualMs,
  slow: Math.max(usualMs, slowIdleTimeoutMs),
})

/** `brief`: for small questions whose answer somebody waits for. */
export type Clients = { brief: S3Client; quick: S3Client; slow: S3Client }
export type Agents = { http: HttpAgent; https: HttpsAgent }

const tls = { minVersion: 'TLSv1.2', rejectUnauthorized: true } as const

/** Connections, kept for the requests that follow.
 * @throws store/settings-invalid, store/unreachable */
export async function makeAgents(store: string, { caFile }: S3Settings): Promise<Agents> {
  const ca = caFile === null ? {} : { ca: [...rootCertificates, await readAuthority(caFile)] }
  const pool = { keepAlive: true, maxSockets: sockets }
  return {
    http: new HttpAgent(pool),
    // Said here, so that no environment variable turns it off.
    https: proxied(store, { ...pool, ...ca, ...tls }),
  }
}

/** `HTTPS_PROXY` and `NO_PROXY` count: through a proxy goes TLS from here to the store. */
function proxied(store: string, options: AgentOptions): HttpsAgent {
  try {
    return new HttpsAgent({ ...options, proxyEnv: process.env })
  } catch {
    // What Node says of it repeats the address, with the password that may stand in it.
    const detail = 'HTTPS_PROXY is no address such as http://host:port'
    return fail({ code: 'store/unreachable', store, detail })
  }
}

/** @throws store/credentials-missing */
export async function clientsOf(options: ClientOptions, agents: Agents): Promise<Clients> {
  const { store, settings, secrets } = options
  const { region, endpoint, profile, accessKeyId } = settings
  const credentials = accessKeyId === null ? {} : { credentials: await typedIn(store, accessKeyId, secrets) }
  const handler = (socketTimeout: number) => ({
    requestHandler: {
      connectionTimeout: connectTimeoutMs,
      socketTimeout,
      httpAgent: agents.http,
      httpsAgent: agents.https,
    },
  })
  const config: S3ClientConfig = {
    ...(endpoint === null ? {} : { endpoint: endpoint.origin }),
    ...(region === null ? {} : { region }),
    ...(profile === null ? {} : { profile }),
    ...credentials,
    ...reread,
    forcePathStyle: settings.pathStyle,
    maxAttempts: 1,
    // Checksums are ours: `zlib.crc32`, not the SDK's own arithmetic.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    followRegionRedirects: false,
    expectContinueHeader: false,
    logger: silent,
  }
  const patience = idleMs(options.idleTimeoutMs)
  const quick = new S3Client({ ...config, ...handler(patience.quick) })
  const like = (timeoutMs: number) =>
    new S3Client({ ...config, ...handler(timeoutMs), credentials: quick.config.credentials })
  const clients = { brief: like(patience.brief), quick, slow: like(patience.slow) }
  for (const client of Object.values(clients)) guard(client)
  return clients
}

/** Handed on to the providers of the standard chain: files that changed are read again. */
const reread: object = { ignoreCache: true }
const nothing = () => undefined
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing }

async function readAuthority(caFile: string): Promise<string> {
  const text = await readFile(caFile, 'utf8').catch((error: unknown) =>
    fail({ code: 'store/settings-invalid', field: 'ca', reason: 'it cannot be read' }, error),
  )
  if (!text.includes('-----BEGIN CERTIFICATE-----'))
    fail({ code: 'store/settings-invalid', field: 'ca', reason: 'it holds no certificate (PEM)' })
  return text
}

async function typedIn(store: string, accessKeyId: string, secrets: ClientOptions['secrets']) {
  const kept = await secrets()
  if (kept === null)
    return fail({ code: 'store/credentials-missing', store, detail: 'its secret is not in the keychain' })
  const { secretAccessKey, sessionToken } = kept
  return { accessKeyId, secretAccessKey, ...(sessionToken === null ? {} : { sessionToken }) }
}

/** Bodies are not hashed for the signature: TLS and their checksums protect them. And nothing leaves this machine
 * unencrypted, whatever endpoint a profile or the environment names. */
function guard(client: S3Client): void {
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const request: unknown = args.request
        if (isRequest(request)) {
          if (!isAllowedConnection(request))
            fail({
              code: 'store/settings-invalid',
              field: 'endpoint',
              reason: 'only https is allowed, except to this machine itself',
            })
          if (commandName === 'UploadPartCommand' || commandName === 'PutObjectCommand')
            request.headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD'
        }
        return next(args)
      },
    { step: 'build', name: 'weightlockGuard', priority: 'low' },
  )
}

type Request = { protocol: string; hostname: string; headers: Record<string, string> }
const isRequest = (request: unknown): request is Request =>
  typeof request === 'object' &&
  request !== null &&
  'protocol' in request &&
  'hostname' in request &&
  'headers' in request
