import type { Actor, Catalog } from '../catalog/catalog.ts'
import type { SecretsProvider } from '../secrets/provider.ts'
import type { DurableFiles } from '../storage/durable-files.ts'
import { fail } from '../../shared/failure.ts'
import type { KeyId } from '../../shared/ids.ts'
import { identityText } from '../age/identity.ts'
import { identityFileText } from './identity-file.ts'
import { inTurn } from './in-turn.ts'
import { withIdentity } from './with-identity.ts'
import { writeUserFile } from './write-user-file.ts'

type Deps = { catalog: Catalog; secrets: SecretsProvider; files: DurableFiles; now: () => number }

/** Writes an identity to a file of its owner alone. The copy is recorded before the file appears, so that no crash
 * leaves one that nobody knows of.
 * @throws WeightlockError `key/not-found`, `key/destroyed`, `keychain/…`, `file/…` */
export const exportIdentity = (deps: Deps, request: Export): Promise<void> =>
  inTurn(request.keyId, () => exportInTurn(deps, request))

type Export = { keyId: KeyId; path: string; by: Actor }

async function exportInTurn(
  { catalog, secrets, files, now }: Deps,
  { keyId, path, by }: Export,
): Promise<void> {
  const key = await catalog.keyRow(keyId)
  if (key.state === 'destroyed') return fail({ code: 'key/destroyed', keyId })
  const record = (state: 'present' | 'found-missing') =>
    catalog.keyCopyRecorded({ keyId, place: 'export', where: path, state, jobId: null, by })
  let recorded = false
  try {
    await withIdentity(secrets, keyId, async (identity) => {
      const text = identityFileText({
        keyId,
        artifactId: key.artifactId,
        artifactName: key.artifactName,
        alias: key.alias,
        recipient: identity.recipient().text,
        exportedAt: new Date(now()),
        secret: identityText(identity),
      })
      const bytes = Buffer.from(text)
      try {
        await writeUserFile(files, path, [bytes], async () => {
          await record('present')
          recorded = true
        })
      } finally {
        bytes.fill(0)
      }
    })
  } catch (error) {
    if (recorded) await record('found-missing')
    throw error
  }
}
