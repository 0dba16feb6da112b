/** An object that the store puts together of parts of another one, or of itself, and that keeps the checksum which that
 * one has over the whole. */
import { failureOf } from '../../../../shared/failure.ts'
import type { BeginWrite, ObjectInfo, StorageBackend, WriteId } from '../../backend.ts'
import type { StoreFindings } from '../../store-probe.ts'
import type { WriteLayout } from './write-id.ts'

/** Of a write of copied parts: what the store has to attest of the whole, where it attests uploads with one such.
 * @returns null where that is the store's to work out */
export function keptChecksum(
  { copiesParts, checksum }: BeginWrite,
  found: StoreFindings | null,
): WriteLayout['whole'] {
  if (copiesParts !== true || checksum?.kind !== 'full') return null
  return found?.checksums === `full-${checksum.algorithm}` ? checksum.value : null
}

type Writes = Required<Pick<StorageBackend, 'beginWrite' | 'completeWrite' | 'abortWrite'>>

type Copying = {
  name: string
  write: BeginWrite
  source: ObjectInfo
  /** Told of each write that is begun, before a byte is in it. */
  onBegun?: ((id: WriteId) => Promise<void>) | undefined
  copyParts: (id: WriteId) => Promise<void>
  signal?: AbortSignal | undefined
}

/** Seen: each copied part attested with the checksum of the whole source, with which nothing can be completed. */
const attestCopiesWrongly = new WeakSet<Writes>()

/** Begun anew without the source's checksum where the store does not attest what it copies as it is: the object is then
 * attested as the store itself works it out.
 * @throws store/precondition-failed, store/object-exists, store/… */
export async function putTogether(writes: Writes, copying: Copying): Promise<ObjectInfo> {
  const { write, source } = copying
  const { checksum } = source
  const keeps =
    write.copiesParts === true && checksum?.kind === 'full' && !attestCopiesWrongly.has(writes)
      ? checksum
      : null
  if (keeps !== null)
    try {
      return await once(writes, { ...copying, write: { ...write, checksum: keeps } })
    } catch (error) {
      const code = failureOf(error)?.code
      if (code !== 'store/corrupted-on-the-way' && code !== 'store/refused') throw error
      attestCopiesWrongly.add(writes)
    }
  return once(writes, copying)
}

async function once(
  writes: Writes,
  { name, write, onBegun, copyParts, signal }: Copying,
): Promise<ObjectInfo> {
  const options = signal === undefined ? {} : { signal }
  const id = await writes.beginWrite(name, write, options)
  try {
    await onBegun?.(id)
    await copyParts(id)
    return await writes.completeWrite(id, options)
  } catch (error) {
    await writes.abortWrite(id).catch(() => undefined)
    throw error
  }
}
