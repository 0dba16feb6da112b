/** Writes into a local store that are open: one pending file each, known by an id that outlives the process. */
import { lstat, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BigIntStats } from 'node:fs'
import { fail } from '../../../../shared/failure.ts'
import type { BeginWrite, Condition, ObjectInfo, OpenWrite, StorageBackend, WriteId } from '../../backend.ts'
import type { DurableFiles } from '../../durable-files.ts'
import { errnoOf, fileModes, folderModes } from '../../durable-files.ts'
import { chunksOf, requirePartSize } from '../../part-body.ts'
import type { PendingFile } from '../../pending-file.ts'
import { abandonPendingFile, beginPendingFile } from '../../pending-file.ts'
import { jobOfTemporary, temporaryName } from '../../temporary-name.ts'
import { filesBelow, objectInfo } from './listing.ts'
import type { Place } from './place.ts'
import { revisionOf } from './place.ts'

type LocalWrite = {
  name: string
  write: BeginWrite
  pending: PendingFile
  parts: Map<number, number>
  madeFolders: string[]
}

/** What an id says: enough to take the write back after a restart. A temporary that another process left does not
 * tell the name that it was for, only its folder (`''` or ending with a slash). */
type IdFacts = { folder: string; name: string; jobId: string; reserved: boolean }

export type Writes = Required<
  Pick<
    StorageBackend,
    'beginWrite' | 'writePart' | 'writeTarget' | 'listParts' | 'completeWrite' | 'abortWrite' | 'listWrites'
  >
> & { isReserved: (name: string) => boolean }

const idOf = (facts: IdFacts): WriteId => Buffer.from(JSON.stringify(facts)).toString('base64url')
const factsOf = (id: WriteId): IdFacts => JSON.parse(Buffer.from(id, 'base64url').toString()) as IdFacts
const folderOf = (name: string): string => name.slice(0, name.lastIndexOf('/') + 1)

export function writesOf(place: Place, files: DurableFiles): Writes {
  const open = new Map<WriteId, LocalWrite>()

  const require = (id: WriteId): LocalWrite => {
    const found = open.get(id)
    if (found === undefined) throw new Error('this write is not open in this process')
    return found
  }

  const beginWrite: Writes['beginWrite'] = (name, write, options) =>
    place.guard(name, async () => {
      options?.signal?.throwIfAborted()
      const folder = dirname(place.pathOf(name))
      const reserved = write.condition.kind === 'absent'
      const id = idOf({ folder: folderOf(name), name, jobId: write.jobId, reserved })
      if (open.has(id)) throw new Error('this job writes this object already')
      if (await place.isYetToBeMade()) await makeFolders(files, place.root)
      await place.requireRoot()
      await requireRoom(place, write.sizeBytes)
      const madeFolders = await makeFolders(files, folder)
      const path = await place.confinedPathOf(name)
      const compare = async () => requireCondition(place, name, write.condition, await statOrNull(path))
      await compare()
      const own = { jobId: write.jobId, mode: fileModes.shared, reserve: reserved, beforeRename: compare }
      const pending = await beginPendingFile(files, path, own)
      open.set(id, { name, write, pending, parts: new Map(), madeFolders })
      return id
    })

  const abortWrite: Writes['abortWrite'] = (id) => {
    const { name, folder, jobId, reserved } = factsOf(id)
    return place.guard(name, async () => {
      if (await place.isYetToBeMade()) return
      await place.requireRoot()
      const write = open.get(id)
      if (write === undefined) {
        const path = await unlessGone(place.confinedPathOf(name === '' ? `${folder}any` : name))
        if (path !== null) await abandonPendingFile(files, path, { jobId, reserve: reserved && name !== '' })
        return
      }
      await write.pending.abandon()
      open.delete(id)
      for (const made of write.madeFolders.toReversed()) await files.removeFolder(made).catch(() => undefined)
    })
  }

  return {
    isReserved: (name) =>
      open.values().some((write) => write.name === name && isAbsent(write.write.condition)),
    beginWrite,
    abortWrite,
    writeTarget: (id) => require(id).pending.temporaryPath,
    writePart: (id, part, body, options) => {
      const { name, write, pending, parts } = require(id)
      const offset = (part - 1) * write.partBytes
      requirePartSize(write, part, body)
      return place.guard(name, async () => {
        let at = offset
        for await (const bytes of chunksOf(body)) {
          options?.signal?.throwIfAborted()
          await pending.file.write(bytes, at)
          at += bytes.length
        }
        parts.set(part, at - offset)
      })
    },
    listParts: async (id) =>
      [...(open.get(id)?.parts ?? [])]
        .map(([part, sizeBytes]) => ({ part, sizeBytes, checksum: null }))
        .toSorted((one, other) => one.part - other.part),
    completeWrite: (id, options): Promise<ObjectInfo> => {
      const { name, write, pending } = require(id)
      return place.guard(name, async () => {
        options?.signal?.throwIfAborted()
        await place.requireRoot()
        if ((await pending.file.stat()).size !== BigInt(write.sizeBytes))
          throw new Error('the write is completed before all of its bytes are there')
        await pending.commit()
        open.delete(id)
        return objectInfo(name, await lstat(pending.targetPath, { bigint: true }))
      })
    },
    listWrites: (options) =>
      place.guard(options?.of?.name ?? '', async () => {
        if (await place.isYetToBeMade()) return []
        await place.requireRoot()
        const of = options?.of
        if (of === undefined) return leftWrites(place, open)
        const temporary = join(dirname(place.pathOf(of.name)), temporaryName(of.jobId))
        if ((await statOrNull(temporary)) === null) return []
        const known = open.entries().find(([, write]) => write.pending.temporaryPath === temporary)
        const id = known?.[0] ?? idOf({ ...of, folder: folderOf(of.name), reserved: true })
        return [{ id, ...of, begunAt: null }]
      }),
  }
}

