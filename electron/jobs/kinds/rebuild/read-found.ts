/** An age file in a store that the catalog does not know: whose it says that it is, and whether it opens here. */
import { openAgeFile } from '../../../age/age-file.ts'
import type { KeyIdentity } from '../../../age/identity.ts'
import { openHeader } from '../../../age/open-header.ts'
import { openPlaintext } from '../../../age/payload-range.ts'
import { readKeyHint } from '../../../age/weightlock-stanza.ts'
import type { FoundVersion } from '../../../catalog/version-operations.ts'
import { withIdentity } from '../../../keys/with-identity.ts'
import { inspectModel } from '../../../models/inspect.ts'
import type { Ownership } from '../../../../shared/domain/artifact.ts'
import { fail } from '../../../../shared/failure.ts'
import { ArtifactId, newId, type KeyId } from '../../../../shared/ids.ts'
import { nameFromObject } from '../../../catalog/object-name.ts'
import type { ObjectInfo } from '../../../storage/backend.ts'
import { ownerIn } from '../../object-metadata.ts'
import { objectReader } from '../../object-reader.ts'
import type { OpenStore, Services } from '../../services.ts'

/** @param becomeOwner the user's word that this installation owns what it finds: of what names no other owner
 * @param others keys to be tried where the file names none that is here: imported ones
 * @throws WeightlockError `age/…` where it does not open here, `keychain/…` where that cannot be known */
export async function readFound(
  services: Services,
  { row, backend }: OpenStore,
  info: ObjectInfo,
  others: readonly KeyId[],
  becomeOwner: boolean,
): Promise<{ found: FoundVersion; otherOwner: boolean }> {
  const file = await openAgeFile(objectReader(backend, info))
  const hint = readKeyHint(file.header.stanzas)
  const { keyId, fileKey, algorithm, recipient } = await openWithAny(
    services,
    hint ? [hint.keyId, ...others] : others,
    file,
  )
  try {
    const plaintext = await openPlaintext(file, fileKey)
    try {
      const named = nameFromObject(info.name)
      const reader = { sizeBytes: plaintext.sizeBytes, read: plaintext.read }
      const { summary } = await inspectModel(reader, named.name.slice(named.name.lastIndexOf('/') + 1))
      // A list gives no metadata.
      const owner = ownerIn((await backend.head(info.name))?.metadata ?? {})
      const { installationId } = await services.catalog.installation()
      const otherOwner = owner !== null && owner !== installationId
      const ownership: Ownership = becomeOwner && !otherOwner ? 'owner' : 'reader'
      const found: FoundVersion = {
        artifactId: hint?.artifactId ?? newId(ArtifactId),
        name: named.name,
        version: named.version,
        isFolder: named.isFolder && summary.kind === 'tar',
        storeId: row.storeId,
        objectName: info.name,
        sizeBytes: info.sizeBytes,
        revision: info.revision,
        modifiedAt: info.modifiedAt,
        plaintextBytes: plaintext.sizeBytes,
        fingerprint: file.fingerprint,
        nonce: Buffer.from(file.payloadNonce).toString('hex'),
        keyId,
        algorithm,
        recipient,
        backend: await services.secrets.backend(),
        summary,
        ownership,
      }
      return { found, otherOwner }
    } finally {
      plaintext.close()
    }
  } finally {
    fileKey.fill(0)
  }
}

type Opened = { keyId: KeyId; fileKey: Uint8Array; algorithm: KeyIdentity['algorithm']; recipient: string }

async function openWithAny(
  services: Services,
  keyIds: readonly KeyId[],
  file: { header: Parameters<typeof openHeader>[0] },
): Promise<Opened> {
  for (const keyId of keyIds) {
    if ((await services.secrets.presence(keyId)) !== 'present') continue
    const opened = await withIdentity(services.secrets, keyId, async (identity) => {
      const fileKey = await openHeader(file.header, [identity]).catch(() => null)
      return (
        fileKey && { keyId, fileKey, algorithm: identity.algorithm, recipient: identity.recipient().text }
      )
    })
    if (opened) return opened
  }
  const stanzaTypes = file.header.stanzas.map(({ type }) => type)
  return fail({ code: 'age/no-identity-match', stanzaTypes })
}
