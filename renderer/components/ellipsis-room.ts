import { createContext } from 'react'

/** A box's width and the font that is drawn in it. */
export type Room = { widthPx: number; font: string }

type Memory = { get: () => Room | null; keep: (room: Room) => void }

/** What a box in the same list measured last. A new one of the same kind begins with it instead of forcing a layout,
 * and is corrected after the next one where it is wrong. */
export const RoomMemory = createContext<Memory | null>(null)

export function makeRoomMemory(): Memory {
  let last: Room | null = null
  return {
    get: () => last,
    keep: (room) => {
      last = room
    },
  }
}
