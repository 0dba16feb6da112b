/**
 * Expected failures are values of one discriminated union: a code and the facts. `failure-text.ts` gives every
 * code its three texts. Bugs are ordinary exceptions and never become a `Failure` except `internal/bug`.
 */
export type Failure =
  // age format
  | { code: 'age/not-an-age-file' }
  | { code: 'age/header-malformed'; detail: string }
  | { code: 'age/header-too-large'; limitBytes: number }
  | { code: 'age/header-mac-mismatch' }
  | { code: 'age/no-identity-match'; stanzaTypes: string[] }
  | { code: 'age/identity-malformed' }
  | { code: 'age/recipient-malformed' }
  | { code: 'age/armor-malformed' }
  | { code: 'age/passphrase-wrong' }
  | { code: 'age/passphrase-needed' }
  | { code: 'age/work-factor-too-high'; workFactor: number; limit: number }
  | { code: 'age/payload-truncated' }
  | { code: 'age/payload-altered'; chunkIndex: number }
  | { code: 'age/payload-trailing-data' }
  // what differs from its pin (cryptography.md, section 2)
  | { code: 'verify/rolled-back'; name: string; foundVersion: number; expectedVersion: number }
  | { code: 'verify/swapped'; name: string; foundName: string }
  | { code: 'verify/altered'; name: string }
  | {
      code: 'verify/metadata-altered'
      name: string
      store: string
      objectName: string
      artifactId: string
      keyId: string | null
    }
  | { code: 'verify/wrapped-elsewhere'; name: string }
  | { code: 'verify/not-verified'; name: string | null; checked: number; problems: number }
  // keychain and keys
  | { code: 'keychain/unavailable'; detail: string }
  | { code: 'keychain/locked' }
  | { code: 'keychain/denied' }
  | { code: 'keychain/no-canary' }
  | { code: 'keychain/read-back-mismatch' }
  | { code: 'keychain/delete-not-confirmed'; keyId: string }
  | { code: 'key/not-found'; keyId: string }
  | { code: 'key/missing-from-keychain'; keyId: string }
  | { code: 'key/damaged-in-keychain'; keyId: string }
  | { code: 'key/illegal-transition'; from: string; to: string }
  | { code: 'key/not-active'; keyId: string; state: string }
  | { code: 'key/destroyed'; keyId: string }
  | { code: 'key/already-known'; keyId: string }
  | { code: 'key/being-destroyed'; keyId: string }
  | { code: 'key/protects-more'; keyId: string; versions: number }
  | {
      code: 'key/still-protects'
      keyId: string
      jobs: { jobId: string; kind: string; title: string; state: string }[]
    }
  | { code: 'key/leak-grew'; confirmed: number; meant: number }
  | { code: 'key/still-opens'; keyId: string; versions: number; objectVersions: number }
  // compromise
  | { code: 'incident/not-found'; incidentId: string }
  | { code: 'incident/version-in-use'; store: string; objectName: string }
  // rotation
  | { code: 'rotation/another-key-active'; keyId: string; active: string }
  | { code: 'rotation/key-not-in-use'; keyId: string; state: string }
  | { code: 'rotation/no-artifact'; keyId: string }
  | { code: 'rotation/nothing-stored'; name: string }
  | { code: 'rotation/tainted'; name: string }
  | { code: 'rotation/needs-re-encryption'; name: string; version: number }
  | { code: 'rotation/begun'; name: string }
  | { code: 'rotation/object-gone'; name: string; objects: number }
  | { code: 'rotation/not-gone'; name: string; objectName: string }
  | { code: 'rotation/not-pinned'; name: string; version: number }
  | { code: 'rotation/still-opens'; name: string; version: number }
  // recovery kits
  | { code: 'kit/not-found'; query: string }
  | {
      code: 'kit/passphrase-weak'
      bits: number
      leastBits: number
      words: number
      characters: number
      /** Of its words, some are what anybody tries first. */
      isKnown: boolean
    }
  | { code: 'kit/nothing-to-hold' }
  | { code: 'kit/passphrase-gone' }
  | { code: 'kit/altered'; where: string }
  | { code: 'kit/nothing-to-try' }
  | { code: 'kit/opens-nothing'; identities: number; tried: number }
  // retirement and its certificates
  | { code: 'retirement/scheduled'; name: string }
  | { code: 'retirement/not-scheduled'; name: string }
  | { code: 'retirement/not-due'; name: string; destroyAt: number }
  | { code: 'retirement/more-than-confirmed'; name: string; versions: number; keys: number }
  | { code: 'retirement/key-shared'; name: string; keyId: string; otherName: string }
  | { code: 'retirement/still-opens'; name: string; version: number; keyId: string }
  | { code: 'certificate/not-found'; certificateId: string }
  | { code: 'certificate/altered'; path: string }
  | { code: 'certificate/not-saved'; name: string; path: string; because: string }
  | { code: 'certificate/malformed'; path: string }
  // artifacts
  | { code: 'artifact/not-found'; query: string }
  | { code: 'artifact/ambiguous'; query: string; artifactIds: string[] }
  | { code: 'artifact/no-such-version'; name: string; version: number; latest: number }
  | { code: 'artifact/not-owner'; name: string }
  | { code: 'artifact/unresolved'; name: string }
  | { code: 'artifact/ciphertext-deleted'; name: string; version: number }
  | { code: 'artifact/not-in-store'; name: string; store: string }
  | { code: 'artifact/in-several-stores'; name: string; stores: string[] }
  | { code: 'artifact/name-invalid'; name: string; reason: string }
  | { code: 'confirm/name-mismatch'; expected: string }
  // the files of the user
  | { code: 'file/not-found'; path: string }
  | { code: 'file/permission-denied'; path: string }
  | { code: 'file/is-special'; path: string; kind: string }
  | { code: 'file/exists'; path: string }
  | { code: 'file/is-folder'; path: string }
  | { code: 'file/no-folder'; path: string }
  | { code: 'file/changed-while-reading'; path: string }
  | { code: 'file/link-dangling'; path: string }
  | { code: 'file/link-loop'; path: string }
  | { code: 'file/link-leaves-folder'; path: string; target: string }
  | { code: 'file/disk-full'; path: string; neededBytes: number | null }
  | { code: 'file/read-only'; path: string }
  | { code: 'file/io'; path: string; errno: string }
  | { code: 'file/token-unknown' }
  | { code: 'archive/hostile-entry'; entry: string; reason: string }
  | { code: 'archive/malformed'; reason: string }
  | { code: 'archive/too-large'; limitBytes: number }
  // stores
  | { code: 'store/not-found'; query: string }
  | { code: 'store/unreachable'; store: string; detail: string }
  | { code: 'store/read-only'; store: string }
  | { code: 'store/full'; store: string }
  | { code: 'store/in-use'; store: string; artifacts: number }
  | { code: 'store/name-taken'; name: string }
  | { code: 'store/object-not-found'; store: string; objectName: string }
  | { code: 'store/object-exists'; store: string; objectName: string }
  | { code: 'store/precondition-failed'; store: string; objectName: string }
  | { code: 'store/settings-invalid'; field: string; reason: string }
  | { code: 'store/too-large'; store: string; objectName: string; limitBytes: number }
  | { code: 'store/upload-not-found'; store: string; objectName: string }
  | { code: 'store/upload-unknown'; store: string; uploadId: string }
  | { code: 'store/upload-in-use'; store: string; objectName: string; title: string }
  | { code: 'store/upload-not-ours'; store: string; objectName: string }
  | { code: 'store/parts-missing'; store: string; objectName: string; parts: number }
  | { code: 'store/conflict'; store: string; objectName: string }
  | { code: 'store/object-archived'; store: string; objectName: string }
  // stores in a network
  | { code: 'store/bucket-not-found'; store: string; bucket: string }
  | { code: 'store/permission-missing'; store: string; permission: string; grantee?: string }
  | { code: 'store/wrong-region'; store: string; region: string | null }
  | { code: 'store/certificate-untrusted'; store: string; detail: string }
  | { code: 'store/credentials-missing'; store: string; detail: string }
  | { code: 'store/credentials-refused'; store: string; detail: string }
  | { code: 'store/credentials-expired'; store: string }
  | { code: 'store/clock-skew'; store: string }
  | { code: 'store/busy'; store: string; detail: string }
  | { code: 'store/corrupted-on-the-way'; store: string; objectName: string }
  | { code: 'store/refused'; store: string; detail: string }
  // the program's own data
  | { code: 'catalog/damaged'; detail: string }
  | { code: 'catalog/newer'; found: number; supported: number }
  | { code: 'audit/broken'; sequence: number; reason: string }
  | { code: 'owner/locked' }
  | { code: 'owner/copied-folder' }
  | { code: 'job/not-found'; jobId: string }
  | { code: 'job/not-resumable'; jobId: string; state: string }
  | { code: 'job/stopped' }
  | { code: 'job/suspended' }
  // calls
  | { code: 'call/unknown-channel'; channel: string }
  | { code: 'call/invalid-request'; channel: string; detail: string }
  | { code: 'call/forbidden-sender' }
  | { code: 'call/wrong-audience'; channel: string }
  | { code: 'host/unsupported'; action: string }
  | { code: 'usage/invalid'; detail: string }
  | { code: 'internal/bug'; reference: string }

export type FailureCode = Failure['code']

/** The answer of every call: a value, or an expected failure. */
export type Result<T> = { ok: true; value: T } | { ok: false; failure: Failure }

export const ok = <T>(value: T): Result<T> => ({ ok: true, value })
export const failed = (failure: Failure): { ok: false; failure: Failure } => ({ ok: false, failure })

/** Carries an expected failure through code that throws. Its message holds the code only, never the facts. */
export class WeightlockError extends Error {
  readonly failure: Failure
  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.code, options)
    this.name = 'WeightlockError'
    this.failure = failure
  }
}

/** Throws an expected failure.
 * @param cause the exception behind it, for the log only */
export function fail(failure: Failure, cause?: unknown): never {
  throw new WeightlockError(failure, cause === undefined ? undefined : { cause })
}

/** The failure that an exception carries, or null for a bug. */
export const failureOf = (error: unknown): Failure | null =>
  error instanceof WeightlockError ? error.failure : null
