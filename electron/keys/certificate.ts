/** The certificate of cryptographic erase: what happened, put into a statement that never says more than was checked.
 * Pure. @see cryptography.md, section 7; NIST SP 800-88 Rev. 2, section 4.6 and Appendix C */
import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto'
import { type CertificateStatement, certificateType } from '../../shared/domain/certificate.ts'
import type { KeyAlgorithm, KeyCopy } from '../../shared/domain/key.ts'
import { formatCounted } from '../../shared/format.ts'
import type { ArtifactId, JobId, KeyId } from '../../shared/ids.ts'
import { canonicalJson } from '../catalog/audit-hash.ts'
import type { OtherNames } from '../catalog/retirement-operations.ts'
import { notProved } from './certificate-not-proved.ts'

/** How a key's secret went. `before`: an earlier destruction, read back again. */
export type KeyEnd =
  | { how: 'deleted'; at: number }
  | { how: 'found-missing'; at: number }
  | { how: 'destroyed-before'; destroyedAt: number | null; wasThere: boolean; at: number }

export type CertifiedKey = {
  keyId: KeyId
  /** `key 2`. */
  name: string
  algorithm: KeyAlgorithm
  recipient: string
  createdAt: number
  copies: KeyCopy[]
  end: KeyEnd
}

export type CertifiedVersion = Omit<CertificateStatement['versions'][number], 'encryptedAt'> & {
  encryptedAt: number
  /** Objects that were read and did not open. */
  objectsTried: number
  notTried: { objectName: string; why: string }[]
}

/** Everything that a certificate is made of. Times are epoch milliseconds. */
export type CertificateFacts = {
  certificateId: JobId
  issuedAt: number
  artifact: { artifactId: ArtifactId; name: string }
  versions: CertifiedVersion[]
  /** At least one. */
  keys: CertifiedKey[]
  trial: { at: number; keysTried: number }
  /** Plaintexts that were written here since: the newest of them, and how many. */
  decryptions: { count: number; lastAt: number | null }
  otherNames: OtherNames[]
  by: Omit<CertificateStatement['by'], 'tool'>
}

const iso = (at: number): string => new Date(at).toISOString()
const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex')

/** What a certificate states, from what was checked and nothing else. Pure (cryptography.md, section 7). */
export function certificateStatement(facts: CertificateFacts): CertificateStatement {
  const { certificateId, issuedAt, artifact, versions, keys, by } = facts
  return {
    type: certificateType,
    certificateId,
    issuedAt: iso(issuedAt),
    claim: claimOf(facts),
    artifact,
    versions: versions.map(({ objectsTried: _tried, notTried: _not, encryptedAt, ...version }) => ({
      ...version,
      encryptedAt: iso(encryptedAt),
    })),
    encryption: {
      format: 'age v1',
      payload: 'ChaCha20-Poly1305',
      keyWrapping: [...new Set(keys.map(({ algorithm }) => algorithm))].toSorted(),
    },
    keys: keys.map(({ keyId, name, algorithm, recipient, createdAt }) => ({
      keyId,
      name,
      algorithm,
      recipientSha256: sha256(recipient),
      createdAt: iso(createdAt),
    })),
    checked: checkedOf(facts),
    notProved: notProved(facts),
    by: { ...by, tool: 'Weightlock' },
  }
}

const objectsTried = ({ versions }: CertificateFacts): number =>
  versions.reduce((sum, each) => sum + each.objectsTried, 0)

/** Its own end: the last read-back of a key. */
const keysGoneAt = ({ keys }: CertificateFacts): number => Math.max(...keys.map(({ end }) => end.at))

const everyVersionWasTried = ({ versions }: CertificateFacts): boolean =>
  versions.every((each) => each.objectsTried > 0)

function claimOf(facts: CertificateFacts): string {
  const { artifact, keys } = facts
  const [day = '', time = ''] = iso(keysGoneAt(facts)).split('T')
  const gone =
    keys.length === 1
      ? `the only key that is known to have wrapped a payload of ${artifact.name} was gone`
      : `all ${keys.length} keys that are known to have wrapped a payload of ${artifact.name} were gone`
  const tried = everyVersionWasTried(facts)
    ? 'An attempt to open the artifact with everything left here then failed.'
    : objectsTried(facts) > 0
      ? 'An attempt to open what could be read of the artifact, with everything left here, then failed.'
      : 'Opening the artifact could not be tried.'
  return [
    `On ${day} at ${time.slice(0, 8)} UTC, ${gone} from the keychain of this machine.`,
    tried,
    'This is a cryptographic erase of this ciphertext, after NIST SP 800-88 Rev. 2, section 4.6, as far as “Copies checked” goes.',
    'It says nothing about what stands under “Not proved”.',
  ].join(' ')
}

type Checked = CertificateStatement['checked'][number]

function checkedOf(facts: CertificateFacts): Checked[] {
  const keys = facts.keys.map(({ name, keyId, end }): Checked => ({
    place: `Keychain, ${name}`,
    detail: `Weightlock/${keyId}`,
    done: keyDone(end),
    readBack: 'Empty; keychain readable',
    at: iso(end.at),
  }))
  return [...keys, ...trials(facts), ...ciphertext(facts)]
}

const keyDone = (end: KeyEnd): string => {
  if (end.how === 'deleted') return 'Deleted'
  if (end.how === 'found-missing') return 'Nothing: found missing'
  const before =
    end.destroyedAt === null ? 'Destroyed before' : `Destroyed on ${iso(end.destroyedAt).slice(0, 10)}`
  return end.wasThere ? `${before}; its item had come back, deleted again` : `${before}; read again`
}

function trials({ versions, trial }: CertificateFacts): Checked[] {
  const done = `Tried ${trial.keysTried === 1 ? 'the 1 key' : `all ${trial.keysTried} keys`} left`
  return versions
    .filter((each) => each.objectsTried > 0)
    .map((each) => ({
      place: `Version ${each.version}`,
      detail: formatCounted(each.objectsTried, 'object', 'en'),
      done: trial.keysTried === 0 ? 'Looked for a key that opens it: none is left' : done,
      readBack: 'Does not open',
      at: iso(trial.at),
    }))
}

/** What was deleted of the ciphertext, where it was looked for afterwards. */
const ciphertext = ({ versions, issuedAt }: CertificateFacts): Checked[] =>
  versions.flatMap(({ version, objects }) =>
    objects.flatMap(({ store, location, outcome }) => {
      if (outcome !== 'deleted' && outcome !== 'deleted-with-object-versions') return []
      const all = outcome === 'deleted-with-object-versions'
      return [
        {
          place: `Ciphertext of version ${version}, ${store}`,
          detail: location,
          done: all ? 'Deleted, with its object versions' : 'Deleted',
          readBack: 'Not found',
          at: iso(issuedAt),
        },
      ]
    }),
  )

/** The bytes that are signed: canonical JSON and a line feed, as the file holds them. */
export const statementFile = (statement: CertificateStatement): string => `${canonicalJson(statement)}\n`

/** SHA-256 of the public key's DER, hex; null where the text is no public key. */
export function publicKeySha256(pem: string): string | null {
  try {
    return sha256(createPublicKey(pem).export({ type: 'spki', format: 'der' }))
  } catch {
    return null
  }
}

/** Whether the Ed25519 signature is over exactly these bytes. False for a key or a signature of another kind. */
export function signatureFits(file: Uint8Array, signature: Uint8Array, publicKeyPem: string): boolean {
  try {
    const key = createPublicKey(publicKeyPem)
    return key.asymmetricKeyType === 'ed25519' && verifySignature(null, file, key, signature)
  } catch {
    return false
  }
}
