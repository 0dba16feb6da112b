/** What main and payload workers say to each other. */
import type { Failure } from '../../../shared/failure.ts'
import type { PayloadSink, SourceSegment } from './payload-run.ts'
import type { RunControl } from './run-control.ts'

/** Memory that all threads see: nothing of it is copied, moved, or counted anew in each. */
export type SharedBytes = Uint8Array<SharedArrayBuffer>

export type RunSpec = {
  runId: number
  operation: 'encrypt' | 'decrypt' | 'digest'
  control: RunControl
  plaintextBytes: number
  /** Null where main sends the bytes with each leaf. */
  segments: readonly SourceSegment[] | null
  /** `receive` where main sends a buffer with each leaf, to be filled and sent back. */
  sink:
    | Exclude<PayloadSink, { kind: 'file' | 'receive' }>
    | (Extract<PayloadSink, { kind: 'file' }> & { isDirect: boolean })
    | { kind: 'receive' }
  digests: boolean
  tags: boolean
  pinnedLeafDigests: Uint8Array | null
  name: string
  pace: { startedAtMs: number; bytesPerSecond: number } | null
}

export type ToWorker =
  | { type: 'begin'; spec: RunSpec }
  | {
      type: 'leaf'
      runId: number
      leaf: number
      input: SharedBytes | null
      output: SharedBytes | null
    }
  | { type: 'end'; runId: number }
  /** Ends the thread once it has done what was said before. */
  | { type: 'close' }

export type FromWorker =
  | {
      type: 'leaf-done'
      runId: number
      leaf: number
      digest: Uint8Array | null
      tags: Uint8Array | null
      /** Filled up to `outputBytes`. */
      output: SharedBytes | null
      outputBytes: number
    }
  | { type: 'leaf-stopped'; runId: number; leaf: number; problem: RunProblem | null }
  | { type: 'ended'; runId: number; problem: RunProblem | null }

/** An expected failure, or a bug. */
export type RunProblem = { failure: Failure } | { bug: { message: string; stack: string } }
