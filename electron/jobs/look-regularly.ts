/** What the program looks after by itself, from its start on: never twice at once, and without keeping it alive. */

export type RegularLook = {
  /** Looks now. */
  look: () => Promise<void>
  /** Settles when a look that had begun is over. */
  stop: () => Promise<void>
}

/** Looks at once, and again each time the interval is over.
 * @param onBug gets what a look throws; the next one comes all the same */
export function lookRegularly(
  everyMs: number,
  lookNow: () => Promise<void>,
  onBug: (error: unknown) => void,
): RegularLook {
  let looking: Promise<void> = Promise.resolve()
  let isStopped = false
  const look = (): Promise<void> => {
    looking = looking.then(() => (isStopped ? undefined : lookNow())).catch(onBug)
    return looking
  }
  const timer = setInterval(() => void look(), everyMs)
  timer.unref()
  void look()
  return {
    look,
    stop: async () => {
      isStopped = true
      clearInterval(timer)
      await looking
    },
  }
}
