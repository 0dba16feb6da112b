/** A certificate as three files that standard tools verify: statement, signature, public key. */
import { basename } from 'node:path'
import { CertificateStatement } from '../../shared/domain/certificate.ts'
import { fail } from '../../shared/failure.ts'
import { readSmallFile } from '../storage/regular-file.ts'
import type { DurableFiles } from '../storage/durable-files.ts'
import { publicKeySha256, signatureFits } from './certificate.ts'
import { writeUserFile } from './write-user-file.ts'

type Content = { statement: string; signature: string; publicKeyPem: string }

/** `X.erase.json` has `X.erase.sig` and `X.erase.pub.pem` beside it. */
export function certificateFileNames(statement: string): {
  statement: string
  signature: string
  publicKey: string
} {
  const stem = statement.replace(/\.json$/i, '')
  return { statement, signature: `${stem}.sig`, publicKey: `${stem}.pub.pem` }
}

/** Of a file in no folder, from the artifact's name. */
export const suggestedFileNames = (artifactName: string): ReturnType<typeof certificateFileNames> =>
  certificateFileNames(`${artifactName.slice(artifactName.lastIndexOf('/') + 1)}.erase.json`)

/** Never overwrites: the statement is written last, so that one that is there has its signature beside it.
 * @param path where the statement goes
 * @throws WeightlockError `file/exists`, `file/…` */
export async function saveCertificate(
  files: DurableFiles,
  path: string,
  { statement, signature, publicKeyPem }: Content,
): Promise<string[]> {
  const names = certificateFileNames(path)
  await writeUserFile(files, names.publicKey, [Buffer.from(publicKeyPem)])
  await writeUserFile(files, names.signature, [Buffer.from(signature, 'base64')])
  await writeUserFile(files, names.statement, [Buffer.from(statement)])
  return [names.statement, names.signature, names.publicKey]
}

const statementLimitBytes = 64 * 1024 * 1024
const smallLimitBytes = 64 * 1024

/** @returns what the files say, where the signature fits exactly these bytes
 * @throws WeightlockError `certificate/altered`, `certificate/malformed`, `file/…` */
export async function verifyCertificateFiles(
  path: string,
): Promise<{ statement: CertificateStatement; publicKeySha256: string }> {
  const names = certificateFileNames(path)
  const malformed = (): never => fail({ code: 'certificate/malformed', path: basename(path) })
  const bytes = await readSmallFile(names.statement, statementLimitBytes, malformed)
  const signature = await readSmallFile(names.signature, smallLimitBytes, malformed)
  const publicKeyPem = (await readSmallFile(names.publicKey, smallLimitBytes, malformed)).toString()
  if (!signatureFits(bytes, signature, publicKeyPem))
    return fail({ code: 'certificate/altered', path: basename(path) })
  const statement = CertificateStatement.safeParse(parsed(bytes))
  const fingerprint = publicKeySha256(publicKeyPem)
  if (!statement.success || fingerprint === null) return malformed()
  return { statement: statement.data, publicKeySha256: fingerprint }
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    return null
  }
}
