/** Who an age file is from: age does not say, only a pin of ours does (cryptography.md, section 2, "Pin"). */
import type { AgeFile } from '../../../age/age-file.ts'
import { readKeyHint } from '../../../age/weightlock-stanza.ts'
import type { Services } from '../../services.ts'
import { objectReader } from '../../object-reader.ts'
import { recognise } from '../../recognise.ts'
import type { AgeFileToDecrypt } from './decrypt-spec.ts'

export type Sender = {
  /** What the whole payload must be; null where nothing is pinned. */
  pinnedLeafDigests: Uint8Array | null
  /** What may be said of it, once every chunk is authentic. */
  outcome: string
}

const foreign: Sender = { pinnedLeafDigests: null, outcome: 'Decrypted; every chunk authentic' }
const notProved: Sender = {
  pinnedLeafDigests: null,
  outcome: 'Decrypted; names a key held here, but is not what was stored: sender not proved',
}

/** An object of the catalog's must be what was stored there; anything else is compared with every pin.
 * @throws WeightlockError `verify/rolled-back`, `verify/swapped`, `verify/altered`, `age/payload-…`, `store/…` */
export async function senderOf(
  services: Services,
  source: AgeFileToDecrypt['source'],
  file: AgeFile,
): Promise<Sender> {
  const { catalog } = services
  const owner = 'storeId' in source ? await catalog.objectOwner(source.storeId, source.objectName) : null
  if ('storeId' in source && owner !== null) {
    const { backend } = await services.openStore(source.storeId)
    const info = await backend.head(source.objectName)
    const version = await catalog.versionForOpening(owner.artifactId, owner.version)
    if (info !== null) await recognise(catalog, version, objectReader(backend, info))
    return pinned(version.leafDigests)
  }
  const known = await catalog.whoHasFingerprint(file.fingerprint)
  if (known?.isAccepted)
    return pinned((await catalog.versionForOpening(known.artifactId, known.version)).leafDigests)
  const hint = readKeyHint(file.header.stanzas)
  if (hint === null) return foreign
  const namesOurs =
    (await catalog.keyRecord(hint.keyId)) !== null ||
    (await catalog.artifactRows([hint.artifactId])).length > 0
  return namesOurs ? notProved : foreign
}

const pinned = (leafDigests: Uint8Array | null): Sender => ({
  pinnedLeafDigests: leafDigests,
  outcome: leafDigests === null ? 'Decrypted; trusted on first use' : 'Decrypted and verified',
})
