/** Runs work over a list, so many pieces of it at once.
 * @returns what each came to, in the list's order; the first that throws stops what has not begun */
export async function withAtMost<Item, Done>(
  atOnce: number,
  items: readonly Item[],
  work: (item: Item, at: number) => Promise<Done>,
): Promise<Done[]> {
  const done: Done[] = []
  let next = 0
  let isBroken = false
  const worker = async () => {
    for (let at = next++; at < items.length && !isBroken; at = next++) {
      try {
        done[at] = await work(items[at] as Item, at)
      } catch (error) {
        isBroken = true
        throw error
      }
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, worker))
  for (const each of ended) if (each.status === 'rejected') throw each.reason
  return done
}
