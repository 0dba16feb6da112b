/** Where identities live. The operating system's keychain is one provider; secrets managers will be others. */
import type { KeychainStatus } from '../../shared/domain/keychain.ts'
import type { KeyId } from '../../shared/ids.ts'

/** What an empty answer means once the canary was read around it (cryptography.md, section 3). `not-here`: the keychain
 * works and has no canary though one was made, so it is another keychain. Once that one was accepted, keys of the old
 * one read as `absent`: note them as not here before `acceptNew`. */
export type SecretPresence = 'present' | 'absent' | 'not-here'

export type SecretsProvider = {
  /** GNOME Keyring, macOS Keychain, … as recorded with each key. */
  backend: () => Promise<string>
  /** Reads the canary; makes one at first start only.
   * @throws keychain/… when the keychain cannot be trusted to answer */
  ready: () => Promise<void>
  /** How the last operation ended; asks the keychain nothing. */
  status: () => Promise<KeychainStatus>
  /** Writes, reads back and deletes a throw-away item. What failed is in the status, not thrown. */
  selfTest: () => Promise<KeychainStatus>
  /** A keychain that works but has no canary is a new one: make one at the user's word. */
  acceptNew: () => Promise<void>
  /** Writes and reads back. Refuses to overwrite a different secret.
   * @throws key/already-known (another secret is there), keychain/read-back-mismatch, keychain/unavailable,
   * keychain/locked, keychain/denied, keychain/no-canary */
  write: (keyId: KeyId, secret: string) => Promise<void>
  /** Writes and reads back where the item is missing, or holds what `isWhole` says is no secret at all. A read that
   * failed overwrites nothing.
   * @returns whether anything was written: false where this secret is there already
   * @throws key/already-known where another whole secret is there; as `write` */
  mend: (keyId: KeyId, secret: string, isWhole: (held: string) => boolean) => Promise<boolean>
  /** @throws key/missing-from-keychain (canary readable, item empty), keychain/… */
  read: (keyId: KeyId) => Promise<string>
  presence: (keyId: KeyId) => Promise<SecretPresence>
  /** Deletes, then proves: the item is empty and the canary is readable. May be repeated.
   * @returns whether the secret was there when this call began; the caller read it before it journaled
   * @throws keychain/delete-not-confirmed, keychain/… */
  destroy: (keyId: KeyId) => Promise<{ wasPresent: boolean }>
  /** Small values of the program itself (audit signing key and head), under names of their own. */
  readValue: (name: string) => Promise<string | null>
  writeValue: (name: string, value: string) => Promise<void>
  /** Deletes, then proves as `destroy` does. May be repeated. */
  deleteValue: (name: string) => Promise<void>
}
