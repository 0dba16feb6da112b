import { LimitReached } from '../bounds.ts'
import { forgotten, opaque, tagOf, type Value } from './values.ts'

/**
 * The memo of a pickle. It knows of every index whether it is set (MEMOIZE counts them), and keeps what can matter
 * when it is fetched again: globals, dtypes, and texts that could be the name of a module or class.
 */
export interface Memo {
  readonly size: number
  put(index: number, value: Value): void
  /** Undefined where nothing was put. */
  get(index: number): Value | undefined
}

const couldBeName = /^[A-Za-z_][\w.]{0,120}$/

function mayMatter(value: Value): boolean {
  if (typeof value === 'string') return couldBeName.test(value)
  const tag = tagOf(value)
  return tag === 'global' || tag === 'made' || tag === 'forgotten'
}

const bitsLimit = 2 ** 27
const farLimit = 100_000

export function createMemo(keptLimit = 200_000): Memo {
  const kept = new Map<number, Value>()
  const far = new Set<number>()
  let bits = new Uint8Array(64)
  let size = 0
  let hasForgotten = false

  const isSet = (index: number) =>
    index < bitsLimit ? (((bits[index >> 3] ?? 0) >> (index & 7)) & 1) === 1 : far.has(index)

  const set = (index: number) => {
    if (index >= bitsLimit) {
      if (far.size >= farLimit) throw new LimitReached()
      far.add(index)
      return
    }
    const at = index >> 3
    if (at >= bits.length) {
      const larger = new Uint8Array(Math.max(bits.length * 2, at + 1))
      larger.set(bits)
      bits = larger
    }
    bits[at] = (bits[at] ?? 0) | (1 << (index & 7))
  }

  return {
    get size() {
      return size
    },
    put(index, value) {
      if (!isSet(index)) {
        set(index)
        size++
      }
      if (!mayMatter(value)) {
        if (kept.size > 0) kept.delete(index)
      } else if (kept.size < keptLimit || tagOf(value) === 'global') {
        kept.set(index, value)
      } else {
        kept.delete(index)
        hasForgotten = true
      }
    },
    get(index) {
      if (!isSet(index)) return undefined
      return kept.get(index) ?? (hasForgotten ? forgotten : opaque)
    },
  }
}
