/**
 * What Node received of a body lies in memory of its own for each piece, dead once it was copied. V8 counts it, and for
 * every 64 MiB looks through its whole heap with all cores: a fifth of what a download costs. A look at what is young
 * frees the same in a millisecond.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Twice as much is dead by then: Node's parser copies what a socket read. */
const collectEveryBytes = 16 * 2 ** 20

type Collect = (options: { type: 'minor'; execution: 'sync' }) => void

let collect: Collect | null = null
let sinceBytes = 0

/** To be told of bytes of a body that were copied and are not looked at again. */
export function wasCopied(sizeBytes: number): void {
  sinceBytes += sizeBytes
  if (sinceBytes < collectEveryBytes) return
  sinceBytes = 0
  collect ??= collector()
  collect({ type: 'minor', execution: 'sync' })
}

/** V8's own, which a program has to ask for. Without it memory is freed all the same, later. */
function collector(): Collect {
  setFlagsFromString('--expose-gc')
  const found: unknown = runInNewContext('typeof gc === "function" ? gc : null')
  setFlagsFromString('--no-expose-gc')
  return typeof found === 'function' ? (found as Collect) : () => undefined
}
