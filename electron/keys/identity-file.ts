/** Identity files: text as `age-keygen` writes it, with a line that says which key it is. */
import { fail } from '../../shared/failure.ts'
import { ArtifactId, KeyId } from '../../shared/ids.ts'
import { safeText } from '../../shared/safe-text.ts'
import { openAgeFile } from '../age/age-file.ts'
import { parseIdentity, type KeyIdentity } from '../age/identity.ts'
import { openHeader } from '../age/open-header.ts'
import { openPlaintext } from '../age/payload-range.ts'
import { bytesReader } from '../age/range-reader.ts'
import { scryptIdentity } from '../age/scrypt.ts'

/** Identity files and kits are small; nothing larger is read, by age neither. */
export const identityFileLimitBytes = 16_777_216

const keyLine = 'weightlock key:'
const artifactLine = 'weightlock artifact:'

/** The text of an exported identity. It holds the secret: for an owner-only file and nothing else. */
export const identityFileText = (facts: {
  keyId: KeyId
  artifactId: ArtifactId | null
  artifactName: string | null
  alias: string
  recipient: string
  exportedAt: Date
  secret: string
}): string =>
  [
    `# exported: ${facts.exportedAt.toISOString()}`,
    `# ${keyLine} ${facts.keyId}`,
    ...(facts.artifactId === null ? [] : [`# ${artifactLine} ${facts.artifactId}`]),
    ...(facts.artifactName === null ? [] : [`# artifact: ${safeText(facts.artifactName)}`]),
    `# alias: ${safeText(facts.alias)}`,
    `# public key: ${facts.recipient}`,
    facts.secret,
    '',
  ].join('\n')

export type FoundIdentity = {
  identity: KeyIdentity
  keyId: KeyId | null
  /** Whose key the file says that it is: the word of whoever wrote the file. */
  artifactId: ArtifactId | null
}

const madeLine = 'made:'

/** What stands above the identities of a recovery kit, for whoever opens it years from now. */
export const kitHeadText = (facts: { madeAt: Date; keys: number; fileName: string }): string => {
  const name = safeText(facts.fileName)
  return [
    '# Weightlock recovery kit: identities of keys. Whoever has this text opens what they protect.',
    `# ${madeLine} ${facts.madeAt.toISOString()}`,
    `# keys: ${facts.keys}`,
    `# With age alone: age -d ${name} > ids.txt && age -d -i ids.txt model.age > model`,
    `# With Weightlock: weightlock kit restore ${name}`,
    '',
    '',
  ].join('\n')
}

/** A recovery kit: its identities, and when it says that it was made.
 * @throws WeightlockError as `readIdentityFile`; `age/not-an-age-file` where it is none */
export async function readKitFile(
  bytes: Uint8Array,
  passphrase: string,
): Promise<{ identities: FoundIdentity[]; madeAt: number | null }> {
  const text = await decryptSmall(bytes, passphrase)
  const made = new RegExp(`^# ${madeLine} (\\S+)$`, 'm').exec(text)?.[1]
  const madeAt = made === undefined ? Number.NaN : Date.parse(made)
  return { identities: identitiesIn(text), madeAt: Number.isNaN(madeAt) ? null : madeAt }
}

/** The identities of a file, each with the key id that a line before it names. The caller wipes them.
 * @param bytes a plain identity file, or an age file under a passphrase that holds one
 * @throws WeightlockError `age/identity-malformed`, `age/passphrase-needed`, `age/passphrase-wrong`, … */
export async function readIdentityFile(
  bytes: Uint8Array,
  passphrase: string | null,
): Promise<FoundIdentity[]> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  if (text.startsWith('age-encryption.org/') || text.includes('-----BEGIN AGE'))
    return identitiesIn(await decryptSmall(bytes, passphrase))
  return identitiesIn(text)
}

function identitiesIn(text: string): FoundIdentity[] {
  const found: FoundIdentity[] = []
  let keyId: KeyId | null = null
  let artifactId: ArtifactId | null = null
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line === '') continue
    if (line.startsWith('#')) {
      const comment = line.slice(1).trim()
      if (comment.startsWith(keyLine))
        keyId = KeyId.safeParse(comment.slice(keyLine.length).trim()).data ?? null
      if (comment.startsWith(artifactLine))
        artifactId = ArtifactId.safeParse(comment.slice(artifactLine.length).trim()).data ?? null
      continue
    }
    found.push({ identity: parseIdentity(line), keyId, artifactId })
    keyId = null
    artifactId = null
  }
  return found.length > 0 ? found : fail({ code: 'age/identity-malformed' })
}

async function decryptSmall(bytes: Uint8Array, passphrase: string | null): Promise<string> {
  const file = await openAgeFile(bytesReader(bytes))
  const identities = passphrase === null ? [] : [scryptIdentity(new TextEncoder().encode(passphrase))]
  const fileKey = await openHeader(file.header, identities)
  try {
    const plaintext = await openPlaintext(file, fileKey)
    try {
      const secret = await plaintext.read(0, plaintext.sizeBytes)
      const text = Buffer.from(secret.buffer, secret.byteOffset, secret.byteLength).toString('latin1')
      secret.fill(0)
      return text
    } finally {
      plaintext.close()
    }
  } finally {
    fileKey.fill(0)
  }
}
