/** What the suites of storage backends write and read with. */
import { failureOf } from '../../../../shared/failure.ts'
import { JobId, newId } from '../../../../shared/ids.ts'
import type { BeginWrite, Condition, ObjectInfo, OpenWrite, StorageBackend } from '../../backend.ts'

export type StoreUnderTest = {
  backend: StorageBackend
  /** The same store, as another process would open it. */
  reopen: () => StorageBackend
  /** Where objects have settings beside their metadata: writes one with some as another program does, and gives those
   * that are there. */
  settings?: {
    put: (name: string, bytes: Uint8Array) => Promise<void>
    of: (name: string) => Promise<unknown>
  }
}
/** A fresh, empty store for each test. */
export type MakeStore = () => Promise<StoreUnderTest>

export const absent: Condition = { kind: 'absent' }

/** Deterministic bytes that differ at every place. */
export function testBytes(sizeBytes: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(sizeBytes)
  for (let index = 0; index < sizeBytes; index++) bytes[index] = index * 31 + (index >> 8) * 7 + seed
  return bytes
}

/** Writes an object in one go. */
export async function putObject(
  backend: StorageBackend,
  name: string,
  bytes: Uint8Array,
  condition: Condition = absent,
): Promise<ObjectInfo> {
  const partBytes = Math.max(bytes.length, (await backend.capabilities()).minPartBytes)
  const write = { sizeBytes: bytes.length, partBytes, metadata: {}, condition, jobId: newId(JobId) }
  const id = await backend.beginWrite(name, write)
  if (bytes.length > 0) await backend.writePart(id, 1, bytes)
  return backend.completeWrite(id)
}

export async function codeOf(running: Promise<unknown>): Promise<string> {
  try {
    await running
    return 'no failure'
  } catch (error) {
    return failureOf(error)?.code ?? String(error)
  }
}

export const readAll = async (backend: StorageBackend, object: string) =>
  backend.read(object, { offset: 0, lengthBytes: (await backend.head(object))?.sizeBytes ?? 0 })

export const namesOf = async (backend: StorageBackend, prefix = '') => {
  const names: string[] = []
  let page: string | null = null
  do {
    const { objects, next }: Awaited<ReturnType<StorageBackend['list']>> = await backend.list(prefix, page)
    names.push(...objects.map((object) => object.name))
    page = next
  } while (page !== null)
  return names
}

/** A write that takes more than one request wherever parts are requests. */
export const writeInTwoParts = async (backend: StorageBackend) => {
  const partBytes = Math.max((await backend.capabilities()).minPartBytes, 1000)
  const bytes = testBytes(partBytes + 7)
  const jobId = newId(JobId)
  const write: BeginWrite = { sizeBytes: bytes.length, partBytes, metadata: {}, condition: absent, jobId }
  return { write, bytes, jobId }
}

/** Every write that is open, where the store lists them; of the rest nothing is claimed. */
export async function allWrites(backend: StorageBackend): Promise<OpenWrite[]> {
  return (await backend.capabilities()).listsWrites === 'all' ? backend.listWrites() : []
}
