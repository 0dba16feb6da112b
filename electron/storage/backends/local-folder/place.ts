/** Where a local store is: names to paths that never leave its folder, and whether that folder is still there. */
import type { BigIntStats } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { fail } from '../../../../shared/failure.ts'
import type { Revision } from '../../backend.ts'
import { storeFailure } from '../../file-failures.ts'
import { errnoOf } from '../../durable-files.ts'
import type { NameRules } from '../../../../shared/name-rules.ts'
import { jobOfTemporary } from '../../temporary-name.ts'
import { checkName } from '../../../../shared/name-rules.ts'

export type Place = {
  root: string
  store: string
  /** @throws artifact/name-invalid */
  pathOf: (name: string) => string
  /** The same, after its folders were seen to lie inside the store: no link leads out.
   * @throws artifact/name-invalid, store/unreachable, the system's errors */
  confinedPathOf: (name: string) => Promise<string>
  rootIsThere: () => Promise<boolean>
  /** @throws store/unreachable */
  requireRoot: () => Promise<void>
  /** First use, and nothing was made yet: the store is empty, not out of reach. */
  isYetToBeMade: () => Promise<boolean>
  /** Runs what touches the file system; the system's errors become failures. */
  guard: <T>(objectName: string, run: () => Promise<T>, use?: 'read' | 'write') => Promise<T>
}

/** @param mayCreate first use: a missing folder is one that is yet to be made */
export function placeOf(folder: string, store: string, rules: NameRules, mayCreate: boolean): Place {
  const root = resolve(folder)
  /** Set once the root was seen to be a mount point of its own: a folder in its place is not the store. */
  let mountedDevice: bigint | null = null
  let wasSeen = false

  const rootIsThere = async (): Promise<boolean> => {
    try {
      const [found, above] = await Promise.all([
        stat(root, { bigint: true }),
        stat(dirname(root), { bigint: true }),
      ])
      if (!found.isDirectory()) return false
      if (found.dev !== above.dev) mountedDevice = found.dev
      wasSeen = true
      return mountedDevice === null || found.dev !== above.dev
    } catch (error) {
      if (errnoOf(error) === null) throw error
      return false
    }
  }

  const requireRoot = async () => {
    if (!(await rootIsThere())) fail({ code: 'store/unreachable', store, detail: 'ENOENT' })
  }

  const pathOf = (name: string): string => {
    checkName(name, rules)
    if (name.split('/').some((part) => jobOfTemporary(part) !== null))
      fail({ code: 'artifact/name-invalid', name, reason: 'it is the name of a temporary' })
    return join(root, ...name.split('/'))
  }

  return {
    root,
    store,
    pathOf,
    confinedPathOf: async (name) => {
      const path = pathOf(name)
      if (!name.includes('/')) return path
      const [realRoot, realParent] = await Promise.all([realpath(root), realpath(dirname(path))])
      if (!`${realParent}${sep}`.startsWith(realRoot.endsWith(sep) ? realRoot : `${realRoot}${sep}`))
        fail({ code: 'artifact/name-invalid', name, reason: 'a link leads out of the store' })
      return path
    },
    rootIsThere,
    requireRoot,
    isYetToBeMade: async () => !(await rootIsThere()) && mayCreate && !wasSeen,
    guard: async (objectName, run, use = 'write') => {
      try {
        return await run()
      } catch (error) {
        if (errnoOf(error) === null) throw error
        const where = { store, objectName, rootIsThere: await rootIsThere(), isReading: use === 'read' }
        const failure = storeFailure(error, where)
        if (failure === null) throw error
        return fail(failure, error)
      }
    },
  }
}

/** Changes whenever the bytes may have changed: device, inode, size, mtime, ctime. */
export const revisionOf = (found: BigIntStats): Revision =>
  [found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs].join('-')
