/** A folder that two stores claim would have objects of one that the other does not know: each has its own. */
import { realpath } from 'node:fs/promises'
import { basename, dirname, join, relative, isAbsolute, sep } from 'node:path'
import { fail } from '../../../shared/failure.ts'

/** A folder that is taken, and whose it is: `the store “Local”`. */
export type TakenFolder = { path: string; whose: string }

/** Links resolved; of what is not there yet, as far as it is there. */
async function realFolder(path: string): Promise<string> {
  const found = await realpath(path).catch(() => null)
  if (found !== null) return found
  const parent = dirname(path)
  return parent === path ? path : join(await realFolder(parent), basename(path))
}

function liesIn(inner: string, outer: string): boolean {
  const way = relative(outer, inner)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/** @param field of the store's settings, for the failure
 * @throws store/settings-invalid for a folder that is, lies in or contains one that is taken, naming whose */
export async function requireSeparate(
  field: string,
  path: string,
  taken: readonly TakenFolder[],
): Promise<void> {
  const folder = await realFolder(path)
  for (const other of taken) {
    const real = await realFolder(other.path)
    const relation =
      relative(real, folder) === ''
        ? 'it is'
        : liesIn(folder, real)
          ? 'it lies in'
          : liesIn(real, folder)
            ? 'it contains'
            : null
    if (relation !== null)
      fail({ code: 'store/settings-invalid', field, reason: `${relation} the folder of ${other.whose}` })
  }
}
