/** A name that is free in the catalog, and in the store as well. */
import type { OpenStore } from './services.ts'

/** Asks for a name again, telling which ones were found taken, until the store has nothing under it.
 * @param reserve holds a name in the catalog; null asks again with nothing new
 * @throws WeightlockError `store/…`, and what `reserve` throws */
export async function reserveFreeName<Reserved extends { objectName: string }>(
  { backend }: OpenStore,
  reserve: (taken: string[]) => Promise<Reserved | null>,
): Promise<Reserved> {
  const taken: string[] = []
  for (;;) {
    const reserved = await reserve(taken)
    if (reserved === null) continue
    if ((await backend.head(reserved.objectName)) === null) return reserved
    taken.push(reserved.objectName)
  }
}
