import { z } from 'zod'
import { Millis } from './quantities.ts'

export const KeychainStatus = z.object({
  state: z.enum(['works', 'locked', 'unavailable', 'denied', 'new-keychain', 'untested']),
  /** GNOME Keyring, KWallet, macOS Keychain, Windows Credential Manager. */
  backend: z.string(),
  testedAt: Millis.nullable(),
  writeMs: z.number().nullable(),
  readBackMs: z.number().nullable(),
  deleteMs: z.number().nullable(),
  /** How to fix it, in one sentence; empty when it works. */
  remedy: z.string(),
})
export type KeychainStatus = z.infer<typeof KeychainStatus>
