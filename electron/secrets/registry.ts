/** Where identities can live. A secrets manager will be a file of its own and a line here. */
import { osKeychain } from './providers/os-keychain.ts'

export const secretsProviders = { 'os-keychain': osKeychain } as const
