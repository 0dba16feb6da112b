/** A retirement and its certificate, as the pictures have them. */
import { type Certificate, certificateType } from '../../shared/domain/certificate.ts'
import type { RetirementImpact, ScheduledRetirement } from '../../shared/domain/retirement.ts'
import type { KeyCopy } from '../../shared/domain/key.ts'
import { keyRow } from './key-builders.ts'
import { artifactId, dayMs, digest, installationId, jobId, keyId, now, storeId } from './numbered-ids.ts'

const name = 'embedder-old.onnx'
const retired = artifactId(61)
const keyNo = (number: number) => keyId(600 + number)

export const scheduledRetirement = (over: Partial<ScheduledRetirement> = {}): ScheduledRetirement => ({
  artifactId: retired,
  name,
  scheduledAt: now - 10 * dayMs,
  destroyAt: now - dayMs,
  who: 'dana.k',
  keys: 3,
  deleteCiphertext: false,
  isDue: true,
  waits: 'closed',
  ...over,
})

const inKeychain = (number: number): KeyCopy => ({
  place: 'keychain',
  where: `Weightlock/${keyNo(number)}`,
  state: 'present',
  at: now - 200 * dayMs,
  lastSeenAt: now - 2 * dayMs,
})
const kit: KeyCopy = {
  place: 'kit',
  where: '/media/dana/KINGSTON/weightlock-kit-2026-11-02.age',
  state: 'out-of-reach',
  at: Date.UTC(2026, 10, 2, 9),
  lastSeenAt: null,
}
const exported: KeyCopy = {
  place: 'export',
  where: '/media/dana/KINGSTON/embedder-old.key.txt',
  state: 'out-of-reach',
  at: Date.UTC(2026, 8, 3, 11),
  lastSeenAt: null,
}

function keyOf(number: number, state: 'active' | 'deactivated') {
  const age = (4 - number) * 60 * dayMs
  return keyRow({
    keyId: keyNo(number),
    number,
    alias: `${name} · key ${number}`,
    artifactId: retired,
    artifactName: name,
    state,
    createdAt: now - age,
    activatedAt: now - age,
    inactiveAt: state === 'active' ? null : now - age + 60 * dayMs,
  })
}

export const retirementImpact = (over: Partial<RetirementImpact> = {}): RetirementImpact => ({
  confirmName: name,
  artifacts: [
    {
      artifactId: retired,
      name,
      ownership: 'owner',
      versions: [2, 1].map((version) => ({
        version,
        ciphertextBytes: version === 2 ? 91_409_787 : 91_402_117,
        encryptedAt: Date.UTC(2026, version === 2 ? 4 : 1, version === 2 ? 15 : 14, 10),
        status: 'stored' as const,
        stores: ['models-prod'],
      })),
      scheduled: null,
    },
  ],
  keys: [
    { key: keyOf(3, 'active'), copies: [inKeychain(3), kit, exported] },
    { key: keyOf(2, 'deactivated'), copies: [inKeychain(2), kit] },
    { key: keyOf(1, 'deactivated'), copies: [inKeychain(1)] },
  ],
  shared: [],
  stores: [
    {
      storeId: storeId(1),
      store: 'models-prod',
      objects: 2,
      bytes: 182_811_904,
      objectVersions: 1,
      objectVersionBytes: 91_402_117,
    },
  ],
  ...over,
})

const at = (seconds: number): string => new Date(Date.UTC(2026, 10, 23, 12, 58, seconds)).toISOString()

const statement: Certificate['statement'] = {
  type: certificateType,
  certificateId: jobId(61),
  issuedAt: at(44),
  claim:
    'On 2026-11-23 at 12:58:41 UTC, all 3 keys that are known to have wrapped a payload of embedder-old.onnx were gone from the keychain of this machine. An attempt to open the artifact with everything left here then failed. This is a cryptographic erase of this ciphertext, after NIST SP 800-88 Rev. 2, section 4.6, as far as “Copies checked” goes. It says nothing about what stands under “Not proved”.',
  artifact: { artifactId: retired, name },
  versions: [1, 2].map((version) => ({
    version,
    encryptedAt: new Date(Date.UTC(2026, version === 1 ? 1 : 4, version === 1 ? 14 : 15, 10)).toISOString(),
    ciphertextBytes: version === 1 ? 91_402_117 : 91_409_787,
    digest: { algorithm: 'blake3', hex: digest(610 + version) },
    fingerprints: [digest(620 + version)],
    objects: [
      {
        store: 'models-prod',
        location: `s3://acme-models-prod/fraud/embedder-old.${version === 1 ? '' : 'v2.'}onnx.age`,
        outcome: 'kept' as const,
      },
    ],
  })),
  encryption: { format: 'age v1', payload: 'ChaCha20-Poly1305', keyWrapping: ['X25519'] },
  keys: [1, 2, 3].map((number) => ({
    keyId: keyNo(number),
    name: `key ${number}`,
    algorithm: 'X25519' as const,
    recipientSha256: digest(630 + number),
    createdAt: new Date(now - (4 - number) * 60 * dayMs).toISOString(),
  })),
  checked: [
    ...[1, 2, 3].map((number) => ({
      place: `Keychain, key ${number}`,
      detail: `Weightlock/${keyNo(number)}`,
      done: 'Deleted',
      readBack: 'Empty; keychain readable',
      at: at(36 + 2 * number - (number === 3 ? 1 : 0)),
    })),
    ...[1, 2].map((version) => ({
      place: `Version ${version}`,
      detail: '1 object',
      done: 'Tried all 1239 keys left',
      readBack: 'Does not open',
      at: at(43),
    })),
  ],
  notProved: [
    { what: 'Recovery kit of 2026-11-02', detail: kit.where, why: 'Holds key 2 and key 3. Out of reach.' },
    { what: 'Export of 2026-09-03', detail: exported.where, why: 'Holds key 3. Out of reach.' },
    {
      what: 'Backups, roaming profiles',
      detail: '',
      why: 'Copies of the keychain or of this system that other programs made cannot be seen from here.',
    },
    {
      what: 'The original model',
      detail: '',
      why: 'The files encrypted on 2026-02-14 and 2026-05-15, and any decrypted since.',
    },
  ],
  by: {
    who: 'dana.k',
    via: 'window',
    machine: 'ws-041',
    system: 'Linux 6.8.0',
    tool: 'Weightlock',
    toolVersion: '1.4.0',
    installationId: installationId(1),
  },
}

export const certificate = (over: Partial<Certificate> = {}): Certificate => ({
  row: {
    certificateId: jobId(61),
    artifactId: retired,
    artifactName: name,
    at: Date.UTC(2026, 10, 23, 12, 58, 44),
  },
  statement,
  signature: 'RdzIY7a5v3FBrYpPuWGIB/wLUerhyzIGF1LFUcoNqRL5WujCo2Y8AtTWT8/qlhtMd4EWE8WY4ZjJomxfpoAvAg==',
  publicKeyPem:
    '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n',
  publicKeySha256: digest(640),
  fileNames: {
    statement: 'embedder-old.onnx.erase.json',
    signature: 'embedder-old.onnx.erase.sig',
    publicKey: 'embedder-old.onnx.erase.pub.pem',
  },
  ...over,
})
