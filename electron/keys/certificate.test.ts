import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CertificateStatement } from '../../shared/domain/certificate.ts'
import type { KeyCopy } from '../../shared/domain/key.ts'
import { ArtifactId, InstallationId, JobId, KeyId, newId } from '../../shared/ids.ts'
import {
  type CertificateFacts,
  certificateStatement,
  type CertifiedKey,
  publicKeySha256,
  signatureFits,
  statementFile,
} from './certificate.ts'

const at = Date.UTC(2026, 10, 23, 12, 58, 41)

const key = (number: number, over: Partial<CertifiedKey> = {}): CertifiedKey => ({
  keyId: newId(KeyId),
  name: `key ${number}`,
  algorithm: 'X25519',
  recipient: `age1example${number}`,
  createdAt: at - 1000,
  copies: [],
  end: { how: 'deleted', at },
  ...over,
})
const facts = (over: Partial<CertificateFacts> = {}): CertificateFacts => ({
  certificateId: newId(JobId),
  issuedAt: at + 3000,
  artifact: { artifactId: newId(ArtifactId), name: 'embedder “old”.onnx' },
  versions: [
    {
      version: 1,
      encryptedAt: Date.UTC(2026, 1, 14),
      ciphertextBytes: 300,
      digest: { algorithm: 'blake3', hex: 'ab'.repeat(32) },
      fingerprints: ['cd'.repeat(32)],
      objects: [{ store: 'models', location: '/srv/models/a.age', outcome: 'kept' }],
      objectsTried: 1,
      notTried: [],
    },
  ],
  keys: [key(1), key(2)],
  trial: { at: at + 1000, keysTried: 12 },
  decryptions: { count: 0, lastAt: null },
  otherNames: [],
  by: {
    who: 'dana',
    via: 'window',
    machine: 'ws',
    system: 'Linux',
    toolVersion: '1',
    installationId: newId(InstallationId),
  },
  ...over,
})
const copy = (place: KeyCopy['place'], where: string, state: KeyCopy['state'] = 'out-of-reach'): KeyCopy => ({
  place,
  where,
  state,
  at,
  lastSeenAt: null,
})
const notProved = (over: Partial<CertificateFacts>) => certificateStatement(facts(over)).notProved

describe('a certificate', () => {
  it('says what was done and read back, place by place', () => {
    const { checked, claim } = certificateStatement(facts())
    expect(checked.map(({ place, done, readBack }) => `${place}: ${done}. ${readBack}`)).toEqual([
      'Keychain, key 1: Deleted. Empty; keychain readable',
      'Keychain, key 2: Deleted. Empty; keychain readable',
      'Version 1: Tried all 12 keys left. Does not open',
    ])
    expect(claim).toContain('On 2026-11-23 at 12:58:41 UTC, all 2 keys that are known to have wrapped')
    expect(claim).toContain('This is a cryptographic erase of this ciphertext')
  })

  it('names files that a rotation left under other names', () => {
    const otherNames = [{ version: 1, location: '/srv/models/a.age', names: 2, at }]
    expect(notProved({ otherNames })[0]).toMatchObject({
      what: '2 other names of version 1',
      detail: '/srv/models/a.age',
      why: expect.stringContaining('not looked at'),
    })
  })

  it('always has backups and the original under what is not proved', () => {
    expect(notProved({}).map(({ what }) => what)).toEqual(['Backups, roaming profiles', 'The original model'])
  })

  it.each([
    ['export', '/usb/key.txt', 'Export of 2026-11-23', 'Holds key 1 and key 2. Out of reach.'],
    ['kit', '/usb/kit.age', 'Recovery kit of 2026-11-23', 'Holds key 1 and key 2. Out of reach.'],
    ['import', '/home/key', 'Imported file of 2026-11-23', 'Holds key 1 and key 2. Out of reach.'],
  ] as const)('names a copy of place %s once, with every key in it', (place, where, what, why) => {
    const copies = [copy('keychain', 'Weightlock/x', 'destroyed'), copy(place, where)]
    expect(notProved({ keys: [key(1, { copies }), key(2, { copies })] })[0]).toEqual({
      what,
      detail: where,
      why,
    })
  })

  it('claims neither a copy that was said to be destroyed, nor a secret that it never saw', () => {
    const lines = notProved({
      keys: [
        key(1, { copies: [copy('kit', '/kit', 'destroyed')], end: { how: 'found-missing', at } }),
        key(2, { copies: [copy('export', '/gone', 'found-missing')] }),
      ],
    })
    expect(lines.map(({ what }) => what).slice(0, 3)).toEqual([
      'Recovery kit of 2026-11-23',
      'Export of 2026-11-23',
      'Secret of key 1',
    ])
    expect(lines[0]?.why).toContain('not looked at by this program')
  })

  it('does not say that opening failed where it was not tried', () => {
    const [version] = facts().versions
    if (version === undefined) throw new Error('no version')
    const untried = { ...version, objectsTried: 0, notTried: [{ objectName: 'a.age', why: 'It is gone' }] }
    const none = certificateStatement(facts({ versions: [untried] }))
    expect(none.claim).toContain('could not be tried')
    expect(none.claim).not.toContain('then failed')
    expect(none.checked.filter(({ place }) => place.startsWith('Version'))).toEqual([])
    expect(none.notProved.map(({ what }) => what)).toContain('Opening of version 1')
    const some = certificateStatement(facts({ versions: [{ ...untried, version: 2 }, version] }))
    expect(some.claim).toContain('what could be read of the artifact')
  })

  it('names ciphertext that was to go and stayed', () => {
    const [version] = facts().versions
    if (version === undefined) throw new Error('no version')
    const objects = [{ store: 'models', location: '/srv/a.age', outcome: 'not-deleted' as const }]
    const lines = notProved({ versions: [{ ...version, objects }] })
    expect(lines.map(({ what }) => what)).toContain('Deletion of version 1')
  })

  it('never uses words that promise more', () => {
    const text = statementFile(
      certificateStatement(
        facts({
          keys: [key(1, { end: { how: 'destroyed-before', destroyedAt: at, wasThere: true, at } })],
        }),
      ),
    )
    expect(text).not.toMatch(/certified|purge|nobody|impossible|guarantee/i)
  })
})

