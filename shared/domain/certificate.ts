/** The certificate of cryptographic erase, after NIST SP 800-88 Rev. 2, section 4.6 and Appendix C: what is signed, and
 * how it crosses the boundary. It names what was checked, and as prominently what was not proved. */
import { z } from 'zod'
import { ArtifactId, InstallationId, JobId, KeyId } from '../ids.ts'
import { KeyAlgorithm } from './key.ts'
import { Digest, Millis, SizeBytes } from './quantities.ts'

/** Of the statement. Another shape has another name. */
export const certificateType = 'weightlock.dev/certificate-of-cryptographic-erase/v1'

/** ISO 8601, UTC. */
const Instant = z.string()

/** What became of one object of the ciphertext. */
export const ErasedObject = z.object({
  store: z.string(),
  location: z.string(),
  /** `kept`: as was chosen; `absent`: was not there; `not-deleted`: it was to go, and could not. */
  outcome: z.enum(['kept', 'deleted', 'deleted-with-object-versions', 'absent', 'not-deleted']),
})
export type ErasedObject = z.infer<typeof ErasedObject>

export const CertificateStatement = z.object({
  type: z.literal(certificateType),
  certificateId: JobId,
  issuedAt: Instant,
  /** What is claimed, in words; never more than `checked` bears out. */
  claim: z.string(),
  artifact: z.object({ artifactId: ArtifactId, name: z.string() }),
  versions: z.array(
    z.object({
      version: z.number().int().positive(),
      encryptedAt: Instant,
      ciphertextBytes: SizeBytes,
      /** Of the ciphertext behind its header; null where it was never read in full. */
      digest: z.object({ algorithm: z.string(), hex: Digest }).nullable(),
      /** SHA-256 of header and payload nonce, of every header that its payload is known to have had. */
      fingerprints: z.array(Digest),
      objects: z.array(ErasedObject),
    }),
  ),
  encryption: z.object({
    format: z.literal('age v1'),
    payload: z.string(),
    keyWrapping: z.array(KeyAlgorithm),
  }),
  /** Every key that ever wrapped a payload of it, and every other key that it had. */
  keys: z.array(
    z.object({
      keyId: KeyId,
      name: z.string(),
      algorithm: KeyAlgorithm,
      /** SHA-256 of its recipient, as it is written. */
      recipientSha256: Digest,
      createdAt: Instant,
    }),
  ),
  checked: z.array(
    z.object({ place: z.string(), detail: z.string(), done: z.string(), readBack: z.string(), at: Instant }),
  ),
  notProved: z.array(z.object({ what: z.string(), detail: z.string(), why: z.string() })),
  by: z.object({
    who: z.string(),
    via: z.string(),
    machine: z.string(),
    system: z.string(),
    tool: z.literal('Weightlock'),
    toolVersion: z.string(),
    installationId: InstallationId,
  }),
})
export type CertificateStatement = z.infer<typeof CertificateStatement>

/** What lists show of it. */
export const CertificateRow = z.object({
  certificateId: JobId,
  artifactId: ArtifactId,
  artifactName: z.string(),
  at: Millis,
})
export type CertificateRow = z.infer<typeof CertificateRow>

export const Certificate = z.object({
  row: CertificateRow,
  statement: CertificateStatement,
  /** Ed25519 over the bytes of the file, base64. */
  signature: z.string(),
  publicKeyPem: z.string(),
  /** SHA-256 of the public key's DER. */
  publicKeySha256: Digest,
  /** What the files are called when they are saved. */
  fileNames: z.object({ statement: z.string(), signature: z.string(), publicKey: z.string() }),
})
export type Certificate = z.infer<typeof Certificate>

/** What verifying three files showed. */
export const CertificateVerdict = z.object({
  statement: CertificateStatement,
  publicKeySha256: Digest,
  /** Whether this installation's own key signed it. A key that is not known here must be compared by other means. */
  signedBy: z.enum(['this-installation', 'earlier-key-of-this-installation', 'another-key']),
})
export type CertificateVerdict = z.infer<typeof CertificateVerdict>
