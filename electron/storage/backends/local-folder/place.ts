/** Where a local store is: names to paths that never leave its folder, and whether that folder is still there. */
import type { BigIntStats } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { fail } from '../../../../shared/failure.ts'
import type { Revision } from '../../backend.ts'
import { storeFailure } from '../../file-failures.ts'
import { errnoOf } from '../../durable-files.ts'
import type { StoreMemory } from '../../storage-kind.ts'
import { watchMount } from './mount.ts'
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

export function placeOf(options: {
  folder: string
  store: string
  rules: NameRules
  /** First use: a missing folder is one that is yet to be made. */
  mayCreate: boolean
  memory: StoreMemory | null
}): Place {
  const { folder, store, rules, mayCreate } = options
  const root = resolve(folder)
  const mount = watchMount(root, options.memory)
  let wasSeen = false

  const lookAtRoot = async (): Promise<'there' | 'gone' | 'unmounted'> => {
    try {
      if (!(await stat(root)).isDirectory()) return 'gone'
      wasSeen = true
      return (await mount.isTheStore()) ? 'there' : 'unmounted'
    } catch (error) {
      if (errnoOf(error) === null) throw error
      return 'gone'
    }
  }
  const rootIsThere = async () => (await lookAtRoot()) === 'there'

  const requireRoot = async () => {
    const found = await lookAtRoot()
    if (found === 'there') return
    const detail = found === 'gone' ? 'ENOENT' : 'the disk or share that it lies on is not mounted'
    fail({ code: 'store/unreachable', store, detail })
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
