/**
 * The way to an S3 server: clients of the SDK with our own time-outs, TLS rules and retries. The SDK's retries are
 * off, as whether a request may be repeated depends on what it was for. Reads its credentials again once they have
 * expired.
 */
import { readFile } from 'node:fs/promises'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent, type AgentOptions } from 'node:https'
import { rootCertificates } from 'node:tls'
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { fail, failureOf, WeightlockError } from '../../../../shared/failure.ts'
import { defaultRetry, pauseMs, retriedInside, retrying, type RetryPolicy } from '../../with-retry.ts'
import { answerOf, type Asked, type Outcome } from './failures.ts'
import { isAllowedConnection, type S3Settings } from './settings.ts'

export type S3Secrets = { secretAccessKey: string; sessionToken: string | null }

export type ConnectionOptions = {
  store: string
  settings: S3Settings
  /** Asked for each time that credentials are needed anew; null where none are kept. Never logged, never kept. */
  secrets: () => Promise<S3Secrets | null>
  retry?: Partial<RetryPolicy>
  /** How long a connection may stand still. */
  idleTimeoutMs?: number
}

/** A request: what it is for, and how it may be repeated. */
export type Call = Omit<Asked, 'store' | 'bucket'> & {
  /** `always`: doing it twice does no harm. `if-refused`: only where it is known that nothing was done. */
  repeat: 'always' | 'if-refused' | 'never'
  /** The server may work for minutes before it answers. */
  isSlow?: boolean
  /** Somebody waits for the answer, also where it is that nothing answers: a few tries are enough. */
  isTrial?: boolean
  signal?: AbortSignal | undefined
}

type SendOptions = { abortSignal?: AbortSignal }

export type Connection = {
  store: string
  settings: S3Settings
  /** Sends what `use` sends, again where that is safe and of use.
   * @throws WeightlockError `store/…`; the signal's reason */
  run: <T>(call: Call, use: (client: S3Client, options: SendOptions) => Promise<T>) => Promise<T>
  /** Before something is tried once more: longer each time. */
  pause: (attempt: number, signal: AbortSignal | undefined) => Promise<void>
  close: () => void
}

const sockets = 64
const connectTimeoutMs = 10_000
const idleTimeoutMs = 90_000
/** Putting 10,000 parts together, or copying 5 GiB inside the store. */
const slowIdleTimeoutMs = 900_000
const trialAttempts = 3
const patience = { ...defaultRetry, attempts: 7, longestPauseMs: 20_000 }

/** Whether a failed request may be sent again. */
const outcomes = new WeakMap<Error, Outcome>()

export function connectTo(options: ConnectionOptions): Connection {
  const { store, settings } = options
  const { bucket } = settings
  let agents: Agents | null = null
  let clients: Promise<Clients> | null = null
  const makeClients = async (): Promise<Clients> => {
    agents ??= await makeAgents(store, settings)
    return clientsOf(options, agents)
  }
  /** Those of now, or new ones: what was wrong with the settings may be put right meanwhile. */
  const currentClients = () => {
    const making = (clients ??= makeClients())
    making.catch(() => {
      if (clients === making) clients = null
    })
    return making
  }

  const once = async <T>(
    call: Call,
    use: (client: S3Client, options: SendOptions) => Promise<T>,
  ): Promise<T> => {
    call.signal?.throwIfAborted()
    const making = currentClients()
    const { quick, slow } = await making
    try {
      const abortSignal = call.signal === undefined ? {} : { abortSignal: call.signal }
      return await use(call.isSlow === true ? slow : quick, abortSignal)
    } catch (error) {
      call.signal?.throwIfAborted()
      const answer = failureOf(error) === null ? answerOf(error, { store, bucket, ...call }) : null
      if (answer === null) throw error
      if (answer.failure.code.startsWith('store/credentials-') && clients === making) clients = null
      throw withOutcome(new WeightlockError(answer.failure, { cause: error }), answer.outcome)
    }
  }

  const waiting = { ...patience, ...options.retry }
  return {
    store,
    settings,
    pause: (attempt, signal) => waiting.wait(pauseMs(waiting, attempt), signal),
    run: (call, use) => {
      let mayRenew = true
      const policy = {
        ...waiting,
        ...(call.isTrial === true ? { attempts: trialAttempts } : {}),
        isTransient: (error: unknown) => {
          const code = failureOf(error)?.code
          // The SDK corrects its clock by the answer, and new credentials may lie there already: once.
          const isRenewed = mayRenew && (code === 'store/credentials-expired' || code === 'store/clock-skew')
          if (isRenewed) {
            mayRenew = false
            return true
          }
          const outcome = outcomeOf(error)
          return outcome === 'refused'
            ? call.repeat !== 'never'
            : outcome === 'unknown' && call.repeat === 'always'
        },
      }
      return retrying(policy, call.signal, () => once(call, use))
    },
    close: () => {
      agents?.http.destroy()
      agents?.https.destroy()
    },
  }
}

const withOutcome = (error: WeightlockError, outcome: Outcome): WeightlockError => {
  outcomes.set(error, outcome)
  retriedInside.add(error)
  return error
}

/** What is known of a request that failed: `final` for what never was a request. */
export const outcomeOf = (error: unknown): Outcome =>
  (error instanceof Error ? outcomes.get(error) : undefined) ?? 'final'

type Clients = { quick: S3Client; slow: S3Client }
type Agents = { http: HttpAgent; https: HttpsAgent }

const tls = { minVersion: 'TLSv1.2', rejectUnauthorized: true } as const

async function makeAgents(store: string, { caFile }: S3Settings): Promise<Agents> {
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

async function clientsOf(options: ConnectionOptions, agents: Agents): Promise<Clients> {
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
  const quick = new S3Client({ ...config, ...handler(options.idleTimeoutMs ?? idleTimeoutMs) })
  const slow = new S3Client({
    ...config,
    ...handler(slowIdleTimeoutMs),
    credentials: quick.config.credentials,
  })
  for (const client of [quick, slow]) guard(client)
  return { quick, slow }
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

async function typedIn(store: string, accessKeyId: string, secrets: ConnectionOptions['secrets']) {
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
