/** The rate of a job over its last seconds, from what it reports. */
export type Rate = {
  /** @param doneBytes so far, at `atMs` of a monotonic clock */
  note: (doneBytes: number, atMs: number) => void
  bytesPerSecond: (atMs: number) => number
}

const windowMs = 4000

export function createRate(): Rate {
  let samples: { doneBytes: number; atMs: number }[] = []
  return {
    note: (doneBytes, atMs) => {
      const last = samples.at(-1)
      if (last && doneBytes < last.doneBytes) samples = []
      samples.push({ doneBytes, atMs })
      samples = samples.filter((sample) => atMs - sample.atMs <= windowMs)
    },
    bytesPerSecond: (atMs) => {
      const recent = samples.filter((sample) => atMs - sample.atMs <= windowMs)
      const first = recent[0]
      const last = recent.at(-1)
      if (!first || !last || last.atMs - first.atMs < 50) return 0
      return ((last.doneBytes - first.doneBytes) * 1000) / (atMs - first.atMs)
    },
  }
}
