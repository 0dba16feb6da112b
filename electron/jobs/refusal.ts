/** What did not verify stands in the audit log, whoever met it: a check, or a decryption in the middle of a payload. */
import type { Failure } from '../../shared/failure.ts'
import { failureOf } from '../../shared/failure.ts'
import type { ArtifactId } from '../../shared/ids.ts'
import type { JobContext } from './job-kind.ts'
import type { Services } from './services.ts'

/** Says something of what was offered to open a file, and nothing of the file. */
const ofTheKey = new Set<Failure['code']>([
  'age/no-identity-match',
  'age/identity-malformed',
  'age/passphrase-needed',
  'age/passphrase-wrong',
])

/** Whether ciphertext was refused for what it is. */
export const isRefusal = ({ code }: Failure): boolean =>
  (code.startsWith('verify/') || code.startsWith('age/')) && !ofTheKey.has(code)

/** Notes it with the version, and audits it. */
export const recordRefusal = (
  { catalog }: Services,
  { jobId, by }: JobContext,
  { artifactId, version }: { artifactId: ArtifactId; version: number },
  { code }: Failure,
): Promise<void> => catalog.versionRefused({ artifactId, version, code, by, jobId })

/** Runs what reads ciphertext. @param record called before a refusal is thrown on */
export async function auditingRefusals<T>(
  record: (failure: Failure) => Promise<void>,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run()
  } catch (error) {
    const failure = failureOf(error)
    if (failure !== null && isRefusal(failure)) await record(failure)
    throw error
  }
}
