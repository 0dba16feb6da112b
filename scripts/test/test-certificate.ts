/** A private certificate authority and a certificate of it for 127.0.0.1, made anew for each test server.
 * @see RFC 5280, section 4.1 */
import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'

export type TestCertificate = { caPem: string; certificatePem: string; keyPem: string }

export function makeTestCertificate(): TestCertificate {
  const ca = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const caName = distinguishedName(`Weightlock test authority ${randomBytes(4).toString('hex')}`)
  const authority = certificate(
    { subject: caName, key: ca.publicKey, issuer: caName, extensions: [isAuthority] },
    ca,
  )
  const leaf = certificate(
    {
      subject: distinguishedName('127.0.0.1'),
      key: server.publicKey,
      issuer: caName,
      extensions: [loopbackNames],
    },
    ca,
  )
  return {
    caPem: pem('CERTIFICATE', authority),
    certificatePem: pem('CERTIFICATE', leaf),
    keyPem: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

type Facts = { subject: Buffer; issuer: Buffer; key: KeyObject; extensions: Buffer[] }

function certificate(facts: Facts, signer: { privateKey: KeyObject }): Buffer {
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([0x40]), randomBytes(15)])),
    ecdsaWithSha256,
    facts.issuer,
    sequence(utcTime('200101000000Z'), utcTime('491231235959Z')),
    facts.subject,
    facts.key.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...facts.extensions)),
  )
  const signature = sign('sha256', body, signer.privateKey)
  return sequence(body, ecdsaWithSha256, der(0x03, Buffer.concat([Buffer.from([0]), signature])))
}

function der(tag: number, ...contents: Buffer[]): Buffer {
  const body = Buffer.concat(contents)
  const length =
    body.length < 0x80
      ? [body.length]
      : body.length < 0x100
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}

const sequence = (...contents: Buffer[]): Buffer => der(0x30, ...contents)
const integer = (bytes: Buffer): Buffer => der(0x02, bytes)
const utcTime = (text: string): Buffer => der(0x17, Buffer.from(text))
const objectId = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'))
const octets = (bytes: Buffer): Buffer => der(0x04, bytes)

const ecdsaWithSha256 = sequence(objectId('2a8648ce3d040302'))
const distinguishedName = (commonName: string): Buffer =>
  sequence(der(0x31, sequence(objectId('550403'), der(0x0c, Buffer.from(commonName)))))
const yes = der(0x01, Buffer.from([0xff]))
const isAuthority = sequence(objectId('551d13'), yes, octets(sequence(yes)))
const loopbackNames = sequence(
  objectId('551d11'),
  octets(sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1])))),
)

const pem = (label: string, bytes: Buffer): string =>
  `-----BEGIN ${label}-----\n${(bytes.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END ${label}-----\n`
