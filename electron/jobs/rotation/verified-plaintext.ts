/** The plaintext of a stored object, in memory alone: every leaf of its ciphertext was compared with its pin before a byte
 * of it is given. Whoever once had the file key could have written another one. */
import { createLeafHasher, leafDigestAt, leafDigestsMatch } from '../../age/leaf-digest.ts'
import { decryptBlock } from '../../age/payload-block.ts'
import { payloadKey } from '../../age/payload-key.ts'
import { chunkPlaintextBytes, leafChunks, leafRun } from '../../age/payload-size.ts'
import { fail } from '../../../shared/failure.ts'
import type { OpenedVersion } from '../open-version.ts'
import type { PayloadSource } from '../workers/payload-run.ts'

const leafPlaintextBytes = leafChunks * chunkPlaintextBytes
/** What workers read at once lies in so many leaves. */
const keptLeaves = 3
/** BLAKE3 of a leaf takes this thread 4 ms, its decryption 10. */
const hasher = createLeafHasher()

export type VerifiedPlaintext = { source: PayloadSource; close: () => void }

/** @param opened pinned; its file key is the caller's
 * @throws from its `read`: WeightlockError `verify/altered`, `age/…`, `store/…` */
export function verifiedPlaintext({ version, file, fileKey, store, info }: OpenedVersion): VerifiedPlaintext {
  const { leafDigests: pins, name, plaintextBytes } = version
  const key = payloadKey(fileKey, file.payloadNonce)
  const kept = new Map<number, Promise<Uint8Array>>()

  const readLeaf = async (leaf: number, signal: AbortSignal): Promise<Uint8Array> => {
    const run = leafRun(plaintextBytes, leaf)
    const { offset, lengthBytes } = run.ciphertext
    const range = { offset: file.payloadOffset + offset, lengthBytes }
    const ciphertext = await store.backend.read(info.name, range, { revision: info.revision, signal })
    hasher.reset()
    hasher.update(ciphertext)
    if (pins === null || !leafDigestsMatch(hasher.finish(), leafDigestAt(pins, leaf)))
      return fail({ code: 'verify/altered', name })
    const plaintext = Buffer.allocUnsafeSlow(run.plaintext.lengthBytes)
    const { firstChunk, endsPayload } = run
    const block = { payloadKey: key, firstChunk, endsPayload, leaf: null, ciphertext, plaintext }
    const { failure } = decryptBlock(block)
    return failure === null ? plaintext : fail(failure)
  }

  const leafOf = (leaf: number, signal: AbortSignal): Promise<Uint8Array> => {
    const known = kept.get(leaf)
    if (known !== undefined) return known
    const reading = readLeaf(leaf, signal)
    reading.catch(() => kept.delete(leaf))
    kept.set(leaf, reading)
    for (const oldest of kept.keys()) {
      if (kept.size <= keptLeaves) break
      kept.delete(oldest)
    }
    return reading
  }

  return {
    source: {
      kind: 'reader',
      read: async (offset, lengthBytes, signal, into) => {
        const end = Math.min(offset + lengthBytes, plaintextBytes)
        let done = 0
        for (let at = offset; at < end;) {
          const leaf = Math.floor(at / leafPlaintextBytes)
          const plaintext = await leafOf(leaf, signal)
          const from = at - leaf * leafPlaintextBytes
          const piece = plaintext.subarray(from, Math.min(plaintext.length, from + end - at))
          into.set(piece, done)
          done += piece.length
          at += piece.length
        }
        return into.subarray(0, done)
      },
    },
    close: () => {
      key.fill(0)
      for (const reading of kept.values()) void reading.then((bytes) => bytes.fill(0)).catch(() => undefined)
      kept.clear()
    },
  }
}
