/** A store that forgets: for unit tests of other things, with everything that S3 will be able to do. */
import { crc32 } from 'node:zlib'
import { fail } from '../../../shared/failure.ts'
import { checkName, posixNames } from '../../../shared/name-rules.ts'
import type {
  BeginWrite,
  Capabilities,
  ObjectInfo,
  ObjectVersion,
  StorageBackend,
  WriteId,
} from '../backend.ts'
import { crc32Text } from '../checksum.ts'
import { chunksOf, requirePartSize } from '../part-body.ts'

type Stored = { bytes: Uint8Array; info: ObjectInfo }
type OpenWrite = { name: string; write: BeginWrite; begunAt: number; parts: Map<number, Uint8Array> }
/** Newest first; a delete leaves null. */
type History = { versionId: string; at: number; stored: Stored | null }[]

const pageObjects = 1000

/** @param capabilities what this store cannot do, or its limits, where they differ */
export function memoryStore(store = 'memory', given: Partial<Capabilities> = {}): StorageBackend {
  const capabilities: Capabilities = {
    conditionalWrites: true,
    exclusiveCreate: true,
    objectVersions: false,
    copyParts: true,
    replaceHead: true,
    directWrite: false,
    metadata: true,
    namesJobs: true,
    listsWrites: 'all',
    resumesWrites: true,
    checksums: 'full',
    attestsParts: true,
    minPartBytes: 1,
    maxPartBytes: 1024 ** 3,
    maxParts: 10_000,
    maxObjectBytes: 1024 ** 3,
    ...given,
  }
  const objects = new Map<string, Stored>()
  const histories = new Map<string, History>()
  const writes = new Map<WriteId, OpenWrite>()
  let counter = 0

  const put = (name: string, bytes: Uint8Array, metadata: Record<string, string>): ObjectInfo => {
    const revision = String(++counter)
    const info: ObjectInfo = {
      name,
      sizeBytes: bytes.length,
      modifiedAt: Date.now(),
      revision,
      metadata,
      checksum:
        capabilities.checksums === 'full'
          ? { algorithm: 'crc32', value: crc32Text(crc32(bytes)), kind: 'full' }
          : null,
      ...(capabilities.objectVersions ? { versionId: revision } : {}),
    }
    keep(name, { bytes, info })
    return info
  }
  const keep = (name: string, stored: Stored | null) => {
    if (stored === null) objects.delete(name)
    else objects.set(name, stored)
    if (!capabilities.objectVersions) return
    const versionId = stored?.info.revision ?? String(++counter)
    histories.set(name, [{ versionId, at: Date.now(), stored }, ...(histories.get(name) ?? [])])
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
    return found ?? fail({ code: 'store/upload-not-found', store, objectName: '' })
  }
  const requireCondition = (name: string, { condition }: BeginWrite) => {
    const found = objects.get(name)
    if (condition.kind === 'absent' && found !== undefined)
      fail({ code: 'store/object-exists', store, objectName: name })
    if (condition.kind === 'revision' && found?.info.revision !== condition.revision) changed(name)
  }
  const requireVersion = (name: string, versionId: string): Stored =>
    histories.get(name)?.find((each) => each.versionId === versionId)?.stored ??
    fail({ code: 'store/object-not-found', store, objectName: name })
  type Wanted = { revision?: string; versionId?: string }
  const slice = (name: string, offset: number, lengthBytes: number, { revision, versionId }: Wanted = {}) => {
    const { bytes, info } =
      versionId === undefined ? require(name, revision) : requireVersion(name, versionId)
    if (revision !== undefined && revision !== info.revision) changed(name)
    if (offset + lengthBytes > bytes.length) changed(name)
    return bytes.slice(offset, offset + lengthBytes)
  }
  /** Every call may be stopped before it does anything. */
  const now = async <T>(
    options: { signal?: AbortSignal } | undefined,
    run: () => T | Promise<T>,
  ): Promise<T> => {
    options?.signal?.throwIfAborted()
    return run()
  }

  return {
    kind: 'memory',
    capabilities: async () => capabilities,
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
    read: (name, range, options) => now(options, () => slice(name, range.offset, range.lengthBytes, options)),
    beginWrite: (name, write, options) =>
      now(options, () => {
        checkName(name, posixNames)
        requireCondition(name, write)
        if (write.sizeBytes > capabilities.maxObjectBytes)
          fail({ code: 'store/too-large', store, objectName: name, limitBytes: capabilities.maxObjectBytes })
        const id: WriteId = `write ${++counter}`
        writes.set(id, { name, write, begunAt: Date.now(), parts: new Map() })
        return id
      }),
    writePart: (id, part, body, options) =>
      now(options, async () => {
        const { write, parts } = requireWrite(id)
        requirePartSize(write, part, body)
        const chunks: Uint8Array[] = []
        for await (const chunk of chunksOf(body)) chunks.push(chunk)
        parts.set(part, Buffer.concat(chunks))
      }),
    copyPart: (id, part, source, range, options) =>
      now(options, () => {
        requireWrite(id).parts.set(part, slice(source, range.offset, range.lengthBytes, options))
      }),
    listParts: (id, options) =>
      now(options, () =>
        [...requireWrite(id).parts]
          .map(([part, bytes]) => ({
            part,
            sizeBytes: bytes.length,
            checksum: capabilities.attestsParts ? crc32Text(crc32(bytes)) : null,
          }))
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
          .map(([id, { name, write, begunAt }]) => ({ id, name, jobId: write.jobId, begunAt }))
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
    replaceMetadata: (name, metadata, options) =>
      now(options, () => put(name, require(name, options.revision).bytes, metadata)),
    copy: (from, to, options) =>
      now(options, () => {
        const found = require(from, options.revision)
        if (objects.has(to)) fail({ code: 'store/object-exists', store, objectName: to })
        return put(to, found.bytes, found.info.metadata)
      }),
    delete: (name, options) =>
      now(options, () => {
        if (!objects.has(name)) return
        require(name, options?.revision)
        keep(name, null)
      }),
    versions: (name, options) => now(options, () => (histories.get(name) ?? []).map(versionOf)),
    deleteVersion: (name, versionId, options) =>
      now(options, () => {
        const left = (histories.get(name) ?? []).filter((each) => each.versionId !== versionId)
        histories.set(name, left)
        const latest = left[0]?.stored
        if (latest) objects.set(name, latest)
        else objects.delete(name)
      }),
    location: (name) => `memory:${store}/${name}`,
    freeBytes: async () => null,
  }
}

const versionOf = ({ versionId, at, stored }: History[number], position: number): ObjectVersion => ({
  versionId,
  sizeBytes: stored?.bytes.length ?? 0,
  modifiedAt: at,
  revision: stored?.info.revision ?? null,
  isLatest: position === 0,
  isDeleteMarker: stored === null,
})
