/** A store that forgets: for unit tests of other things, with everything that S3 will be able to do. */
import { fail } from '../../../shared/failure.ts'
import type { BeginWrite, Capabilities, ObjectInfo, StorageBackend, WriteId } from '../backend.ts'
import { checkName, posixNames } from '../../../shared/name-rules.ts'

type Stored = { bytes: Uint8Array; info: ObjectInfo }
type OpenWrite = { name: string; write: BeginWrite; parts: Map<number, Uint8Array> }

const pageObjects = 1000

/** @param capabilities what this store cannot do, or its limits, where they differ */
export function memoryStore(store = 'memory', capabilities: Partial<Capabilities> = {}): StorageBackend {
  const objects = new Map<string, Stored>()
  const writes = new Map<WriteId, OpenWrite>()
  let counter = 0

  const put = (name: string, bytes: Uint8Array, metadata: Record<string, string>): ObjectInfo => {
    const info = {
      name,
      sizeBytes: bytes.length,
      modifiedAt: Date.now(),
      revision: String(++counter),
      metadata,
    }
    objects.set(name, { bytes, info })
    return info
  }
  const changed = (objectName: string): never =>
    fail({ code: 'store/precondition-failed', store, objectName })
  const require = (name: string, revision?: string): Stored => {
    const found = objects.get(name)
    if (found === undefined) return fail({ code: 'store/object-not-found', store, objectName: name })
    if (revision !== undefined && revision !== found.info.revision) changed(name)
    return found
  }
  const requireWrite = (id: WriteId): OpenWrite => {
    const found = writes.get(id)
    if (found === undefined) throw new Error('this write is not open')
    return found
  }
  const requireCondition = (name: string, { condition }: BeginWrite) => {
    const found = objects.get(name)
    if (condition.kind === 'absent' && found !== undefined)
      fail({ code: 'store/object-exists', store, objectName: name })
    if (condition.kind === 'revision' && found?.info.revision !== condition.revision) changed(name)
  }
  const slice = (name: string, offset: number, lengthBytes: number, revision?: string) => {
    const { bytes } = require(name, revision)
    if (offset + lengthBytes > bytes.length) changed(name)
    return bytes.slice(offset, offset + lengthBytes)
  }
  /** Every call may be stopped before it does anything. */
  const now = async <T>(options: { signal?: AbortSignal } | undefined, run: () => T): Promise<T> => {
    options?.signal?.throwIfAborted()
    return run()
  }

  return {
    kind: 'memory',
    capabilities: async () => ({
      conditionalWrites: true,
      objectVersions: false,
      copyParts: true,
      replaceHead: true,
      directWrite: false,
      minPartBytes: 1,
      maxParts: 10_000,
      maxObjectBytes: 1024 ** 3,
      ...capabilities,
    }),
    head: (name, options) =>
      now(options, () => {
        checkName(name, posixNames)
        return objects.get(name)?.info ?? null
      }),
    list: (prefix, page, options) =>
      now(options, () => {
        const names = [...objects.keys()]
          .filter((name) => name.startsWith(prefix) && (page === null || name > page))
          .toSorted()
        const listed = names.slice(0, pageObjects)
        return {
          objects: listed.map((name) => require(name).info),
          next: names.length > listed.length ? (listed.at(-1) ?? null) : null,
        }
      }),
    read: (name, range, options) =>
      now(options, () => slice(name, range.offset, range.lengthBytes, options?.revision)),
    beginWrite: (name, write, options) =>
      now(options, () => {
        checkName(name, posixNames)
        requireCondition(name, write)
        const id: WriteId = `write ${++counter}`
        writes.set(id, { name, write, parts: new Map() })
        return id
      }),
    writePart: (id, part, bytes, options) =>
      now(options, () => {
        requireWrite(id).parts.set(part, bytes.slice())
      }),
    copyPart: (id, part, source, range, options) =>
      now(options, () => {
        requireWrite(id).parts.set(part, slice(source, range.offset, range.lengthBytes, options?.revision))
      }),
    listParts: (id, options) =>
      now(options, () =>
        [...requireWrite(id).parts]
          .map(([part, bytes]) => ({ part, sizeBytes: bytes.length }))
          .toSorted((one, other) => one.part - other.part),
      ),
    completeWrite: (id, options) =>
      now(options, () => {
        const { name, write, parts } = requireWrite(id)
        requireCondition(name, write)
        const bytes = Buffer.concat(
          [...parts].toSorted(([one], [other]) => one - other).map(([, part]) => part),
        )
        if (bytes.length !== write.sizeBytes)
          throw new Error('the write is completed before all of its bytes are there')
        writes.delete(id)
        return put(name, bytes, write.metadata)
      }),
    abortWrite: (id, options) =>
      now(options, () => {
        writes.delete(id)
      }),
    listWrites: (options) =>
      now(options, () =>
        [...writes]
          .map(([id, { name, write }]) => ({ id, name, jobId: write.jobId }))
          .filter(({ name, jobId }) => {
            const of = options?.of
            return of === undefined || (of.name === name && of.jobId === jobId)
          }),
      ),
    replaceHead: (name, bytes, options) =>
      now(options, () => {
        const found = require(name, options.revision)
        return put(name, Buffer.concat([bytes, found.bytes.subarray(bytes.length)]), found.info.metadata)
      }),
    copy: (from, to, options) =>
      now(options, () => {
        const found = require(from, options.revision)
        if (objects.has(to)) fail({ code: 'store/object-exists', store, objectName: to })
        return put(to, found.bytes, found.info.metadata)
      }),
    delete: (name, options) =>
      now(options, () => {
        if (objects.has(name)) require(name, options?.revision)
        objects.delete(name)
      }),
    location: (name) => `memory:${store}/${name}`,
    freeBytes: async () => null,
  }
}
