import type { Discoveries } from './machine.ts'
import type { Value } from './values.ts'

const frameOpcode = 0x95
/** The longest fixed part of an argument, with its opcode. */
const longestPrefixBytes = 9

/**
 * Watches that opcodes keep within the frame in which they begin. CPython's unpickler drops what is left of a frame
 * when an argument reaches over its end, its pure Python one fails, and `loads` reads straight on: so such a pickle
 * means something else to each of them. None is ever written honestly; each counts as hiding something.
 */
export interface FrameWatch {
  /** Before the argument of the opcode at `start` is read. */
  begin(start: number): void
  /** After it. @param end offset behind the argument */
  finish(end: number, code: number, argument: Value): void
  /** The walk ended in a fault. */
  fail(): void
}

export function createFrameWatch(discoveries: Discoveries): FrameWatch {
  let frameEnd = 0
  let opcodeStart = 0
  let isReading = false

  const accuse = () => {
    discoveries.hidden++
    frameEnd = 0
  }

  return {
    begin(start) {
      opcodeStart = start
      isReading = true
    },
    finish(end, code, argument) {
      isReading = false
      const isInside = opcodeStart < frameEnd
      if (isInside && end > frameEnd) accuse()
      if (code !== frameOpcode || typeof argument !== 'number') return
      if (isInside && end < frameEnd && end + argument > frameEnd) accuse()
      frameEnd = end + argument
    },
    fail() {
      // A length that lies across the end is another one to CPython, which may well read on.
      if (isReading && opcodeStart < frameEnd && frameEnd < opcodeStart + longestPrefixBytes) accuse()
    },
  }
}
