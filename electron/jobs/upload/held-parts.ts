/** Parts that are put together in memory: how large, how many at once, and where they lie. */
import type { UploadPlan } from './upload-plan.ts'

/** What the parts under way may hold in memory, and how many requests bring nothing more. */
const inFlightBytes = 128 * 2 ** 20
const mostInFlight = 8

/** A larger part is not held: it is made while it is sent. */
export const mostHeldPartBytes = 64 * 2 ** 20

/** How many parts of a plan are sent at once. */
export const partsAtOnce = ({ partBytes }: UploadPlan): number =>
  Math.max(1, Math.min(mostInFlight, Math.floor(inFlightBytes / partBytes)))

export type PartMemory = {
  /** Bytes of one part, with anything in them. */
  take: (sizeBytes: number) => Buffer
  /** Once the part was sent. */
  giveBack: (bytes: Uint8Array) => void
}

/** Memory for a plan's parts, filled again once a part was sent. */
export function createPartMemory({ partBytes, objectBytes }: UploadPlan): PartMemory {
  const free: Buffer[] = []
  return {
    take: (sizeBytes) =>
      (free.pop() ?? Buffer.allocUnsafeSlow(Math.min(partBytes, objectBytes))).subarray(0, sizeBytes),
    giveBack: ({ buffer }) => void free.push(Buffer.from(buffer)),
  }
}
