/** A store's objects, as the age core and the workers read them. */
import type { AgeFile } from '../age/age-file.ts'
import type { RangeReader } from '../age/range-reader.ts'
import type { ObjectInfo, StorageBackend } from '../storage/backend.ts'
import { fileSource, type PayloadSource } from './workers/payload-run.ts'

/** A store's object as a reader that refuses to read past a change. */
export const objectReader = (
  backend: StorageBackend,
  info: ObjectInfo,
  signal?: AbortSignal,
): RangeReader => ({
  sizeBytes: info.sizeBytes,
  read: (offset, lengthBytes) => {
    const length = Math.min(lengthBytes, info.sizeBytes - offset)
    if (length <= 0) return Promise.resolve(new Uint8Array(0))
    return backend.read(
      info.name,
      { offset, lengthBytes: length },
      { revision: info.revision, ...(signal ? { signal } : {}) },
    )
  },
})

/** The payload of an object, as workers read it: by path where the store has paths. */
export function payloadSource(backend: StorageBackend, info: ObjectInfo, file: AgeFile): PayloadSource {
  const path = file.isArmored ? undefined : backend.readPath?.(info.name)
  if (path !== undefined) return fileSource(path, file.payload.sizeBytes, { fileOffset: file.payloadOffset })
  if (file.isArmored)
    return { kind: 'reader', read: (offset, lengthBytes) => file.payload.read(offset, lengthBytes) }
  return {
    kind: 'reader',
    read: (offset, lengthBytes, signal, into) =>
      backend.read(
        info.name,
        { offset: file.payloadOffset + offset, lengthBytes },
        { revision: info.revision, signal, into },
      ),
  }
}
