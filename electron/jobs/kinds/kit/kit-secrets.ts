import type { FoundIdentity } from '../../../keys/identity-file.ts'
import { keptSecrets, type KeptSecrets } from '../../kept-secrets.ts'
import type { JobId } from '../../../../shared/ids.ts'

/** Of jobs about recovery kits: the passphrase of one that is made, the identities of one that is restored. */
export type KitSecrets = {
  passphrases: KeptSecrets<Uint8Array>
  identities: KeptSecrets<FoundIdentity[]>
  drop: (jobId: JobId) => void
}

export function createKitSecrets(): KitSecrets {
  const passphrases = keptSecrets<Uint8Array>((passphrase) => void passphrase.fill(0))
  const identities = keptSecrets<FoundIdentity[]>((found) => {
    for (const { identity } of found) identity.wipe()
  })
  return {
    passphrases,
    identities,
    drop: (jobId) => {
      passphrases.drop(jobId)
      identities.drop(jobId)
    },
  }
}
