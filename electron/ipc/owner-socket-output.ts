/** A call's plaintext on its way to a client: in pieces, never more in flight than the client's reader keeps up with. */
import { WeightlockError } from '../../shared/failure.ts'
import type { Output } from '../../shared/contract/terminal.ts'
import { binaryFrame, outputFrameBytes } from './frames.ts'

/** Enough that a pipe never runs dry, little enough to hold for every client. */
const windowBytes = 4 * 1024 * 1024

export type OutputFlow = {
  /** Settles once the client's reader has taken all of it. One call's output keeps its order. */
  output: Output
  /** @returns false if the client took more than it was given: it is broken */
  taken: (bytes: number) => boolean
  /** The reader is gone: what waits, and all that comes later, rejects. */
  refuse: () => void
}

const readerGone = () => new WeightlockError({ code: 'file/io', path: '-', errno: 'EPIPE' })

/** @param send puts one frame on the socket */
export function outputFlow(callId: number, send: (frame: Buffer) => void): OutputFlow {
  let inFlightBytes = 0
  let refused = false
  let wake: (() => void) | null = null
  let last: Promise<void> = Promise.resolve()

  const untilInFlight = async (bytes: number): Promise<void> => {
    while (inFlightBytes > bytes && !refused)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    if (refused) throw readerGone()
  }
  const wakeUp = () => {
    wake?.()
    wake = null
  }
  const sendAll = async (bytes: Uint8Array): Promise<void> => {
    for (let offset = 0; offset < bytes.byteLength; offset += outputFrameBytes) {
      const piece = bytes.subarray(offset, offset + outputFrameBytes)
      await untilInFlight(windowBytes - piece.byteLength)
      inFlightBytes += piece.byteLength
      send(binaryFrame(callId, piece))
    }
    await untilInFlight(0)
  }

  return {
    output: (bytes) => {
      const turn = last.then(() => sendAll(bytes))
      last = turn.catch(() => undefined)
      return turn
    },
    taken: (bytes) => {
      if (bytes > inFlightBytes) return false
      inFlightBytes -= bytes
      wakeUp()
      return true
    },
    refuse: () => {
      refused = true
      wakeUp()
    },
  }
}
