/** One run on the main thread's side: which leaf is next, what is under way, what may be released. */
import { fail, WeightlockError } from '../../../shared/failure.ts'
import { leafDigestBytes, rootDigest } from '../../age/leaf-digest.ts'
import {
  ciphertextSizeBytes,
  leafCiphertextBytes,
  leafCount,
  leafRun,
  type ByteRange,
} from '../../age/payload-size.ts'
import type { LeafMemory } from './leaf-memory.ts'
import type { PayloadResult, PayloadSink, PayloadSource } from './payload-run.ts'
import { stopRun } from './run-control.ts'
import type { FromWorker, RunProblem, RunSpec, SharedBytes } from './worker-messages.ts'

export type ReadyLeaf = {
  leaf: number
  input: SharedBytes | null
  output: SharedBytes | null
}

export type ActiveRun = {
  /** The next leaf that a worker can begin now, or null. */
  take(): ReadyLeaf | null
  done(message: Extract<FromWorker, { type: 'leaf-done' }>): void
  /** Ends the run early: nothing more is given out, workers stop before their next block. */
  stop(problem: unknown): void
  /** True once nothing is under way in this thread and no leaf will be given out. */
  isQuiet(): boolean
  /** Once no thread touches it any more. */
  giveBackMemory(): void
  /** @throws what stopped the run */
  result(): PayloadResult
}

export type ActiveRunOptions = {
  spec: RunSpec
  source: PayloadSource
  sink: PayloadSink
  leaves: readonly number[] | undefined
  /** Leaves that are under way at once where their bytes pass through this thread. */
  window: number
  memory: LeafMemory
  onLeaf: ((leaf: number) => void) | undefined
  /** Called whenever `take` or `isQuiet` may have changed. */
  changed: () => void
}

export function createActiveRun(options: ActiveRunOptions): ActiveRun {
  const { spec, source, sink, changed } = options
  const { plaintextBytes } = spec
  const all = leafCount(plaintextBytes)
  const leaves = options.leaves ?? Array.from({ length: all }, (_, leaf) => leaf)
  const positions = new Map(leaves.map((leaf, position) => [leaf, position]))
  const digests = spec.digests ? new Uint8Array(leaves.length * leafDigestBytes) : null
  const tags: Uint8Array[] = []
  const reading = new AbortController()

  const inputs = new Map<number, { room: SharedBytes; input: SharedBytes }>()
  /** Memory of leaves that are at work, by position. */
  const rooms = new Map<number, SharedBytes>()
  const held = new Map<number, SharedBytes>()
  const freeOutputs: SharedBytes[] = []
  const freeInputs: SharedBytes[] = []
  const taken: SharedBytes[] = []
  let [asked, given, pendingReads, finished] = [0, 0, 0, 0]
  let isDelivering = false
  let problem: { error: unknown } | null = null

  const slotBytes = Math.min(leafCiphertextBytes, ciphertextSizeBytes(plaintextBytes))
  const bytesThroughHere = source.kind === 'reader' || sink.kind === 'receive'
  const inputRange = (leaf: number): ByteRange => {
    const run = leafRun(plaintextBytes, leaf)
    return spec.operation === 'encrypt' ? run.plaintext : run.ciphertext
  }
  const outputRange = (leaf: number): ByteRange => {
    const run = leafRun(plaintextBytes, leaf)
    return spec.operation === 'encrypt' ? run.ciphertext : run.plaintext
  }

  const newRoom = (): SharedBytes => {
    const room = options.memory.take(slotBytes)
    taken.push(room)
    return room
  }

  const stop = (error: unknown) => {
    problem ??= { error }
    stopRun(spec.control)
    reading.abort()
  }

  const readAhead = () => {
    if (source.kind !== 'reader' || problem !== null) return
    while (asked < leaves.length && asked - finished < options.window) {
      const position = asked++
      const range = inputRange(leaves[position] ?? 0)
      const room = freeInputs.pop() ?? newRoom()
      const input = room.subarray(0, range.lengthBytes)
      pendingReads++
      source
        .read(range.offset, range.lengthBytes, reading.signal, input)
        .then((bytes) => {
          if (bytes.length !== range.lengthBytes) failShort(spec)
          if (bytes.buffer !== input.buffer) input.set(bytes)
          inputs.set(position, { room, input })
        })
        .catch(stop)
        .finally(() => {
          pendingReads--
          changed()
        })
    }
  }

  const deliver = async (receive: (bytes: Uint8Array, offset: number) => Promise<void>) => {
    if (isDelivering) return
    isDelivering = true
    for (
      let output = held.get(finished);
      output !== undefined && problem === null;
      output = held.get(finished)
    ) {
      held.delete(finished)
      const range = outputRange(leaves[finished] ?? 0)
      try {
        await receive(output.subarray(0, range.lengthBytes), range.offset)
      } catch (error) {
        stop(error)
      }
      freeOutputs.push(output)
      finished++
    }
    isDelivering = false
    changed()
  }

  return {
    take: () => {
      readAhead()
      const leaf = leaves[given]
      if (problem !== null || leaf === undefined) return null
      if (bytesThroughHere && given - finished >= options.window) return null
      const read = inputs.get(given)
      if (source.kind === 'reader' && read === undefined) return null
      if (read !== undefined) rooms.set(given, read.room)
      inputs.delete(given)
      given++
      const output = sink.kind === 'receive' ? (freeOutputs.pop() ?? newRoom()) : null
      return { leaf, input: read?.input ?? null, output }
    },
    done: ({ leaf, digest, tags: leafTags, output }) => {
      const position = positions.get(leaf) ?? 0
      const room = rooms.get(position)
      if (room !== undefined) freeInputs.push(room)
      rooms.delete(position)
      if (digest !== null) digests?.set(digest, position * leafDigestBytes)
      if (leafTags !== null) tags[position] = leafTags
      if (sink.kind === 'receive' && output !== null) {
        held.set(position, output)
        void deliver(sink.receive)
      } else finished++
      options.onLeaf?.(leaf)
    },
    stop,
    isQuiet: () => pendingReads === 0 && !isDelivering && (problem !== null || finished === leaves.length),
    giveBackMemory: () => options.memory.giveBack(taken.splice(0)),
    result: () => {
      if (problem !== null) throw problem.error
      const isWhole = leaves.length === all && leaves.every((leaf, position) => leaf === position)
      return {
        plaintextBytes,
        payloadBytes: ciphertextSizeBytes(plaintextBytes),
        leafDigests: digests,
        rootDigest: digests !== null && isWhole ? rootDigest(digests) : null,
        tags: spec.tags ? joinTags(tags) : null,
      }
    },
  }
}

/** What a worker reported, as it would have been thrown here. */
export function problemError(problem: RunProblem): Error {
  if ('failure' in problem) return new WeightlockError(problem.failure)
  const error = new Error(`in a payload worker: ${problem.bug.message}`)
  error.stack = problem.bug.stack
  return error
}

function failShort(spec: RunSpec): never {
  if (spec.operation === 'encrypt') return fail({ code: 'file/changed-while-reading', path: spec.name })
  return fail({ code: 'age/payload-truncated' })
}

function joinTags(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}
