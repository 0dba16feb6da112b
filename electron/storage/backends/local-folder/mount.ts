/** The disk or share that a folder lies on: known again after a restart, so that the empty folder that an unmounted one
 * leaves behind is never taken for the store. Device numbers change with every start; the place of the mount does not. */
import { lstat, realpath, stat } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { errnoOf } from '../../durable-files.ts'
import type { StoreMemory } from '../../storage-kind.ts'

/** @returns the topmost folder of the file system that the folder lies on, links resolved
 * @throws the system's errors */
export async function mountPointOf(folder: string): Promise<string> {
  const deviceOf = async (path: string) => (await stat(path, { bigint: true })).dev
  // Behind the dot a share that is mounted when it is first used is mounted.
  const device = await deviceOf(`${folder}${sep}.`)
  let at = await realpath(folder)
  while (dirname(at) !== at && (await deviceOf(dirname(at))) === device) at = dirname(at)
  return at
}

function notThere(error: unknown): null {
  if (errnoOf(error) === null) throw error
  return null
}

type MountWatch = {
  /** Whether the folder, which is there, is the store and not what an unmounted one left.
   * @throws the system's errors */
  isTheStore: () => Promise<boolean>
}

/** @param memory null where nothing is to be known again */
export function watchMount(folder: string, memory: StoreMemory | null): MountWatch {
  /** Once it was seen or recalled. */
  let known: string | null = null

  const holdsOurs = async (objects: readonly { name: string; sizeBytes: number }[]): Promise<boolean> => {
    for (const { name, sizeBytes } of objects) {
      const found = await lstat(join(folder, ...name.split('/'))).catch(notThere)
      if (found?.isFile() && found.size === sizeBytes) return true
    }
    return false
  }

  return {
    isTheStore: async () => {
      const mount = await mountPointOf(folder)
      // Looks overlap: what another one learns meanwhile is not what this one is held against.
      const expected = known ?? (await memory?.recall()) ?? null
      if (expected === mount) {
        known = mount
        return true
      }
      // A disk may have moved to another place: what it holds tells.
      const objects = (await memory?.someObjects()) ?? []
      const isOurs = await holdsOurs(objects)
      if (expected !== null && !isOurs) return false
      if (isOurs || objects.length === 0) await memory?.remember(mount)
      known = mount
      return true
    },
  }
}
