/** What a command's process ends with. People script against these numbers.
 * @see architecture.md, "The command line" */
import type { Failure, FailureCode } from '../../shared/failure.ts'

export const exitCodes = { ok: 0, failed: 1, usage: 2, notVerified: 4, busy: 75, stopped: 130 } as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

const { failed, usage, notVerified, busy, stopped } = exitCodes

/** Every failure has its number here, or this does not compile. */
const table: Record<FailureCode, ExitCode> = {
  'age/not-an-age-file': failed,
  'age/header-malformed': failed,
  'age/header-too-large': failed,
  'age/header-mac-mismatch': notVerified,
  'age/no-identity-match': failed,
  'age/identity-malformed': failed,
  'age/recipient-malformed': failed,
  'age/armor-malformed': failed,
  'age/passphrase-wrong': failed,
  'age/passphrase-needed': failed,
  'age/work-factor-too-high': failed,
  'age/payload-truncated': notVerified,
  'age/payload-altered': notVerified,
  'age/payload-trailing-data': notVerified,
  'verify/rolled-back': notVerified,
  'verify/swapped': notVerified,
  'verify/altered': notVerified,
  'verify/wrapped-elsewhere': notVerified,
  'verify/not-verified': notVerified,
  'keychain/unavailable': failed,
  'keychain/locked': failed,
  'keychain/denied': failed,
  'keychain/no-canary': failed,
  'keychain/read-back-mismatch': failed,
  'keychain/delete-not-confirmed': failed,
  'key/not-found': failed,
  'key/missing-from-keychain': failed,
  'key/damaged-in-keychain': failed,
  'key/illegal-transition': failed,
  'key/not-active': failed,
  'key/destroyed': failed,
  'key/already-known': failed,
  'key/being-destroyed': failed,
  'key/protects-more': failed,
  'key/still-protects': failed,
  'artifact/not-found': failed,
  'artifact/ambiguous': failed,
  'artifact/not-owner': failed,
  'artifact/unresolved': failed,
  'artifact/name-invalid': failed,
  'confirm/name-mismatch': failed,
  'file/not-found': failed,
  'file/permission-denied': failed,
  'file/is-special': failed,
  'file/exists': failed,
  'file/changed-while-reading': failed,
  'file/link-dangling': failed,
  'file/link-loop': failed,
  'file/link-leaves-folder': failed,
  'file/disk-full': failed,
  'file/read-only': failed,
  'file/io': failed,
  'file/token-unknown': failed,
  'archive/hostile-entry': failed,
  'archive/malformed': failed,
  'archive/too-large': failed,
  'store/not-found': failed,
  'store/unreachable': failed,
  'store/read-only': failed,
  'store/full': failed,
  'store/in-use': failed,
  'store/name-taken': failed,
  'store/object-not-found': failed,
  'store/object-exists': failed,
  'store/precondition-failed': failed,
  'store/settings-invalid': failed,
  'catalog/damaged': failed,
  'catalog/newer': failed,
  'audit/broken': notVerified,
  'owner/locked': busy,
  'owner/copied-folder': failed,
  'job/not-found': failed,
  'job/not-resumable': failed,
  'job/stopped': stopped,
  'call/unknown-channel': failed,
  'call/invalid-request': usage,
  'call/forbidden-sender': failed,
  'call/wrong-audience': failed,
  'host/unsupported': failed,
  'usage/invalid': usage,
  'internal/bug': failed,
}

export const exitCodeOf = (failure: Failure): ExitCode => table[failure.code]

const gravest: readonly ExitCode[] = [stopped, notVerified, busy, failed, usage]

/** A batch ends with its gravest failure: stopped before not verified before busy before any other. */
export function gravestFailure(failures: readonly Failure[]): Failure | null {
  const rank = (failure: Failure) => gravest.indexOf(exitCodeOf(failure))
  return failures.toSorted((one, other) => rank(one) - rank(other))[0] ?? null
}
