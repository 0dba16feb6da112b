import { describe, expect, it } from 'vitest'
import { answerOf, type Asked } from './failures.ts'

const asked: Asked = { store: 's', bucket: 'b', objectName: 'o', permission: 's3:PutObject' }
const answered = (name: string, status: number, more: object = {}) =>
  answerOf(Object.assign(new Error('said'), { name, $metadata: { httpStatusCode: status } }, more), asked)
const broke = (code: string, name = 'Error') =>
  answerOf(Object.assign(new Error('broke'), { code, name }), asked)

describe('answers of servers', () => {
  it.each([
    ['SlowDown', 503, 'store/busy', 'refused'],
    ['ServiceUnavailable', 503, 'store/busy', 'refused'],
    ['TooManyRequests', 429, 'store/busy', 'refused'],
    ['Unknown', 429, 'store/busy', 'refused'],
    ['RequestTimeout', 400, 'store/unreachable', 'refused'],
    ['Unknown', 408, 'store/unreachable', 'refused'],
    ['InternalError', 500, 'store/busy', 'unknown'],
    ['InternalError', 503, 'store/busy', 'unknown'],
    ['Unknown', 502, 'store/busy', 'unknown'],
    ['BadDigest', 400, 'store/corrupted-on-the-way', 'refused'],
    ['NotImplemented', 501, 'store/refused', 'final'],
    ['InvalidRequest', 400, 'store/refused', 'final'],
    ['Unknown', 400, 'store/refused', 'final'],
    ['ExpiredToken', 400, 'store/credentials-expired', 'final'],
    ['AccessDenied', 403, 'store/permission-missing', 'final'],
    ['Unknown', 403, 'store/permission-missing', 'final'],
    ['NoSuchBucket', 404, 'store/bucket-not-found', 'final'],
    ['ConditionalRequestConflict', 409, 'store/conflict', 'final'],
    ['PreconditionFailed', 412, 'store/precondition-failed', 'final'],
    ['constructor', 400, 'store/refused', 'final'],
  ])('%s with %i: %s, %s', (name, status, code, outcome) => {
    expect(answered(name, status)).toMatchObject({ failure: { code }, outcome })
  })

  it('name the permission and the region, and nothing that does not look like one', () => {
    const message = 'User: arn:x is not authorized to perform: s3:GetObjectVersion on resource: y'
    expect(answered('AccessDenied', 403, { message })?.failure).toMatchObject({
      permission: 's3:GetObjectVersion',
    })
    const hostile = 'not authorized to perform: s3:<script>'
    expect(answered('AccessDenied', 403, { message: hostile })?.failure).toMatchObject({
      permission: 's3:PutObject',
    })
    expect(answered('AuthorizationHeaderMalformed', 400, { Region: 'eu-west-1' })?.failure).toEqual({
      code: 'store/wrong-region',
      store: 's',
      region: 'eu-west-1',
    })
    expect(answered('PermanentRedirect', 301, { Region: 'eu west\u0007' })?.failure).toMatchObject({
      region: null,
    })
  })

  it('are shown short', () => {
    const failure = answered('InvalidRequest', 400, { message: 'x'.repeat(5000) })?.failure
    expect(failure?.code === 'store/refused' ? failure.detail.length : 0).toBe(300)
  })
})

describe('the way there', () => {
  it.each([
    ['ECONNREFUSED', 'store/unreachable', 'refused'],
    ['ENOTFOUND', 'store/unreachable', 'refused'],
    ['ECONNRESET', 'store/unreachable', 'unknown'],
    ['EPIPE', 'store/unreachable', 'unknown'],
    ['ETIMEDOUT', 'store/unreachable', 'unknown'],
    ['EPROTO', 'store/unreachable', 'final'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'store/unreachable', 'final'],
    ['HPE_INVALID_CONSTANT', 'store/unreachable', 'final'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'store/certificate-untrusted', 'final'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'store/certificate-untrusted', 'final'],
    ['CERT_HAS_EXPIRED', 'store/certificate-untrusted', 'final'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'store/certificate-untrusted', 'final'],
  ])('%s: %s, %s', (code, failure, outcome) => {
    expect(broke(code)).toMatchObject({ failure: { code: failure }, outcome })
  })

  it('is out of time', () => {
    expect(broke('', 'TimeoutError')).toMatchObject({ failure: { detail: 'ETIMEDOUT' }, outcome: 'unknown' })
  })

  it('is not blamed for bugs', () => {
    expect(answerOf(new TypeError('x is not a function'), asked)).toBeNull()
    expect(broke('ERR_INVALID_ARG_TYPE')).toBeNull()
    expect(answerOf('thrown', asked)).toBeNull()
  })
})

describe('credentials', () => {
  const provided = (message: string) =>
    answerOf(Object.assign(new Error(message), { name: 'CredentialsProviderError' }), asked)?.failure
  it('are missing, or have expired', () => {
    expect(provided('Could not load credentials from any providers')).toMatchObject({
      code: 'store/credentials-missing',
    })
    expect(provided('The SSO session token has expired')).toMatchObject({ code: 'store/credentials-expired' })
  })
})
