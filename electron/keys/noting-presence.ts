/** A keychain whose answers are remembered: a key that is proved gone is called lost, wherever that was found out, and is
 * not once it is there again. A keychain that is locked or away says nothing of any key (cryptography.md, section 3). */
import { byItself, type Catalog } from '../catalog/catalog.ts'
import type { SecretsProvider } from '../secrets/provider.ts'
import { failureOf } from '../../shared/failure.ts'
import type { KeyId } from '../../shared/ids.ts'

type Notes = Pick<Catalog, 'keyPresence'>

/** @param isMine of a folder that is another machine's, this keychain says nothing
 * @param onTrouble what could not be written down; the keychain's answer is given all the same */
export function notingPresence(
  secrets: SecretsProvider,
  catalog: Notes,
  isMine: () => boolean,
  onTrouble: (error: unknown) => void,
): SecretsProvider {
  /** Since the program started. */
  const seen = new Set<KeyId>()

  const note = async (keyId: KeyId, isPresent: boolean): Promise<void> => {
    if (!isMine() || (isPresent && seen.has(keyId))) return
    try {
      await catalog.keyPresence({ keyId, isPresent, by: byItself })
      if (isPresent) seen.add(keyId)
      else seen.delete(keyId)
    } catch (error) {
      onTrouble(error)
    }
  }

  return {
    ...secrets,
    read: async (keyId) => {
      try {
        const secret = await secrets.read(keyId)
        await note(keyId, true)
        return secret
      } catch (error) {
        if (failureOf(error)?.code === 'key/missing-from-keychain') await note(keyId, false)
        throw error
      }
    },
    presence: async (keyId) => {
      const presence = await secrets.presence(keyId)
      if (presence !== 'not-here') await note(keyId, presence === 'present')
      return presence
    },
    write: async (keyId, secret) => {
      await secrets.write(keyId, secret)
      await note(keyId, true)
    },
    mend: async (keyId, secret, isWhole) => {
      const isWritten = await secrets.mend(keyId, secret, isWhole)
      await note(keyId, true)
      return isWritten
    },
  }
}
