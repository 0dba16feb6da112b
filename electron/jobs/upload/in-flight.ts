/** A bounded number of tasks under way. The first that fails is remembered, and told to whoever waits. */
export type InFlight = {
  /** Starts a task once there is room.
   * @throws what an earlier one failed with */
  add(task: () => Promise<void>): Promise<void>
  /** Waits until none is under way. @throws what one failed with */
  settled(): Promise<void>
}

/** @param failed called with what the first task failed with, as soon as it does */
export function createInFlight(limit: number, failed: (error: unknown) => void): InFlight {
  const running = new Set<Promise<void>>()
  let problem: { error: unknown } | null = null
  const check = () => {
    if (problem !== null) throw problem.error
  }
  return {
    add: async (task) => {
      while (running.size >= limit) await Promise.race(running)
      check()
      const run = task()
        .catch((error: unknown) => {
          if (problem !== null) return
          problem = { error }
          failed(error)
        })
        .finally(() => running.delete(run))
      running.add(run)
    },
    settled: async () => {
      await Promise.all(running)
      check()
    },
  }
}
