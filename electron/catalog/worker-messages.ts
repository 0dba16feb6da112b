/** What the catalog's two threads say to each other. */
import { failureOf, WeightlockError, type Failure } from '../../shared/failure.ts'
import type { ChangedPart } from './catalog.ts'

export type CatalogWorkerData = { path: string; machineId: string }

export type ToWorker = { id: number; name: string; request: unknown[] } | 'close'

/** An exception as it crosses: an expected failure, or a bug with its stack. */
export type Thrown = { failure: Failure } | { name: string; message: string; stack: string }

export type FromWorker =
  | { opened: true }
  | { opened: false; thrown: Thrown }
  | { id: number; ok: true; value: unknown; changed: ChangedPart[] }
  | { id: number; ok: false; thrown: Thrown }

export function packed(error: unknown): Thrown {
  const failure = failureOf(error)
  if (failure) return { failure }
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: '' }
  return { name: error.name, message: error.message, stack: error.stack ?? '' }
}

export function unpacked(thrown: Thrown): Error {
  if ('failure' in thrown) return new WeightlockError(thrown.failure)
  const error = new Error(thrown.message)
  error.name = thrown.name
  if (thrown.stack !== '') error.stack = thrown.stack
  return error
}