const isAbsent = (condition: Condition): boolean => condition.kind === 'absent'

/** Absence is the reservation's to keep. */
function requireCondition(
  place: Place,
  objectName: string,
  condition: Condition,
  found: BigIntStats | null,
): void {
  if (condition.kind !== 'revision') return
  if (found === null || revisionOf(found) !== condition.revision)
    fail({ code: 'store/precondition-failed', store: place.store, objectName })
}

/** @throws store/full, early, where the file system tells its free space */
async function requireRoom(place: Place, sizeBytes: number): Promise<void> {
  const free = await freeBytesOf(place.root)
  if (free !== null && free < sizeBytes) fail({ code: 'store/full', store: place.store })
}

/** @returns null where the file system does not say */
export async function freeBytesOf(path: string): Promise<number | null> {
  const found = await statfs(path).catch(() => null)
  return found === null || found.blocks === 0 ? null : found.bavail * found.bsize
}

/** Makes what is missing of a path, durably. @returns the folders made, outermost first */
async function makeFolders(files: DurableFiles, path: string): Promise<string[]> {
  const missing: string[] = []
  for (let at = path; (await statOrNull(at)) === null && dirname(at) !== at; at = dirname(at))
    missing.unshift(at)
  for (const folder of missing) {
    await files.makeFolder(folder, folderModes.shared).catch((error: unknown) => {
      if (errnoOf(error) !== 'EEXIST') throw error
    })
    await files.syncFolder(dirname(folder))
  }
  return missing
}

export const statOrNull = (path: string): Promise<BigIntStats | null> =>
  unlessGone(lstat(path, { bigint: true }))

/** @returns null where the path is not there */
export async function unlessGone<T>(looking: Promise<T>): Promise<T | null> {
  try {
    return await looking
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return null
    throw error
  }
}

async function leftWrites(place: Place, open: Map<WriteId, LocalWrite>) {
  const byPath = new Map([...open].map(([id, write]) => [write.pending.temporaryPath, { id, write }]))
  const writes: OpenWrite[] = []
  for await (const path of filesBelow(place.root, (fileName) => jobOfTemporary(fileName) !== null)) {
    const folder = folderOf(path)
    const jobId = jobOfTemporary(path.slice(folder.length)) ?? ''
    const known = byPath.get(join(place.root, path))
    const name = known?.write.name ?? ''
    writes.push({
      id: known?.id ?? idOf({ folder, name, jobId, reserved: false }),
      name,
      jobId,
      begunAt: null,
    })
  }
  return writes
}
