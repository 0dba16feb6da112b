/** The file is not what it claims to be. The reason is a clause for people: "its header is longer than the file". */
export class Malformed extends Error {
  readonly reason: string
  constructor(reason: string) {
    super(reason)
    this.name = 'Malformed'
    this.reason = reason
  }
}

/** A bound on work was reached: what was found so far stands, more may be there. */
export class LimitReached extends Error {
  constructor() {
    super('limit reached')
    this.name = 'LimitReached'
  }
}

export function malformed(reason: string): never {
  throw new Malformed(reason)
}

/** What one inspection may cost; shared by all its parts, however they nest. */
export interface Budget {
  /** Counts a read; a small one counts as 4 KiB, so that the number of reads is bounded, too.
   * @throws LimitReached when the sum is used up; also the signal's reason when it is aborted */
  spend(lengthBytes: number): void
}

const smallestReadBytes = 4096

export function createBudget(totalBytes: number, signal?: AbortSignal): Budget {
  let left = totalBytes
  return {
    spend(lengthBytes) {
      signal?.throwIfAborted()
      left -= Math.max(lengthBytes, smallestReadBytes)
      if (left < 0) throw new LimitReached()
    },
  }
}
