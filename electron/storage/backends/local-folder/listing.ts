/**
 * The objects below a folder in code-unit order of their whole names, a page at a time. A folder is read as a
 * stream and sorted in short runs that are merged as they are asked for, so that 100,000 names never hold the
 * thread. Links and special files are no objects and are not followed.
 */
import type { BigIntStats } from 'node:fs'
import { lstat, opendir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ObjectInfo, Page } from '../../backend.ts'
import { errnoOf } from '../../durable-files.ts'
import { jobOfTemporary } from '../../temporary-name.ts'
import { revisionOf } from './place.ts'

const pageObjects = 1000
const runNames = 1000
/** Looked at together; the thread is free between two batches. */
const batchObjects = 100
const keptCursors = 4
const undecodable = '\ufffd'

export type Listing = {
  page: (prefix: string, after: string | null, signal?: AbortSignal) => Promise<Page>
}

/** @param isReserved names of ours that hold nothing yet */
export function listingOf(root: string, isReserved: (name: string) => boolean): Listing {
  // The walk that ended with this name, so that the next page goes on with it; without it a page begins anew.
  const cursors = new Map<string, AsyncIterator<string>>()

  return {
    page: async (prefix, after, signal) => {
      const key = JSON.stringify([prefix, after])
      const names = cursors.get(key) ?? filesBelow(root, isObject, prefix, after)
      cursors.delete(key)
      const objects: ObjectInfo[] = []
      for (;;) {
        signal?.throwIfAborted()
        const { batch, ended } = await take(names, Math.min(batchObjects, pageObjects - objects.length))
        const found = await Promise.all(batch.map((name) => infoOf(root, name)))
        for (const info of found) {
          if (info !== null && (info.sizeBytes > 0 || !isReserved(info.name))) objects.push(info)
        }
        const last = batch.at(-1)
        if (ended || last === undefined) return { objects, next: null }
        if (objects.length < pageObjects) continue
        cursors.set(JSON.stringify([prefix, last]), names)
        for (const stale of [...cursors.keys()].slice(0, -keptCursors)) cursors.delete(stale)
        return { objects, next: last }
      }
    },
  }
}

async function take(names: AsyncIterator<string>, count: number) {
  const batch: string[] = []
  while (batch.length < count) {
    const next = await names.next()
    if (next.done === true) return { batch, ended: true }
    batch.push(next.value)
  }
  return { batch, ended: false }
}

const isObject = (fileName: string): boolean => jobOfTemporary(fileName) === null

/** Names of regular files in code-unit order.
 * @param wanted decides by the file's own name
 * @param after only names greater than this */
export const filesBelow = (
  root: string,
  wanted: (fileName: string) => boolean,
  prefix = '',
  after: string | null = null,
): AsyncGenerator<string, undefined> => walk({ root, wanted, prefix, after }, '')

type Walk = { root: string; wanted: (fileName: string) => boolean; prefix: string; after: string | null }

/** @param folder '' or ends with a slash */
async function* walk(what: Walk, folder: string): AsyncGenerator<string, undefined> {
  const { prefix, after } = what
  for (const entry of merged(await sortedRuns(what, folder))) {
    const name = folder + entry
    if (entry.endsWith('/')) {
      const outside = !name.startsWith(prefix) && !prefix.startsWith(name)
      const passed = after !== null && name < after && !after.startsWith(name)
      if (!outside && !passed) yield* walk(what, name)
    } else if (name.startsWith(prefix) && (after === null || name > after)) yield name
  }
  return undefined
}

/** Names in runs, each sorted; a folder's ends with a slash, which is how it compares with its neighbours. */
async function sortedRuns(what: Walk, folder: string): Promise<string[][]> {
  const runs: string[][] = []
  try {
    let run: string[] = []
    for await (const entry of await opendir(join(what.root, folder), { bufferSize: 256 })) {
      if (entry.isDirectory()) run.push(`${entry.name}/`)
      else if (entry.isFile() && what.wanted(entry.name)) run.push(entry.name)
      if (run.length < runNames) continue
      runs.push(run.toSorted())
      run = []
    }
    runs.push(run.toSorted())
    return runs
  } catch (error) {
    // A folder inside that went away, or that is not ours to read (`lost+found`), holds no object of ours.
    if (folder !== '' && ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM'].includes(errnoOf(error) ?? '')) return []
    throw error
  }
}

function* merged(runs: string[][]): Generator<string, undefined> {
  const heads = runs.filter((run) => run.length > 0).map((run) => ({ run, at: 0, name: run[0] ?? '' }))
  while (heads.length > 0) {
    let least = 0
    for (let i = 1; i < heads.length; i++) {
      if ((heads[i]?.name ?? '') < (heads[least]?.name ?? '')) least = i
    }
    const head = heads[least]
    if (head === undefined) return undefined
    yield head.name
    head.at++
    const next = head.run[head.at]
    if (next === undefined) heads.splice(least, 1)
    else head.name = next
  }
  return undefined
}

/** @returns null where it is gone by now or no regular file */
async function infoOf(root: string, name: string): Promise<ObjectInfo | null> {
  try {
    const found = await lstat(join(root, name), { bigint: true })
    if (!found.isFile()) return null
    return objectInfo(name, found)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ENOTDIR') throw error
    // Its name is not valid UTF-8: shown, though nothing can be done with it here.
    return name.includes(undecodable)
      ? { name, sizeBytes: 0, modifiedAt: 0, revision: 'undecodable-name', metadata: {}, checksum: null }
      : null
  }
}

/** Local objects carry no metadata: the header's stanza does. */
export const objectInfo = (name: string, found: BigIntStats): ObjectInfo => ({
  name,
  sizeBytes: Number(found.size),
  modifiedAt: Number(found.mtimeMs),
  revision: revisionOf(found),
  metadata: {},
  checksum: null,
  ...(found.nlink > 1n ? { names: Number(found.nlink) } : {}),
})
