import type { Inside, MetadataEntry, TensorInfo } from '../../shared/model-inspection.ts'
import { printable } from './printable.ts'

export type TensorsInside = Extract<Inside, { kind: 'tensors' }>

const tensorsListed = 20_000
const metadataListed = 512
const shapeListed = 32

/** Collects the tensors of a file: lists the first 20,000, counts all. */
export interface TensorTable {
  add(name: string, dtype: string, shape: readonly number[], sizeBytes: number | null): void
  addMetadata(key: string, value: string): void
  finish(format: TensorsInside['format']): TensorsInside
}

/** The product of a shape, at most 2^53 − 1: what is more than that is a lie, but no crash. */
export function elementsOf(shape: readonly number[]): number {
  let product = 1
  for (const extent of shape) product *= extent
  return Math.min(product, Number.MAX_SAFE_INTEGER)
}

export function createTensorTable(): TensorTable {
  const tensors: TensorInfo[] = []
  const metadata: MetadataEntry[] = []
  let tensorCount = 0
  let parameterCount = 0
  return {
    add(name, dtype, shape, sizeBytes) {
      tensorCount++
      parameterCount = Math.min(parameterCount + elementsOf(shape), Number.MAX_SAFE_INTEGER)
      if (tensors.length >= tensorsListed) return
      tensors.push({
        name: printable(name),
        dtype: printable(dtype, 40),
        shape: shape.slice(0, shapeListed),
        sizeBytes,
      })
    },
    addMetadata(key, value) {
      if (metadata.length < metadataListed)
        metadata.push({ key: printable(key), value: printable(value, 2000) })
    },
    finish: (format) => ({
      kind: 'tensors',
      format,
      tensors,
      tensorCount,
      truncatedAt: tensorCount > tensors.length ? tensors.length : null,
      metadata,
      parameterCount,
      pickle: null,
    }),
  }
}
