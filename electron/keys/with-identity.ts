/** The only way to an identity (cryptography.md, section 3): read when it is needed, wiped when it was used. */
import { fail, failureOf } from '../../shared/failure.ts'
import type { KeyId } from '../../shared/ids.ts'
import type { KeyIdentity } from '../age/identity.ts'
import { parseIdentity } from '../age/identity.ts'
import type { SecretsProvider } from '../secrets/provider.ts'

/**
 * Gives the identity to `use`, and wipes its bytes once that has settled (the keychain's own string cannot be).
 * What `use` returns must not hold it. Recipients are derived from it there, never taken from the catalog.
 * @throws key/missing-from-keychain, key/damaged-in-keychain, keychain/…
 */
export async function withIdentity<T>(
  secrets: Pick<SecretsProvider, 'read'>,
  keyId: KeyId,
  use: (identity: KeyIdentity) => T | Promise<T>,
): Promise<T> {
  const identity = identityIn(await secrets.read(keyId), keyId)
  try {
    return await use(identity)
  } finally {
    identity.wipe()
  }
}

function identityIn(secret: string, keyId: KeyId): KeyIdentity {
  try {
    return parseIdentity(secret)
  } catch (error) {
    if (failureOf(error) === null) throw error
    return fail({ code: 'key/damaged-in-keychain', keyId }, error)
  }
}
