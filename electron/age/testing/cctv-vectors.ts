import { inflateSync } from 'node:zlib'
import * as files from 'cctv-age'
import type { Failure } from '../../../shared/failure.ts'
import { parseIdentity } from '../identity.ts'
import { scryptIdentity } from '../scrypt.ts'
import type { Identity } from '../stanza.ts'

/** Classes of result that the vectors distinguish. */
export const expectedClasses = [
  'success',
  'no match',
  'HMAC failure',
  'header failure',
  'payload failure',
  'armor failure',
] as const
export type ExpectedClass = (typeof expectedClasses)[number]

export type Vector = {
  name: string
  expect: ExpectedClass
  /** SHA-256 of all plaintext that may be released, hexadecimal. */
  payloadSha256: string | null
  fileKey: Uint8Array | null
  identities: Identity[]
  isArmored: boolean
  file: Uint8Array
}

/** Every vector of the package `cctv-age`. */
export const cctvVectors: Vector[] = Object.entries(files)
  .filter((entry): entry is [string, Uint8Array] => entry[1] instanceof Uint8Array)
  .map(([name, bytes]) => parseVector(name, bytes))

/** The class of the vectors to which a failure of ours belongs. */
export function classOf(failure: Failure): ExpectedClass {
  switch (failure.code) {
    case 'age/no-identity-match':
    case 'age/passphrase-wrong':
    case 'age/passphrase-needed':
      return 'no match'
    case 'age/header-mac-mismatch':
      return 'HMAC failure'
    case 'age/not-an-age-file':
    case 'age/header-malformed':
    case 'age/header-too-large':
    case 'age/work-factor-too-high':
      return 'header failure'
    case 'age/payload-truncated':
    case 'age/payload-altered':
    case 'age/payload-trailing-data':
      return 'payload failure'
    case 'age/armor-malformed':
      return 'armor failure'
    default:
      throw new Error(`unexpected ${failure.code}`)
  }
}

function parseVector(name: string, bytes: Uint8Array): Vector {
  const all = Buffer.from(bytes)
  const end = all.indexOf('\n\n')
  const lines = all.subarray(0, end).toString('utf8').split('\n')
  const values = (key: string) =>
    lines.filter((line) => line.startsWith(`${key}: `)).map((line) => line.slice(key.length + 2))
  const expect = expectedClasses.find((known) => known === values('expect')[0])
  if (expect === undefined) throw new Error(`vector ${name} expects something unknown`)
  const body = all.subarray(end + 2)
  const fileKey = values('file key')[0]
  return {
    name,
    expect,
    payloadSha256: values('payload')[0] ?? null,
    fileKey: fileKey === undefined ? null : new Uint8Array(Buffer.from(fileKey, 'hex')),
    identities: [
      ...values('identity').map(parseIdentity),
      ...values('passphrase').map((text) => scryptIdentity(Buffer.from(text, 'utf8'))),
    ],
    isArmored: values('armored')[0] === 'yes',
    file: new Uint8Array(values('compressed')[0] === 'zlib' ? inflateSync(body) : body),
  }
}
