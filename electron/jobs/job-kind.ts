/** What a kind of job is: its specification, how it runs, how it is taken back. */
import type { z } from 'zod'
import type { Actor } from '../catalog/catalog.ts'
import type { JobKind, JobParts, JobPhase } from '../../shared/job.ts'
import type { ArtifactId, JobId, KeyId, StoreId } from '../../shared/ids.ts'

/** A journaled step of an earlier attempt or of this one. */
export type JobStep = { step: string; facts: Record<string, unknown>; at: number }

export type JobOutcome = {
  /** One line for the history: `Stored and verified`. */
  outcome: string
  /** Findings, one line each. */
  report?: string[]
  /** What of it did not verify; the job then ends as failed with `verify/not-verified`. */
  failure?: import('../../shared/failure.ts').Failure
}

export type JobContext = {
  jobId: JobId
  /** Aborted by pause, cancel and quit. */
  signal: AbortSignal
  /** Cheap; patches leave at most ten a second. */
  report: (phase: JobPhase, doneBytes: number, totalBytes: number, parts?: JobParts) => void
  /** What the catalog knows of the job (its target, its artifact) changed: it is shown anew. */
  shown: () => Promise<void>
  /** Commits a step durably before what it announces happens. */
  journal: (step: string, facts?: Record<string, unknown>) => Promise<void>
  steps: () => Promise<JobStep[]>
  /** Runs what journals a step inside a larger transaction, between the same two checkpoints. */
  checkpoint: <T>(step: string, commit: () => Promise<T>) => Promise<T>
  /** Waits for another job, if it is at work now. @returns whether there was anything to wait for */
  waitFor: (jobId: JobId) => Promise<boolean>
  /** Who started it. */
  by: Actor
  /** Standard output of the terminal that asked, or null. */
  output: ((bytes: Uint8Array) => Promise<void>) | null
}

export type JobDescription = {
  title: string
  target: string
  artifactId: ArtifactId | null
  keyId: KeyId | null
  totalBytes: number
}

export type JobKindDefinition<Spec> = {
  kind: JobKind
  spec: z.ZodType<Spec>
  describe: (spec: Spec) => JobDescription
  /** Runs from the beginning or from what the journal says. Pausing aborts the signal; running again resumes. */
  run: (spec: Spec, context: JobContext) => Promise<JobOutcome>
  /** Takes back what the job left, after a cancel or before a failed job is dismissed.
   * @returns an outcome if it turned out that the job had finished after all; one with a failure if it cannot be taken
   * back: the job stays failed and open, and only its retry leads on
   * @throws WeightlockError when it cannot be known: the job is then unresolved, and keys are kept */
  undo: (spec: Spec, context: JobContext) => Promise<JobOutcome | null>
  /** Takes away what must not lie about while it stands still (failed, paused); the rest is kept for a retry. */
  settle?: (spec: Spec, context: JobContext) => Promise<void>
  /** What is safe when it failed, in one sentence. */
  safe: (spec: Spec) => string
  canPause: boolean
  /** The stores that it talks to, in a network or not. None where it is not said. */
  stores?: (spec: Spec) => Promise<readonly StoreId[]>
  /** False where what the job needs is gone once it has ended: a terminal, a key that was typed. */
  canRunAgain?: (spec: Spec) => boolean
  canReveal: (spec: Spec) => string | null
}

/** A kind whose specification is still what the journal holds: each call parses it first. */
export type AnyJobKind = {
  kind: JobKind
  canPause: boolean
  stores: (spec: unknown) => Promise<readonly StoreId[]>
  describe: (spec: unknown) => JobDescription
  run: (spec: unknown, context: JobContext) => Promise<JobOutcome>
  undo: (spec: unknown, context: JobContext) => Promise<JobOutcome | null>
  settle: (spec: unknown, context: JobContext) => Promise<void>
  safe: (spec: unknown) => string
  canRunAgain: (spec: unknown) => boolean
  canReveal: (spec: unknown) => string | null
}

/** Puts a kind's own schema before each of its functions. */
export const withParsedSpec = <Spec>(definition: JobKindDefinition<Spec>): AnyJobKind => {
  const { kind, canPause, spec: schema } = definition
  return {
    kind,
    canPause,
    stores: async (spec) => definition.stores?.(schema.parse(spec)) ?? [],
    describe: (spec) => definition.describe(schema.parse(spec)),
    run: (spec, context) => definition.run(schema.parse(spec), context),
    undo: (spec, context) => definition.undo(schema.parse(spec), context),
    settle: async (spec, context) => definition.settle?.(schema.parse(spec), context),
    safe: (spec) => definition.safe(schema.parse(spec)),
    canRunAgain: (spec) => definition.canRunAgain?.(schema.parse(spec)) ?? true,
    canReveal: (spec) => definition.canReveal(schema.parse(spec)),
  }
}
