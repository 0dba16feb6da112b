/** Memory for leaves, seen by all threads. A run hands its own on to the next one: what nobody refers to any more is
 * freed late, and memory of several runs would add up. */
import { leafCiphertextBytes } from '../../age/payload-size.ts'
import type { SharedBytes } from './worker-messages.ts'

export type LeafMemory = {
  /** @returns `sizeBytes` of it, at most those of a leaf, with anything in them */
  take(sizeBytes: number): SharedBytes
  /** What no thread touches any more. */
  giveBack(rooms: readonly SharedBytes[]): void
}

/** Between two parts of an upload, not between two jobs. */
const keptForMs = 5000

/** @param limitBytes that are kept for the next run */
export function createLeafMemory(limitBytes: number): LeafMemory {
  let free: SharedBytes[] = []
  let timer: NodeJS.Timeout | undefined
  return {
    take: (sizeBytes) => {
      const room = sizeBytes === leafCiphertextBytes ? free.pop() : undefined
      return room ?? new Uint8Array(new SharedArrayBuffer(sizeBytes))
    },
    giveBack: (rooms) => {
      clearTimeout(timer)
      const most = Math.floor(limitBytes / leafCiphertextBytes)
      free = [...free, ...rooms.filter(({ length }) => length === leafCiphertextBytes)].slice(0, most)
      timer = setTimeout(() => (free = []), keptForMs).unref()
    },
  }
}
