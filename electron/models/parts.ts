import type { Inside, ModelInspection, ModelKind, ModelSummary } from '../../shared/model-inspection.ts'
import type { Budget } from './bounds.ts'
import type { ByteReader } from './byte-reader.ts'

/** A file under inspection: its first bytes have been read. */
export interface Subject {
  readonly reader: ByteReader
  readonly fileName: string
  readonly budget: Budget
  /** The first 64 KiB, or all there is. */
  readonly head: Uint8Array
}

/** An inspection's answer, what is not said being absent. */
export function answer(
  kind: ModelKind,
  label: string,
  inside: Inside = { kind: 'none' },
  more: Partial<Pick<ModelSummary, 'framework' | 'warning' | 'malformed'>> = {},
): ModelInspection {
  return { summary: { kind, label, framework: null, warning: null, malformed: null, ...more }, inside }
}
