import type { Client } from '../../shared/contract/call.ts'
import type { PathPurpose, PathTokens } from './path-tokens.ts'
import type { PathRef } from '../../shared/domain/client-input.ts'

/** Who is calling, and what that side may name. One for the window, one for each terminal connection. */
export type CallContext = {
  audience: Client
  /** The account's name, as the audit log keeps it. */
  who: string
  /** An absolute path for what this caller may name: tokens from the window, paths from the terminal.
   * @throws file/token-unknown, call/invalid-request */
  resolvePath: (ref: PathRef, purpose: PathPurpose) => string
  mintPathToken: PathTokens['mint']
  /** Where `{ stdout: true }` goes; only terminals have one. Resolves when the bytes were taken. */
  output: ((bytes: Uint8Array) => Promise<void>) | null
}
