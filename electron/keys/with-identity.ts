import { parseIdentity, type KeyIdentity } from '../age/identity.ts'
import type { SecretsProvider } from '../secrets/provider.ts'
import type { KeyId } from '../../shared/ids.ts'

/** Reads an identity, lends it, wipes it. The only way to a secret outside `secrets` and `age`. The string that the
 * keychain gives cannot be wiped; the bytes are.
 * @throws WeightlockError `key/missing-from-keychain`, `keychain/…`, `age/identity-malformed` */
export async function withIdentity<T>(
  secrets: Pick<SecretsProvider, 'read'>,
  keyId: KeyId,
  use: (identity: KeyIdentity) => Promise<T>,
): Promise<T> {
  const identity = parseIdentity(await secrets.read(keyId))
  try {
    return await use(identity)
  } finally {
    identity.wipe()
  }
}
