/** The places where identities live. A new one: its file in `providers/`, and one line here. */
export { osKeychain as openKeychain } from './providers/os-keychain.ts'
