/**
 * Encrypts, decrypts and digests payloads in worker threads. This thread only says which leaf is next, and carries
 * bytes where the workers do not read or write files themselves.
 */
import { availableParallelism } from 'node:os'
import { fail } from '../../../shared/failure.ts'
import { leafDigestBytes } from '../../age/leaf-digest.ts'
import { leafCiphertextBytes, leafCount, plaintextSizeBytes } from '../../age/payload-size.ts'
import { payloadKey } from '../../age/payload-key.ts'
import { createActiveRun, problemError, type ActiveRun } from './active-run.ts'
import { createEarlyFlush, type EarlyFlush } from './early-flush.ts'
import { canWriteDirectly } from './file-writer.ts'
import type { DecryptRun, DigestRun, EncryptRun, PayloadResult, PayloadSink } from './payload-run.ts'
import { createLeafMemory } from './leaf-memory.ts'
import { createRunControl, doneBytes, keyOf } from './run-control.ts'
import { createWorkerCrew, type CrewMember } from './worker-crew.ts'
import type { FromWorker, RunSpec } from './worker-messages.ts'

export type PayloadPool = {
  /** Encrypts a payload. The promise settles once no thread touches source or target any more.
   * @throws WeightlockError `file/…`; the signal's reason where it was aborted */
  encrypt(run: EncryptRun): Promise<PayloadResult>
  /** Decrypts a payload. Nothing that a file received is to be used before the promise resolves.
   * @throws WeightlockError `age/payload-…`, `verify/altered`, `file/…`; the signal's reason */
  decrypt(run: DecryptRun): Promise<PayloadResult>
  /** Computes the leaf digests of ciphertext, without a key.
   * @throws WeightlockError `verify/altered`, `file/…`; the signal's reason */
  digest(run: DigestRun): Promise<PayloadResult>
  /** Ends the threads, each at the end of its block. Runs that have not settled reject. */
  close(): Promise<void>
}

/** Leaves that a worker has before it: one at work, one to go on with. */
const leavesPerWorker = 2
/** What one run may hold in this thread. */
const heldBytesLimit = 192 * 2 ** 20
const progressIntervalMs = 100

type Entry = {
  run: ActiveRun
  spec: RunSpec
  flush: EarlyFlush | null
  /** Members that know the run, and how many of its leaves each has. */
  atWork: Map<CrewMember, number>
  isEnding: boolean
  settle: () => void
}
type AnyRun = (EncryptRun | DecryptRun | DigestRun) & { sink?: EncryptRun['sink'] }

/** @param workerUrl of `payload-worker`, which each entry knows
 * @param workers number of threads; one for each core, up to 8, where left out */
