/**
 * What S3 servers and the network answer, as failures, and whether the request may be sent again. Answers are
 * untrusted: codes choose from a table, messages are only shown.
 */
import type { Failure } from '../../../../shared/failure.ts'

/** What a request was for. */
export type Asked = {
  store: string
  bucket: string
  objectName: string
  /** Of the action, as `s3:PutObject`. */
  permission: string
  /** What a broken precondition means. */
  precondition?: 'store/object-exists' | 'store/precondition-failed'
  /** For `store/too-large`. */
  limitBytes?: number
}

/** `refused`: it is known that nothing was done; `unknown`: it may have been done; `final`: asking again is no use. */
export type Outcome = 'refused' | 'unknown' | 'final'
export type Answer = { failure: Failure; outcome: Outcome }

/** What is used of the SDK's exceptions. */
type ServiceError = Error & {
  $metadata?: { httpStatusCode?: number }
  $response?: { headers?: Record<string, string | undefined> }
  Region?: unknown
}

const final = (failure: Failure): Answer => ({ failure, outcome: 'final' })

type Make = (asked: Asked, error: ServiceError) => Answer

const denied: Make = ({ store, permission }, error) => {
  const grantee = granteeIn(error.message)
  return final({
    code: 'store/permission-missing',
    store,
    permission: permissionIn(error.message) ?? permission,
    ...(grantee === null ? {} : { grantee }),
  })
}
const expired: Make = ({ store }) => final({ code: 'store/credentials-expired', store })
const credentialsRefused =
  (detail: string): Make =>
  ({ store }) =>
    final({ code: 'store/credentials-refused', store, detail })
const otherRegion: Make = ({ store }, error) =>
  final({ code: 'store/wrong-region', store, region: regionIn(error) })
const notFound: Make = ({ store, objectName }) => final({ code: 'store/object-not-found', store, objectName })
const conflict: Make = ({ store, objectName }) => final({ code: 'store/conflict', store, objectName })
const full: Make = ({ store }) => final({ code: 'store/full', store })
const precondition: Make = ({ store, objectName, precondition: code = 'store/precondition-failed' }) =>
  final({ code, store, objectName })
const busy: Make = ({ store }, error) => ({
  failure: { code: 'store/busy', store, detail: codeIn(error) },
  outcome: 'refused',
})
const broken: Make = ({ store }, error) => ({
  failure: { code: 'store/busy', store, detail: codeIn(error) },
  outcome: 'unknown',
})
const tooSlow: Make = ({ store }) => ({
  failure: { code: 'store/unreachable', store, detail: 'ETIMEDOUT' },
  outcome: 'refused',
})
const damaged: Make = ({ store, objectName }) => ({
  failure: { code: 'store/corrupted-on-the-way', store, objectName },
  outcome: 'refused',
})
const partsMissing: Make = ({ store, objectName }) =>
  final({ code: 'store/parts-missing', store, objectName, parts: 1 })

const byCode: Record<string, Make> = {
  AccessDenied: denied,
  AllAccessDisabled: denied,
  Forbidden: denied,
  UnauthorizedAccess: denied,
  InvalidAccessKeyId: credentialsRefused('it does not know this access key'),
  NotSignedUp: credentialsRefused('it does not know this account'),
  SignatureDoesNotMatch: credentialsRefused('the secret does not belong to this access key'),
  InvalidToken: credentialsRefused('it does not accept the session token'),
  ExpiredToken: expired,
  ExpiredTokenException: expired,
  TokenRefreshRequired: expired,
  RequestExpired: ({ store }) => final({ code: 'store/clock-skew', store }),
  RequestTimeTooSkewed: ({ store }) => final({ code: 'store/clock-skew', store }),
  NoSuchBucket: ({ store, bucket }) => final({ code: 'store/bucket-not-found', store, bucket }),
  InvalidBucketName: ({ store, bucket }) => final({ code: 'store/bucket-not-found', store, bucket }),
  NoSuchKey: notFound,
  NoSuchVersion: notFound,
  NotFound: notFound,
  NoSuchUpload: ({ store, objectName }) => final({ code: 'store/upload-not-found', store, objectName }),
  PreconditionFailed: precondition,
  InvalidRange: ({ store, objectName }) => final({ code: 'store/precondition-failed', store, objectName }),
  ConditionalRequestConflict: conflict,
  OperationAborted: conflict,
  InvalidPart: partsMissing,
  InvalidPartOrder: partsMissing,
  EntityTooLarge: ({ store, objectName, limitBytes = 0 }) =>
    final({ code: 'store/too-large', store, objectName, limitBytes }),
  InvalidObjectState: ({ store, objectName }) => final({ code: 'store/object-archived', store, objectName }),
  PermanentRedirect: otherRegion,
  TemporaryRedirect: otherRegion,
  Redirect: otherRegion,
  AuthorizationHeaderMalformed: otherRegion,
  IllegalLocationConstraintException: otherRegion,
  BadDigest: damaged,
  InvalidDigest: damaged,
  XAmzContentChecksumMismatch: damaged,
  XAmzContentSHA256Mismatch: damaged,
  IncompleteBody: tooSlow,
  RequestTimeout: tooSlow,
  SlowDown: busy,
  SlowDownRead: busy,
  SlowDownWrite: busy,
  ServiceUnavailable: busy,
  TooManyRequests: busy,
  Throttling: busy,
  ThrottlingException: busy,
  RequestLimitExceeded: busy,
  BandwidthLimitExceeded: busy,
  QuotaExceeded: full,
  XMinioStorageFull: full,
  InsufficientStorage: full,
  KeyTooLongError: ({ objectName }) =>
    final({
      code: 'artifact/name-invalid',
      name: objectName,
      reason: 'the store does not take names this long',
    }),
}

