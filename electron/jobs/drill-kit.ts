/** A drill: the kit is opened as if everything else were gone, and one of its identities opens a chunk of something
 * real. A kit counts only after one that passed. */
import type { Actor } from '../catalog/catalog.ts'
import { openHeader } from '../age/open-header.ts'
import { openPlaintext } from '../age/payload-range.ts'
import { chunkPlaintextBytes } from '../age/payload-size.ts'
import { readKitFile, type FoundIdentity } from '../keys/identity-file.ts'
import type { KitDrill, KitRow } from '../../shared/domain/kit.ts'
import { fail, failureOf, type Failure } from '../../shared/failure.ts'
import type { ArtifactId, KeyId } from '../../shared/ids.ts'
import { findVersion } from './open-version.ts'
import { kitDigest, readKit, readKitBytes } from './read-kit.ts'
import type { Services } from './services.ts'

type Opened = KitDrill['opened']
type Held = { keyId: KeyId | null; identity: FoundIdentity['identity'] }
type Candidate = { artifactId: ArtifactId; version: number | null; held: readonly Held[] }

/** So many artifacts are tried before the kit is said to open nothing. */
const mostTried = 20

/** @throws WeightlockError `age/passphrase-wrong`, `age/…`, `file/…`, `kit/altered`, `kit/nothing-to-try`, `kit/opens-nothing`;
 * what says that the kit itself is no good is remembered with it */
export async function drillKit(
  services: Services,
  { path, passphrase, by }: { path: string; passphrase: string; by: Actor },
): Promise<KitDrill> {
  const { catalog } = services
  const bytes = await readKitBytes(path)
  const { kits } = await catalog.listKits()
  const digest = kitDigest(bytes)
  const known = kits.find((kit) => kit.digest === digest)
  const wasHere = kits.find((kit) => kit.where === path)
  if (known === undefined && wasHere !== undefined)
    return refuse(services, wasHere, { code: 'kit/altered', where: path }, by)
  const { identities, madeAt } = await readKitFile(bytes, passphrase).catch((error: unknown) => {
    const failure = failureOf(error)
    // A slip of the finger says nothing about the kit.
    if (failure === null || known === undefined || failure.code.startsWith('age/passphrase')) throw error
    return refuse(services, known, failure, by)
  })
  try {
    const kit = await catalog.kitMet({
      kit: await readKit(services, { path, bytes }, identities, madeAt),
      by,
    })
    const opened = await openSomething(services, identities).catch((error: unknown) => {
      const failure = failureOf(error)
      if (failure?.code !== 'kit/opens-nothing') throw error
      return refuse(services, kit, failure, by)
    })
    const drilled = await catalog.kitDrilled({ kitId: kit.kitId, failure: null, opened: opened.name, by })
    return { kit: drilled, opened }
  } finally {
    for (const { identity } of identities) identity.wipe()
  }
}

async function refuse(
  { catalog }: Services,
  { kitId }: Pick<KitRow, 'kitId'>,
  failure: Failure,
  by: Actor,
): Promise<never> {
  await catalog.kitDrilled({ kitId, failure, opened: null, by })
  return fail(failure)
}

async function openSomething(services: Services, found: readonly FoundIdentity[]): Promise<Opened> {
  let tried = 0
  for await (const candidate of candidates(services, found)) {
    const opened = await tryToOpen(services, candidate)
    if (opened === 'not-there') continue
    if (opened !== 'not-opened') return opened
    tried += 1
    if (tried >= mostTried) break
  }
  return fail(
    tried === 0
      ? { code: 'kit/nothing-to-try' }
      : { code: 'kit/opens-nothing', identities: found.length, tried },
  )
}

/** First what the keys in the kit protect, by the catalog's word; then the newest artifacts, with all of its identities. */
async function* candidates(
  { catalog }: Services,
  found: readonly FoundIdentity[],
): AsyncGenerator<Candidate> {
  const seen = new Set<string>()
  const held: Held[] = []
  for (const { identity } of found) {
    const known = await catalog.keyByRecipient(identity.recipient().text)
    held.push({ keyId: known?.keyId ?? null, identity })
    if (known === null || known.state === 'destroyed') continue
    const { protects } = await catalog.keyDetails(known.keyId)
    for (const { artifactId, version } of protects) {
      if (seen.has(`${artifactId} ${version}`)) continue
      seen.add(`${artifactId} ${version}`)
      yield { artifactId, version, held: [{ keyId: known.keyId, identity }] }
    }
  }
  const { rows } = await catalog.listEntries({
    storeId: null,
    folder: '',
    deep: true,
    query: '',
    sort: { by: 'encrypted', descending: true },
    offset: 0,
    limit: mostTried,
    foreign: false,
  })
  for (const row of rows)
    if (row.type === 'artifact' && !seen.has(`${row.artifactId} ${row.version}`))
      yield { artifactId: row.artifactId, version: row.version, held }
}

/** Its last chunk, which proves the length, and its first. */
async function tryToOpen(
  services: Services,
  { artifactId, version, held }: Candidate,
): Promise<Opened | 'not-there' | 'not-opened'> {
  let found: Awaited<ReturnType<typeof findVersion>>
  try {
    found = await findVersion(services, artifactId, version)
  } catch (error) {
    if (failureOf(error) === null) throw error
    return 'not-there'
  }
  for (const { keyId, identity } of held) {
    try {
      const fileKey = await openHeader(found.file.header, [identity])
      try {
        const plaintext = await openPlaintext(found.file, fileKey)
        try {
          const { length: bytes } = await plaintext.read(0, chunkPlaintextBytes)
          const { name, version: number } = found.version
          const store = found.store.row.name
          if (keyId !== null) return { artifactId, name, version: number, store, keyId, bytes }
        } finally {
          plaintext.close()
        }
      } finally {
        fileKey.fill(0)
      }
    } catch (error) {
      if (failureOf(error) === null) throw error
    }
  }
  return 'not-opened'
}