export function createPayloadPool(options: { workerUrl: URL; workers?: number }): PayloadPool {
  const size = options.workers ?? Math.min(8, availableParallelism())
  const entries = new Map<number, Entry>()
  const memory = createLeafMemory(heldBytesLimit)
  let lastRunId = 0
  let isClosed = false

  const crew = createWorkerCrew(
    options.workerUrl,
    size,
    (message, from) => answered(message, from),
    (member, error) => died(member, error),
  )

  const answered = (message: FromWorker, from: CrewMember) => {
    const entry = entries.get(message.runId)
    if (message.type !== 'ended') from.busyWith--
    if (entry === undefined) return
    if (message.type === 'ended') entry.atWork.delete(from)
    else entry.atWork.set(from, (entry.atWork.get(from) ?? 1) - 1)
    if (message.type === 'leaf-done') {
      entry.run.done(message)
      entry.flush?.written(leafCiphertextBytes)
    }
    if (message.type !== 'leaf-done' && message.problem !== null)
      entry.run.stop(problemError(message.problem))
    pump()
  }

  const died = (member: CrewMember, error: Error) => {
    for (const { run, atWork } of entries.values()) if (atWork.delete(member)) run.stop(error)
    pump()
  }

  /** Gives leaves to members with room, runs in turn, and ends runs that are quiet. */
  const pump = () => {
    for (const entry of entries.values()) endIfQuiet(entry)
    if (isClosed || entries.size === 0) return
    for (let served = true; served;) {
      served = false
      for (const entry of entries.values()) {
        const member = leastBusy()
        if (member === null) return
        const leaf = entry.isEnding ? null : entry.run.take()
        if (leaf === null) continue
        post(entry, member, leaf)
        served = true
      }
    }
  }

  const leastBusy = (): CrewMember | null => {
    const [first, ...others] = crew.members()
    const least = others.reduce((best, one) => (one.busyWith < (best?.busyWith ?? 0) ? one : best), first)
    return least !== undefined && least.busyWith < leavesPerWorker ? least : null
  }

  const post = (entry: Entry, member: CrewMember, leaf: NonNullable<ReturnType<ActiveRun['take']>>) => {
    const known = entry.atWork.get(member)
    if (known === undefined) member.post({ type: 'begin', spec: entry.spec })
    entry.atWork.set(member, (known ?? 0) + 1)
    member.busyWith++
    member.post({ type: 'leaf', runId: entry.spec.runId, ...leaf })
  }

  const endIfQuiet = (entry: Entry) => {
    const isQuiet = entry.run.isQuiet() && [...entry.atWork.values()].every((leaves) => leaves === 0)
    if (isQuiet && !entry.isEnding) {
      entry.isEnding = true
      for (const member of entry.atWork.keys()) member.post({ type: 'end', runId: entry.spec.runId })
    }
    if (!entry.isEnding || entry.atWork.size > 0) return
    entries.delete(entry.spec.runId)
    entry.run.giveBackMemory()
    entry.settle()
  }

  const start = async (operation: RunSpec['operation'], run: AnyRun): Promise<PayloadResult> => {
    if (isClosed) throw new Error('the payload pool is closed')
    run.signal?.throwIfAborted()
    const runId = ++lastRunId
    const spec = runSpec(runId, operation, run)
    const sink = run.sink ?? { kind: 'nowhere' }
    const perLeaf = (run.source.kind === 'reader' ? 1 : 0) + (sink.kind === 'receive' ? 1 : 0)
    const window = Math.floor(heldBytesLimit / Math.max(1, perLeaf) / leafCiphertextBytes)
    const wanted = 'leavesInMemory' in run ? run.leavesInMemory : undefined
    const active = createActiveRun({
      spec,
      source: run.source,
      sink,
      leaves: run.leaves,
      onLeaf: run.onLeaf,
      window: Math.max(1, Math.min(size * leavesPerWorker, window, wanted ?? window)),
      memory,
      changed: () => pump(),
    })
    const abort = () => {
      active.stop(run.signal?.reason)
      pump()
    }
    run.signal?.addEventListener('abort', abort, { once: true })
    const flush =
      spec.sink.kind === 'file' && !spec.sink.isDirect
        ? createEarlyFlush(spec.sink.path, (error) => active.stop(error))
        : null
    const report = run.onProgress
    const timer = report && setInterval(() => report(doneBytes(spec.control)), progressIntervalMs)
    try {
      crew.keepAlive(true)
      await new Promise<void>((settle) => {
        entries.set(runId, { run: active, spec, flush, atWork: new Map(), isEnding: false, settle })
        pump()
      })
      await flush?.close()
      const result = active.result()
      report?.(doneBytes(spec.control))
      return result
    } finally {
      clearInterval(timer)
      run.signal?.removeEventListener('abort', abort)
      keyOf(spec.control).fill(0)
      if (entries.size === 0) crew.keepAlive(false)
    }
  }

  return {
    encrypt: (run) => start('encrypt', run),
    decrypt: (run) => start('decrypt', run),
    digest: (run) => start('digest', run),
    close: async () => {
      isClosed = true
      for (const { run } of entries.values()) run.stop(new Error('the payload pool was closed'))
      await crew.close()
      for (const entry of entries.values()) entry.settle()
      entries.clear()
    },
  }
}

function runSpec(runId: number, operation: RunSpec['operation'], run: AnyRun): RunSpec {
  const plaintextBytes = 'plaintextBytes' in run ? run.plaintextBytes : plaintextSizeBytes(run.payloadBytes)
  const pinnedLeafDigests = run.pinnedLeafDigests ?? null
  if (pinnedLeafDigests !== null && pinnedLeafDigests.length !== leafCount(plaintextBytes) * leafDigestBytes)
    fail({ code: 'verify/altered', name: run.name })
  const key = 'fileKey' in run ? payloadKey(run.fileKey, run.payloadNonce) : null
  const control = createRunControl(key)
  key?.fill(0)
  return {
    runId,
    operation,
    control,
    plaintextBytes,
    segments: run.source.kind === 'segments' ? run.source.segments : null,
    sink: sinkOfWorker(run.sink ?? { kind: 'nowhere' }),
    digests: run.digests ?? true,
    tags: 'tags' in run && run.tags === true,
    pinnedLeafDigests,
    name: run.name,
    pace:
      run.bytesPerSecond === undefined
        ? null
        : { startedAtMs: Date.now(), bytesPerSecond: run.bytesPerSecond },
  }
}

function sinkOfWorker(sink: PayloadSink): RunSpec['sink'] {
  if (sink.kind === 'file') return { ...sink, isDirect: canWriteDirectly(sink.path) }
  return sink.kind === 'receive' ? { kind: 'receive' } : sink
}
