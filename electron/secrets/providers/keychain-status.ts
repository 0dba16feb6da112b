/** What a keychain's failure means for its status, and what to do about it. */
import type { KeychainStatus } from '../../../shared/domain/keychain.ts'
import type { Failure } from '../../../shared/failure.ts'

/** @returns null where the failure says nothing about the keychain as a whole: a missing key */
export function stateOf(failure: Failure | null): KeychainStatus['state'] | null {
  switch (failure?.code) {
    case 'keychain/locked':
      return 'locked'
    case 'keychain/denied':
      return 'denied'
    case 'keychain/no-canary':
      return 'new-keychain'
    case 'keychain/unavailable':
    case 'keychain/read-back-mismatch':
    case 'keychain/delete-not-confirmed':
      return 'unavailable'
    default:
      return null
  }
}

/** One sentence; empty when it works. */
export function remedyOf(state: KeychainStatus['state'], platform: string): string {
  switch (state) {
    case 'works':
    case 'untested':
      return ''
    case 'locked':
      return platform === 'linux'
        ? 'Unlock the login keyring (Passwords and Keys, or log in again), then try again.'
        : 'Unlock the keychain, then try again.'
    case 'denied':
      return 'Allow Weightlock to use the keychain when the system asks.'
    case 'new-keychain':
      return 'Restore the keychain that held the keys, or accept this one: keys of the old one are not here.'
    case 'unavailable':
      return platform === 'linux'
        ? 'Install and start a Secret Service (GNOME Keyring, KWallet, KeePassXC) and start Weightlock in a desktop session.'
        : 'Log in to a desktop session whose keychain works, then try again.'
  }
}
