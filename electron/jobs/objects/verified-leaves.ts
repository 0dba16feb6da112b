/** Ciphertext leaf by leaf, each released once it is what was pinned: no key is needed for that. */
import { createLeafHasher, leafDigestAt, leafDigestsMatch } from '../../age/leaf-digest.ts'
import { leafCiphertextBytes, leafRun } from '../../age/payload-size.ts'
import { fail } from '../../../shared/failure.ts'

export type Ciphertext = {
  /** The artifact's name, for failures. */
  name: string
  /** Header and payload nonce, whose fingerprint was compared with the pin. */
  start: Uint8Array
  plaintextBytes: number
  /** 32 bytes for each leaf; null where nothing is pinned. */
  pinnedLeafDigests: Uint8Array | null
  /** Exactly the range's bytes of the payload, counted from after the nonce.
   * @param into memory that may be filled instead of new */
  read: (
    range: { offset: number; lengthBytes: number },
    signal: AbortSignal,
    into: Uint8Array,
  ) => Promise<Uint8Array>
}

/** Leaves that are read at once: 64 MiB. */
const readAhead = 4
/** BLAKE3 of a leaf takes this thread 4 ms; what else waits comes in between. */
const hasher = createLeafHasher()

export type VerifiedLeaf = { bytes: Uint8Array; offset: number }

/** @param leaves ascending; `bytes` of each are the taker's only until it asks for the next
 * @throws WeightlockError `verify/altered`, `store/…`; the signal's reason */
export async function* verifiedLeaves(
  ciphertext: Ciphertext,
  leaves: readonly number[],
  signal: AbortSignal,
): AsyncGenerator<VerifiedLeaf, void, undefined> {
  const free: Uint8Array[] = []
  const over = new AbortController()
  const both = AbortSignal.any([signal, over.signal])
  const largest = Math.min(leafCiphertextBytes, leafRun(ciphertext.plaintextBytes, 0).ciphertext.lengthBytes)
  const read = async (leaf: number) => {
    const memory = free.pop() ?? Buffer.allocUnsafeSlow(largest)
    const range = leafRun(ciphertext.plaintextBytes, leaf).ciphertext
    const bytes = await ciphertext.read(range, both, memory)
    both.throwIfAborted()
    if (bytes.length !== range.lengthBytes) fail({ code: 'age/payload-truncated' })
    requirePinned(ciphertext, leaf, bytes)
    return { memory, bytes, offset: range.offset }
  }
  const reading: ReturnType<typeof read>[] = []
  try {
    for (let next = 0; next < leaves.length || reading.length > 0;) {
      for (; next < leaves.length && reading.length < readAhead; next++) {
        const begun = read(leaves[next] ?? 0)
        begun.catch(() => undefined)
        reading.push(begun)
      }
      const leaf = await reading.shift()
      if (leaf === undefined) break
      yield { bytes: leaf.bytes, offset: leaf.offset }
      free.push(leaf.memory)
    }
  } finally {
    over.abort()
    await Promise.allSettled(reading)
  }
}

function requirePinned({ name, pinnedLeafDigests }: Ciphertext, leaf: number, bytes: Uint8Array): void {
  if (pinnedLeafDigests === null) return
  hasher.reset()
  hasher.update(bytes)
  if (!leafDigestsMatch(hasher.finish(), leafDigestAt(pinnedLeafDigests, leaf)))
    fail({ code: 'verify/altered', name })
}
