/**
 * A store that is a folder, on a disk or a network share: no reliance on hard links, locks or extended attributes.
 * An object is a file of its name below the folder; its revision is made of device, inode, size, mtime and ctime.
 * Links are never followed, neither as objects nor as folders.
 */
import { dirname } from 'node:path'
import { fail } from '../../../shared/failure.ts'
import type { ByteRange, StorageBackend } from '../backend.ts'
import type { DurableFiles } from '../durable-files.ts'
import type { StoreMemory } from '../storage-kind.ts'
import type { NameRules } from '../../../shared/name-rules.ts'
import { listingOf, objectInfo } from './local-folder/listing.ts'
import { placeOf, revisionOf } from './local-folder/place.ts'
import { copyByWriting, readRange } from './local-folder/transfer.ts'
import { freeBytesOf, statOrNull, unlessGone, writesOf } from './local-folder/writes.ts'

export type LocalFolderOptions = {
  /** The user's name of the store, for failures. */
  store: string
  folder: string
  files: DurableFiles
  rules: NameRules
  /** First use only: the folder is made by the first write. Afterwards a missing folder is a store out of reach. */
  mayCreate: boolean
  /** By what it is known again after a restart. */
  memory: StoreMemory | null
}

export function localFolder(options: LocalFolderOptions): StorageBackend {
  const { store, files } = options
  const place = placeOf(options)
  const writes = writesOf(place, files)
  const { isReserved, ...offered } = writes
  const listing = listingOf(place.root, isReserved)

  /** @returns null for proved absence: the folder is there, the file is not */
  const lookAt = async (name: string) => {
    const path = await unlessGone(place.confinedPathOf(name))
    const found = path === null ? null : await statOrNull(path)
    if (found === null && !(await place.isYetToBeMade())) await place.requireRoot()
    if (path === null || found === null || found.isDirectory()) return null
    if (!found.isFile()) fail({ code: 'file/is-special', path, kind: 'link or special file' })
    if (found.size === 0n && isReserved(name)) return null
    return { path, found }
  }

  const changed = (name: string): never =>
    fail({ code: 'store/precondition-failed', store, objectName: name })

  const requireRevision = (name: string, expected: string | undefined, revision: string) => {
    if (expected !== undefined && expected !== revision) changed(name)
  }

  const requireObject = async (name: string, revision?: string) => {
    const looked = await lookAt(name)
    if (looked === null) return fail({ code: 'store/object-not-found', store, objectName: name })
    requireRevision(name, revision, revisionOf(looked.found))
    return looked
  }

  const read = (name: string, range: ByteRange, given?: { signal?: AbortSignal; revision?: string }) =>
    place.guard(
      name,
      async () => {
        given?.signal?.throwIfAborted()
        const { path } = await requireObject(name)
        const compare = (revision: string) => requireRevision(name, given?.revision, revision)
        return readRange(path, range, compare, () => changed(name))
      },
      'read',
    )

  return {
    kind: 'local-folder',
    ...offered,
    capabilities: async () => ({
      conditionalWrites: false,
      exclusiveCreate: true,
      objectVersions: false,
      copyParts: false,
      replaceHead: true,
      directWrite: true,
      metadata: false,
      namesJobs: true,
      listsWrites: 'all',
      resumesWrites: false,
      checksums: 'none',
      attestsParts: false,
      minPartBytes: 1,
      maxPartBytes: Number.MAX_SAFE_INTEGER,
      maxParts: 0x7fff_ffff,
      maxObjectBytes: Number.MAX_SAFE_INTEGER,
    }),
    head: (name, given) =>
      place.guard(
        name,
        async () => {
          given?.signal?.throwIfAborted()
          const looked = await lookAt(name)
          return looked === null ? null : objectInfo(name, looked.found)
        },
        'read',
      ),
    list: (prefix, page, given) =>
      place.guard(
        prefix,
        async () => {
          if (await place.isYetToBeMade()) return { objects: [], next: null }
          await place.requireRoot()
          return listing.page(prefix, page, given?.signal)
        },
        'read',
      ),
    read,
    readPath: place.pathOf,
    replaceHead: (name, bytes, given) =>
      place.guard(name, async () => {
        given.signal?.throwIfAborted()
        const { path, found } = await requireObject(name, given.revision)
        if (found.size < BigInt(bytes.length)) throw new RangeError('the head is longer than the object')
        const file = await files.openExisting(path)
        try {
          requireRevision(name, given.revision, revisionOf(await file.stat()))
          await file.write(bytes, 0)
          await file.sync()
          return objectInfo(name, await file.stat())
        } finally {
          await file.close()
        }
      }),
    copy: (from, to, given) =>
      place.guard(from, async () => {
        const source = objectInfo(from, (await requireObject(from, given.revision)).found)
        const target = { name: to, ...given }
        return copyByWriting(writes, source, target, (range) =>
          read(from, range, { ...given, revision: source.revision }),
        )
      }),
    delete: (name, given) =>
      place.guard(name, async () => {
        given?.signal?.throwIfAborted()
        const looked = await lookAt(name)
        if (looked === null) return
        requireRevision(name, given?.revision, revisionOf(looked.found))
        await files.unlink(looked.path)
        await files.syncFolder(dirname(looked.path))
      }),
    location: (name) => (name === '' ? place.root : place.pathOf(name)),
    freeBytes: () => freeBytesOf(place.root),
  }
}