describe('the file of a certificate', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const file = Buffer.from(statementFile(certificateStatement(facts())))
  const signature = sign(null, file, privateKey)

  it('is canonical JSON that holds the statement whole', () => {
    const statement = CertificateStatement.parse(JSON.parse(file.toString()))
    expect(statementFile(statement)).toBe(file.toString())
  })

  it('is verified by openssl, byte for byte', () => {
    const folder = mkdtempSync(join(tmpdir(), 'weightlock-certificate-'))
    const [json, sig, pub] = ['x.erase.json', 'x.erase.sig', 'pub.pem'].map((name) => join(folder, name))
    if (json === undefined || sig === undefined || pub === undefined) throw new Error('no names')
    writeFileSync(json, file)
    writeFileSync(sig, signature)
    writeFileSync(pub, pem)
    const openssl = () =>
      execFileSync(
        'openssl',
        ['pkeyutl', '-verify', '-rawin', '-pubin', '-inkey', pub, '-in', json, '-sigfile', sig],
        {
          encoding: 'utf8',
          stdio: 'pipe',
        },
      )
    expect(openssl()).toContain('Signature Verified Successfully')
    writeFileSync(json, Buffer.concat([file, Buffer.from('\n')]))
    expect(openssl).toThrow('Command failed')
    rmSync(folder, { recursive: true })
  })

  it('does not fit once any byte of it, or of its signature, is another', () => {
    expect(signatureFits(file, signature, pem)).toBe(true)
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (place, mask) => {
        const changed = Buffer.from(file)
        changed[place] = (changed[place] ?? 0) ^ mask
        return !signatureFits(changed, signature, pem)
      }),
    )
    fc.assert(
      fc.property(fc.nat(63), fc.integer({ min: 1, max: 255 }), (place, mask) => {
        const changed = Buffer.from(signature)
        changed[place] = (changed[place] ?? 0) ^ mask
        return !signatureFits(file, changed, pem)
      }),
    )
  })

  it('fits no key of another kind, and no text that is none', () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const rsa = other.publicKey.export({ type: 'spki', format: 'pem' }).toString()
    expect(signatureFits(file, signature, rsa)).toBe(false)
    expect(signatureFits(file, signature, 'nothing')).toBe(false)
    expect(publicKeySha256('nothing')).toBeNull()
    expect(publicKeySha256(pem)).toMatch(/^[0-9a-f]{64}$/)
  })
})
