/** What a store's object is, compared with what was pinned (cryptography.md, section 2, "Pin"). */
import { readAgeFileStart, type AgeFile } from '../age/age-file.ts'
import { ciphertextSizeBytes, plaintextSizeBytes } from '../age/payload-size.ts'
import type { RangeReader } from '../age/range-reader.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { VersionForOpening } from '../catalog/artifact-operations.ts'
import { fail, failureOf } from '../../shared/failure.ts'
import type { KeyId } from '../../shared/ids.ts'

export type Recognised = {
  file: AgeFile
  /** Null where an unknown header wraps the pinned nonce: to be proved by a full read. */
  wrap: { keyId: KeyId } | null
  /** The version with the payload that the file has: another one than it had before, where it is being re-encrypted. */
  version: VersionForOpening
}

const firstLineBytes = 'age-encryption.org/v1\n'.length
type Start = Omit<AgeFile, 'plaintextBytes'>

/** Reads the start of an object and says whose it is. What is not the version's own is named for what it is.
 * @throws WeightlockError `verify/rolled-back`, `verify/swapped`, `verify/altered`, `age/payload-truncated`,
 * `age/payload-trailing-data`, and where it is no age file at all `age/…` */
export async function recognise(
  catalog: Catalog,
  known: VersionForOpening,
  reader: RangeReader,
): Promise<Recognised> {
  const start = await readStart(known, reader)
  const version = asFound(known, start)
  const wrap = version.wraps.find((each) => each.isAccepted && each.fingerprint === start.fingerprint)
  if (!wrap) await requireNotAnother(catalog, version, start)
  const isOurs = wrap !== undefined || Buffer.from(start.payloadNonce).toString('hex') === version.nonce
  if (!isOurs) return fail({ code: 'verify/altered', name: version.name })
  const isPinned = version.leafDigests !== null
  if (!isPinned && wrap === undefined) return fail({ code: 'verify/altered', name: version.name })
  if (isPinned) requireSize(start.payload.sizeBytes, ciphertextSizeBytes(version.plaintextBytes))
  const file = { ...start, plaintextBytes: plaintextSizeBytes(start.payload.sizeBytes) }
  return { file, wrap: wrap ?? null, version }
}

/** An object that was replaced already has the new payload, the others have the old one. */
function asFound(version: VersionForOpening, { fingerprint }: Start): VersionForOpening {
  const { replacement, ...known } = version
  const isNew = replacement?.wraps.some((wrap) => wrap.fingerprint === fingerprint) ?? false
  return isNew ? { ...known, ...replacement } : version
}

/** A file that ends within its header was cut short, whatever else may be said of it. */
async function readStart(version: VersionForOpening, reader: RangeReader): Promise<Start> {
  try {
    return await readAgeFileStart(reader)
  } catch (error) {
    const isShort = reader.sizeBytes < ciphertextSizeBytes(version.plaintextBytes)
    const code = failureOf(error)?.code
    if (reader.sizeBytes < firstLineBytes || (isShort && code === 'age/header-malformed'))
      return fail({ code: 'age/payload-truncated' }, error)
    throw error
  }
}

async function requireNotAnother(catalog: Catalog, version: VersionForOpening, start: Start): Promise<void> {
  const owner = await catalog.whoHasFingerprint(start.fingerprint)
  const { name, artifactId } = version
  if (owner === null) return
  if (owner.artifactId !== artifactId) fail({ code: 'verify/swapped', name, foundName: owner.name })
  if (owner.version !== version.version)
    fail({
      code: 'verify/rolled-back',
      name,
      foundVersion: owner.version,
      expectedVersion: version.version,
    })
}

function requireSize(foundBytes: number, pinnedBytes: number): void {
  if (foundBytes < pinnedBytes) fail({ code: 'age/payload-truncated' })
  if (foundBytes > pinnedBytes) fail({ code: 'age/payload-trailing-data' })
}