/** Where the answer has no code of its own: to HEAD, from a proxy in between. */
const byStatus: Record<number, Make> = {
  301: otherRegion,
  307: otherRegion,
  403: denied,
  404: notFound,
  408: tooSlow,
  409: conflict,
  412: precondition,
  416: precondition,
  429: busy,
  507: full,
}

/** Codes with which nothing was sent yet. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
])
const certificateCodes =
  /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_|INVALID_CA|HOSTNAME_MISMATCH)/
const protocolCodes = /^(ERR_SSL_|EPROTO|ERR_TLS_)/

/** @returns null for what neither server nor network answered: a bug, or the caller's signal */
export function answerOf(error: unknown, asked: Asked): Answer | null {
  if (!(error instanceof Error)) return null
  const service: ServiceError = error
  const status = service.$metadata?.httpStatusCode
  const make = Object.hasOwn(byCode, error.name) ? byCode[error.name] : undefined
  if (make !== undefined) return make(asked, service)
  if (error.message === 'Region is missing')
    return final({ code: 'store/settings-invalid', field: 'region', reason: 'it is missing' })
  if (isCredentialsProblem(error)) return credentialsAnswer(error, asked)
  if (status !== undefined)
    return (byStatus[status] ?? (status >= 500 && status !== 501 ? broken : refused))(asked, service)
  return networkAnswer(error, asked)
}

const refused: Make = ({ store }, error) => {
  const detail = [codeIn(error), error.message].filter((text) => text !== '' && text !== 'UnknownError')
  return final({ code: 'store/refused', store, detail: [...new Set(detail)].join(': ').slice(0, 300) })
}

function networkAnswer(error: Error, { store }: Asked): Answer | null {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (certificateCodes.test(code))
    return final({ code: 'store/certificate-untrusted', store, detail: certificateWords(code) })
  if (protocolCodes.test(code))
    return final({ code: 'store/unreachable', store, detail: `it does not speak TLS 1.2 or newer (${code})` })
  if (code === 'ERR_PROXY_TUNNEL') return proxyAnswer(error, store)
  if (code.startsWith('HPE_'))
    return final({ code: 'store/unreachable', store, detail: `it does not speak HTTP (${code})` })
  const isOfSystem = /^E[A-Z0-9_]+$/.test(code) && !code.startsWith('ERR_')
  if (!isOfSystem && error.name !== 'TimeoutError' && !isCutOff(error)) return null
  const detail = isOfSystem ? code : error.name === 'TimeoutError' ? 'ETIMEDOUT' : 'ECONNRESET'
  const outcome = neverSent.has(code) ? 'refused' : 'unknown'
  return { failure: { code: 'store/unreachable', store, detail }, outcome }
}

/** Nothing came through. Its message names the proxy's address: not shown. */
function proxyAnswer(error: Error, store: string): Answer {
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : null
  const asksWho = status === 407
  const detail = asksWho
    ? 'the proxy of HTTPS_PROXY asks for a name and a password (407)'
    : `the proxy of HTTPS_PROXY does not lead there${status === null ? '' : ` (${status})`}`
  return { failure: { code: 'store/unreachable', store, detail }, outcome: asksWho ? 'final' : 'refused' }
}

const isCutOff = (error: Error): boolean =>
  /^(aborted|terminated|premature close|socket hang up)$/i.test(error.message)

const certificateWords = (code: string): string =>
  code === 'CERT_HAS_EXPIRED'
    ? 'the certificate has expired'
    : code === 'ERR_TLS_CERT_ALTNAME_INVALID'
      ? 'the certificate is for another host'
      : `nobody known here vouches for the certificate (${code})`

const isCredentialsProblem = (error: Error): boolean =>
  error.name === 'CredentialsProviderError' ||
  error.name === 'TokenProviderError' ||
  error.name === 'ProviderError'

function credentialsAnswer(error: Error, { store }: Asked): Answer {
  if (/expired/i.test(error.message)) return final({ code: 'store/credentials-expired', store })
  return final({ code: 'store/credentials-missing', store, detail: error.message.slice(0, 300) })
}

/** The permission that the server itself names, in the words of AWS. */
const permissionIn = (message: string): string | null =>
  /not authorized to perform: (s3:[A-Za-z]{1,60})\b/.exec(message)?.[1] ?? null

/** Who was refused: `user/ada`, `role/ml-prod-writer`. */
function granteeIn(message: string): string | null {
  const named = /\barn:aws[a-z-]*:(?:iam|sts)::\d*:(user|assumed-role|role)\/([\w+=,.@/-]{1,200})/.exec(
    message,
  )
  if (named?.[2] === undefined) return null
  return named[1] === 'assumed-role' ? `role/${named[2].split('/')[0]}` : `${named[1]}/${named[2]}`
}

function regionIn(error: ServiceError): string | null {
  const named = error.Region ?? error.$response?.headers?.['x-amz-bucket-region'] ?? expectedIn(error.message)
  return typeof named === 'string' && /^[a-z0-9-]{1,40}$/.test(named) ? named : null
}

const expectedIn = (message: string): string | undefined => /expecting '([a-z0-9-]{1,40})'/.exec(message)?.[1]

const codeIn = (error: ServiceError): string =>
  /^[A-Za-z0-9.]{1,60}$/.test(error.name) &&
  !['Error', 'Unknown', 'UnknownError', 'S3ServiceException'].includes(error.name)
    ? error.name
    : `status ${error.$metadata?.httpStatusCode ?? 'unknown'}`
