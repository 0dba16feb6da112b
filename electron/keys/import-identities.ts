import type { Actor, Catalog } from '../catalog/catalog.ts'
import type { KeyRecord } from '../catalog/key-operations.ts'
import type { SecretsProvider } from '../secrets/provider.ts'
import type { KeyRow } from '../../shared/domain/key.ts'
import { fail, failureOf } from '../../shared/failure.ts'
import { type ArtifactId, KeyId, newId } from '../../shared/ids.ts'
import { identityText, parseIdentity } from '../age/identity.ts'
import { inTurn } from './in-turn.ts'
import { refuseWhileDestroying } from './open-destruction.ts'
import { readIdentityFile, type FoundIdentity } from './identity-file.ts'

type Deps = { catalog: Catalog; secrets: SecretsProvider }
type Origin = {
  importedFrom: string
  /** It came from a recovery kit. */
  isKit: boolean
  /** Names whose destroyed keys are wanted back. */
  reverseDestroyed: readonly string[]
  by: Actor
  /** Called around each thing that a crash may leave half done; of a job, its checkpoints. */
  between?: <T>(step: 'known' | 'here' | 'noted', commit: () => Promise<T>) => Promise<T>
}
type Import = Omit<Origin, 'reverseDestroyed' | 'isKit' | 'between'> & {
  bytes: Uint8Array
  passphrase: string | null
  reverseDestroyed: string | null
}

/** Takes the identities of a file into the keychain. A key that is known and whose item is missing there or damaged
 * comes back under its own id. A destroyed one is refused, unless its artifact's name was typed to reverse that.
 * @returns the keys that are here now and were not before
 * @throws WeightlockError `age/identity-malformed`, `age/passphrase-…`, `key/destroyed`, `key/being-destroyed`,
 * `keychain/…` */
export async function importIdentities(
  deps: Deps,
  request: Import,
): Promise<{ imported: KeyRow[]; alreadyKnown: number }> {
  const found = await readIdentityFile(request.bytes, request.passphrase)
  const { importedFrom, by, reverseDestroyed: typed } = request
  const origin = { importedFrom, isKit: false, reverseDestroyed: typed === null ? [] : [typed], by }
  const imported: KeyRow[] = []
  let alreadyKnown = 0
  try {
    for (const each of found) {
      const row = await importOne(deps, each, origin)
      if (row) imported.push(row)
      else alreadyKnown += 1
    }
    await noteTogether(deps.catalog, found)
  } finally {
    for (const { identity } of found) identity.wipe()
  }
  return { imported, alreadyKnown }
}

/** What lay in one file, for a rebuild that meets versions under several of them. */
export async function noteTogether(catalog: Catalog, found: readonly FoundIdentity[]): Promise<void> {
  const together: { keyId: KeyId; artifactId: ArtifactId | null }[] = []
  for (const { identity, artifactId } of found) {
    const known = await catalog.keyByRecipient(identity.recipient().text)
    if (known !== null) together.push({ keyId: known.keyId, artifactId })
  }
  await catalog.keysCameTogether(together)
}

/** One identity, as `importIdentities` takes it. @returns null where it was here already */
export async function importOne(deps: Deps, found: FoundIdentity, request: Origin): Promise<KeyRow | null> {
  const { catalog } = deps
  const known = await catalog.keyByRecipient(found.identity.recipient().text)
  // Refused at once, rather than when the destruction has ended.
  if (known) await refuseWhileDestroying(catalog, known.keyId)
  const keyId = known?.keyId ?? (await freeKeyId(catalog, found.keyId))
  return inTurn(keyId, () => importInTurn(deps, keyId, found, request))
}

async function importInTurn(
  { catalog, secrets }: Deps,
  keyId: KeyId,
  found: FoundIdentity,
  request: Origin,
): Promise<KeyRow | null> {
  const { importedFrom, isKit, by, between = (_, commit) => commit() } = request
  const known = await catalog.keyRecord(keyId)
  if (known && known.recipient !== found.identity.recipient().text)
    return fail({ code: 'key/already-known', keyId })
  if (known) await refuseWhileDestroying(catalog, keyId)
  const reverses =
    known?.state === 'destroyed' && (await confirmReversal(catalog, known, request.reverseDestroyed))
  await secrets.ready()
  // The catalog first: a crash leaves a key that is known and not here, never a live one that is called destroyed.
  if (!known || reverses) {
    const backend = await secrets.backend()
    await between('known', () =>
      catalog.keyImported({
        keyId,
        algorithm: found.identity.algorithm,
        recipient: found.identity.recipient().text,
        backend,
        artifactId: known?.artifactId ?? null,
        importedFrom,
        isKit,
        reverseDestroyed: reverses,
        by,
      }),
    )
  }
  const isWritten = await between('here', () => secrets.mend(keyId, identityText(found.identity), isIdentity))
  if (isWritten || !(await isNotedInKeychain(catalog, keyId)))
    await between('noted', () => recordInKeychain(catalog, keyId, by))
  return isWritten || !known || reverses ? catalog.keyRow(keyId) : null
}

/** Of any key: only what is none at all may be overwritten. */
function isIdentity(held: string): boolean {
  try {
    parseIdentity(held).wipe()
    return true
  } catch (error) {
    if (failureOf(error) === null) throw error
    return false
  }
}

async function isNotedInKeychain(catalog: Catalog, keyId: KeyId): Promise<boolean> {
  const { copies } = await catalog.keyDetails(keyId)
  return copies.some(({ place, state }) => place === 'keychain' && state === 'present')
}

const recordInKeychain = (catalog: Catalog, keyId: KeyId, by: Actor): Promise<void> =>
  catalog.keyCopyRecorded({ keyId, place: 'keychain', where: keyId, state: 'present', jobId: null, by })

/** The id that the file names, unless another key has it. */
async function freeKeyId(catalog: Catalog, hint: KeyId | null): Promise<KeyId> {
  return hint !== null && (await catalog.keyRecord(hint)) === null ? hint : newId(KeyId)
}

async function confirmReversal(
  catalog: Catalog,
  known: KeyRecord,
  typed: readonly string[],
): Promise<boolean> {
  const { artifactName, alias } = await catalog.keyRow(known.keyId)
  if (typed.length === 0) return fail({ code: 'key/destroyed', keyId: known.keyId })
  if (!typed.includes(artifactName ?? alias))
    return fail({ code: 'confirm/name-mismatch', expected: artifactName ?? alias })
  return true
}
