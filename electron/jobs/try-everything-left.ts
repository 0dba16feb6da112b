/** The proof of a retirement: every version of an artifact is tried with every key that is left here (cryptography.md,
 * section 5, "Retire"). */
import type { AgeFile } from '../age/age-file.ts'
import { openHeader } from '../age/open-header.ts'
import type { KeyIdentity } from '../age/identity.ts'
import { withIdentity } from '../keys/with-identity.ts'
import { failureText } from '../../shared/failure-text.ts'
import { failureOf } from '../../shared/failure.ts'
import type { ArtifactId, KeyId } from '../../shared/ids.ts'
import { findObject } from './open-version.ts'
import type { Services } from './services.ts'

export type Trial = {
  version: number
  /** How many of its objects were read and tried. */
  objects: number
  /** The key that still opens it, or null. */
  opensWith: KeyId | null
  /** Why objects of it could not be tried: nothing is proved by those. */
  notTried: { objectName: string; why: string }[]
}

type Header = AgeFile['header']
type Found = { trial: Trial; headers: Header[] }

/** @param keyIds those of the artifact, tried whatever the catalog calls them
 * @returns the trials, one for each version, and how many keys were left to try with
 * @throws WeightlockError `keychain/…`: then nothing is proved */
export async function tryEverythingLeft(
  services: Services,
  artifactId: ArtifactId,
  versions: readonly number[],
  keyIds: readonly KeyId[],
): Promise<{ trials: Trial[]; keysTried: number }> {
  const found: Found[] = []
  for (const version of versions) found.push(await headersOf(services, artifactId, version))
  const meant = new Set(keyIds)
  for await (const keyId of usable(services)) meant.add(keyId)
  let keysTried = 0
  for (const keyId of meant) if (await tryKey(services, keyId, found)) keysTried += 1
  return { trials: found.map(({ trial }) => trial), keysTried }
}

async function headersOf(services: Services, artifactId: ArtifactId, number: number): Promise<Found> {
  const version = await services.catalog.versionForOpening(artifactId, number)
  const trial: Trial = { version: number, objects: 0, opensWith: null, notTried: [] }
  const headers: Header[] = []
  for (const object of version.objects) {
    const { objectName } = object
    try {
      const known = await findObject(services, version, object)
      if (known === null) trial.notTried.push({ objectName, why: 'It is not in its store' })
      else headers.push(known.file.header)
    } catch (error) {
      const failure = failureOf(error)
      if (failure === null) throw error
      trial.notTried.push({ objectName, why: failureText(failure).title })
    }
  }
  trial.objects = headers.length
  return { trial, headers }
}

async function* usable({ catalog }: Pick<Services, 'catalog'>): AsyncGenerator<KeyId> {
  for (let after: KeyId | null = null; ;) {
    const page: { keyId: KeyId }[] = await catalog.usableKeys(after, 1000)
    for (const { keyId } of page) yield keyId
    const last = page.at(-1)
    if (last === undefined) return
    after = last.keyId
  }
}

/** @returns false where its secret is not here, or is no identity: it opens nothing */
async function tryKey(
  { secrets }: Pick<Services, 'secrets'>,
  keyId: KeyId,
  found: readonly Found[],
): Promise<boolean> {
  try {
    await withIdentity(secrets, keyId, async (identity) => {
      for (const { trial, headers } of found)
        for (const header of headers)
          if (trial.opensWith === null && (await opens(header, identity))) trial.opensWith = keyId
    })
    return true
  } catch (error) {
    const code = failureOf(error)?.code
    if (code !== 'key/missing-from-keychain' && code !== 'key/damaged-in-keychain') throw error
    return false
  }
}

/** Also where the header was changed since: the file key is out then. */
async function opens(header: Header, identity: KeyIdentity): Promise<boolean> {
  try {
    const fileKey = await openHeader(header, [identity])
    fileKey.fill(0)
    return true
  } catch (error) {
    const failure = failureOf(error)
    if (failure === null) throw error
    return failure.code === 'age/header-mac-mismatch'
  }
}
